package protocol_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

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
		"MinutesText":         {`{"type":"session.extend","id":"4","data":{"minutes":"10"}}`, protocol.CodeBadMessage, "4"},
		"NotUTF8":             {"{\"type\":\"session.end\",\"data\":{\"reason\":\"\xff\"}}", protocol.CodeBadMessage, ""},
		"Deep":                {`{"type":"session.end","data":` + deep(20000) + `}`, protocol.CodeBadMessage, ""},
		"DeepInData":          {`{"type":"session.end","id":"4","data":{"reason":` + deep(9000) + `}}`, protocol.CodeBadMessage, "4"},
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

// FuzzDecodeClient: whatever is taken is written again without loss, and
// whatever is refused has a code and a reason.
func FuzzDecodeClient(f *testing.F) {
	for _, m := range clientExamples {
		f.Add(protocol.ClientFrame{ID: "7", Message: m}.Encode())
	}
	for _, text := range []string{
		"", "null", "[]", `{"type":"hello","TYPE":"session.end"}`, `{"type":"session.extend","data":{"window":"9999-12-31T23:59:59-23:59"}}`,
		`{"type":"session.extend","data":{"window":"0000-01-01T00:00:00+23:59","minutes":null}}`, strings.Repeat("[", 11000),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		frame, err := protocol.DecodeClient(text)
		if err != nil {
			var bad *protocol.DecodeError
			if !errors.As(err, &bad) || bad.Code == "" || bad.Message == "" {
				t.Fatalf("refused with %#v", err)
			}
			return
		}
		again, err := protocol.DecodeClient(frame.Encode())
		if err != nil {
			// Escapes may make a text longer than its limit.
			if len(frame.Encode()) > protocol.MaxFrame {
				return
			}
			t.Fatalf("%s is refused once encoded again: %v", text, err)
		}
		if !reflect.DeepEqual(again.Encode(), frame.Encode()) {
			t.Fatalf("%s became %s", frame.Encode(), again.Encode())
		}
	})
}
