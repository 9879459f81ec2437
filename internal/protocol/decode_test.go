package protocol_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestDecodeRefuses is what no browser may send.
func TestDecodeRefuses(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, c := range map[string]struct {
		text string
		code protocol.Code
		id   string // that the answer must carry
	}{
		"Nothing":             {"", protocol.CodeBadMessage, ""},
		"NotJSON":             {"hello", protocol.CodeBadMessage, ""},
		"Half":                {`{"type":"hello`, protocol.CodeBadMessage, ""},
		"Null":                {"null", protocol.CodeBadMessage, ""},
		"Array":               {`[{"type":"clock.ask"}]`, protocol.CodeBadMessage, ""},
		"String":              {`"clock.ask"`, protocol.CodeBadMessage, ""},
		"Two":                 {`{"type":"clock.ask"}{"type":"session.end"}`, protocol.CodeBadMessage, ""},
		"Trailing":            {`{"type":"clock.ask"} x`, protocol.CodeBadMessage, ""},
		"TypeNumber":          {`{"type":7}`, protocol.CodeBadMessage, ""},
		"IDNumber":            {`{"type":"clock.ask","id":7}`, protocol.CodeBadMessage, ""},
		"IDLong":              {`{"type":"clock.ask","id":"` + strings.Repeat("x", 65) + `"}`, protocol.CodeBadMessage, ""},
		"EnvelopeUnknown":     {`{"type":"clock.ask","role":"moderator"}`, protocol.CodeBadMessage, ""},
		"EnvelopeOfServer":    {`{"type":"clock.ask","epoch":9}`, protocol.CodeBadMessage, ""},
		"EnvelopeTwice":       {`{"type":"clock.ask","type":"session.end"}`, protocol.CodeBadMessage, ""},
		"EnvelopeCase":        {`{"type":"clock.ask","TYPE":"session.end"}`, protocol.CodeBadMessage, ""},
		"EnvelopeCaseAlone":   {`{"Type":"clock.ask"}`, protocol.CodeBadMessage, ""},
		"EnvelopeFolded":      {`{"type":"clock.ask","data":{},"ıd":"1"}`, protocol.CodeBadMessage, ""},
		"EnvelopeEscaped":     {`{"type":"clock.ask","\u0074ype":"session.end"}`, protocol.CodeBadMessage, ""},
		"UnknownType":         {`{"type":"room.delete","id":"4"}`, protocol.CodeUnknownType, "4"},
		"TypeOfServer":        {`{"type":"welcome","id":"4"}`, protocol.CodeUnknownType, "4"},
		"TypeMissing":         {`{"id":"4"}`, protocol.CodeUnknownType, "4"},
		"DataArray":           {`{"type":"session.end","id":"4","data":[]}`, protocol.CodeBadMessage, "4"},
		"DataNull":            {`{"type":"session.end","id":"4","data":null}`, protocol.CodeBadMessage, "4"},
		"DataUnknown":         {`{"type":"session.end","id":"4","data":{"by":"p_1"}}`, protocol.CodeBadMessage, "4"},
		"DataTwice":           {`{"type":"session.end","id":"4","data":{"reason":"a","reason":"b"}}`, protocol.CodeBadMessage, "4"},
		"DataCase":            {`{"type":"session.end","id":"4","data":{"Reason":"a"}}`, protocol.CodeBadMessage, "4"},
		"DataKelvin":          {`{"type":"hello","id":"4","data":{"to` + "\u212a" + `en":"a"}}`, protocol.CodeBadMessage, "4"},
		"DataInside":          {`{"type":"media.show","id":"4","data":{"pictures":[{"Height":1}]}}`, protocol.CodeBadMessage, "4"},
		"DataInsideTwice":     {`{"type":"media.offer","id":"4","data":{"sdp":"","sources":{"0":"camera","0":"screen"}}}`, protocol.CodeBadMessage, "4"},
		"WrongTypeString":     {`{"type":"session.end","id":"4","data":{"reason":{}}}`, protocol.CodeBadMessage, "4"},
		"WrongTypeTime":       {`{"type":"session.extend","id":"4","data":{"window":"soon"}}`, protocol.CodeBadMessage, "4"},
		"WrongTypeTimeNumber": {`{"type":"session.extend","id":"4","data":{"window":12}}`, protocol.CodeBadMessage, "4"},
		"MinutesFraction":     {`{"type":"session.extend","id":"4","data":{"minutes":10.5}}`, protocol.CodeBadMessage, "4"},
		"MinutesHuge":         {`{"type":"session.extend","id":"4","data":{"minutes":1e99}}`, protocol.CodeBadMessage, "4"},
		"MinutesDigits":       {`{"type":"session.extend","id":"4","data":{"minutes":` + strings.Repeat("9", 60000) + `}}`, protocol.CodeBadMessage, "4"},
		"MinutesText":         {`{"type":"session.extend","id":"4","data":{"minutes":"10"}}`, protocol.CodeBadMessage, "4"},
		"NotUTF8":             {"{\"type\":\"session.end\",\"data\":{\"reason\":\"\xff\"}}", protocol.CodeBadMessage, ""},
		"Deep":                {`{"type":"session.end","data":` + deep(20000) + `}`, protocol.CodeBadMessage, ""},
		"DeepInData":          {`{"type":"session.end","id":"4","data":{"reason":` + deep(1900) + `}}`, protocol.CodeBadMessage, "4"},
		"DeeperInData":        {`{"type":"session.end","id":"4","data":{"reason":` + deep(9000) + `}}`, protocol.CodeBadMessage, ""},
		"Crowded":             {`{"type":"media.sending","id":"4","data":{"sources":[` + strings.Repeat(`"",`, 2000) + `""]}}`, protocol.CodeBadMessage, ""},
		"Large":               {`{"type":"session.end","id":"4","data":{"reason":"` + strings.Repeat("x", protocol.MaxFrame) + `"}}`, protocol.CodeBadMessage, "4"},
		"LargeOffer":          {`{"type":"media.offer","id":"4","data":{"sdp":"` + strings.Repeat("x", protocol.MaxOffer) + `"}}`, protocol.CodeBadMessage, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := protocol.DecodeClient([]byte(c.text))
			var bad *protocol.DecodeError
			if !errors.As(err, &bad) {
				t.Fatalf("got %+v, %v; want a DecodeError", f, err)
			}
			if bad.Code != c.code || bad.ID != c.id {
				t.Errorf("refused with %s for %q (%s), want %s for %q", bad.Code, bad.ID, bad.Message, c.code, c.id)
			}
			if bad.Message == "" || len(bad.Message) > 250 {
				t.Errorf("the reason is %d bytes: %.300s", len(bad.Message), bad.Message)
			}
		})
	}
}

// allPictures are camera and screen of everybody in the largest room.
func allPictures() (all []protocol.Picture) {
	for range meeting.MaxCapacity {
		for _, s := range []protocol.Source{protocol.Camera, protocol.Screen} {
			all = append(all, protocol.Picture{Participant: "p_7gk2mq4xw3ra", Source: s, Height: 360})
		}
	}
	return all
}

// TestDecodeTakes is what is unusual and right.
func TestDecodeTakes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want protocol.ClientMessage
	}{
		"NoData":   {`{"type":"session.leave"}`, protocol.Leave{}},
		"Spaces":   {" \r\n\t{ \"type\" : \"session.leave\" , \"data\" : { } } \n", protocol.Leave{}},
		"Escaped":  {`{"\u0074ype":"session.end","data":{"reason":"\u00e9"}}`, protocol.End{Reason: "é"}},
		"MapCases": {`{"type":"media.offer","data":{"sdp":"v","sources":{"a":"camera","A":"screen"}}}`, protocol.Offer{SDP: "v", Sources: map[string]protocol.Source{"a": "camera", "A": "screen"}}},
		"Commas":   {`{"type":"session.end","data":{"reason":"` + strings.Repeat(`,[{\"`, 4000) + `"}}`, protocol.End{Reason: strings.Repeat(`,[{"`, 4000)}},
		"AllPictures": {
			string(protocol.ClientFrame{Message: protocol.Show{Pictures: allPictures()}}.Encode()), protocol.Show{Pictures: allPictures()},
		},
		"LongOffer": {
			`{"type":"media.offer","data":{"sdp":"` + strings.Repeat("x", protocol.MaxFrame) + `"}}`,
			protocol.Offer{SDP: strings.Repeat("x", protocol.MaxFrame)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := protocol.DecodeClient([]byte(c.text))
			if err != nil || !reflect.DeepEqual(f.Message, c.want) {
				t.Errorf("got %.200v, %v", f.Message, err)
			}
		})
	}
}

// TestDecodeRelayedRefuses: a process of another version may relay what this one does
// not know.
func TestDecodeRelayedRefuses(t *testing.T) {
	for text, code := range map[string]protocol.Code{
		"hello":                               protocol.CodeBadMessage,
		`{"type":"room.delete","id":"4"}`:     protocol.CodeUnknownType,
		`{"type":"session.end","data":"now"}`: protocol.CodeBadMessage,
	} {
		var bad *protocol.DecodeError
		if f, err := protocol.DecodeRelayed([]byte(text)); !errors.As(err, &bad) || bad.Code != code {
			t.Errorf("%s: %+v, %v", text, f, err)
		}
	}
}
