package api

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// strictJSON reads bodies that can be read in one way only: encoding/json takes
// the last of two members of one name, and puts a replacement for what is no
// UTF-8, so that what a portal's own checks have seen may not be what is done.
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}

// readJSON reads a body twice, as the library asks for it: first into an any,
// which it holds against the schema, then into what the operation takes.
func readJSON(text []byte, into any) error {
	var how []json.Options
	if _, raw := into.(*any); !raw {
		how = append(how, json.WithUnmarshalers(json.JoinUnmarshalers(
			json.UnmarshalFromFunc(notNull), json.UnmarshalFromFunc(wholeNumber),
		)))
	}
	return inCallersWords(json.Unmarshal(text, into, how...), text)
}

var errNull = errors.New("null")

// notNull refuses null for whatever does not take it: the library lets it pass
// for all that may be left out.
func notNull(from *jsontext.Decoder, to any) error {
	if _, takesNull := to.(*latestEnd); takesNull || from.PeekKind() != 'n' {
		return json.SkipFunc
	}
	return errNull
}

// wholeNumber takes a whole number however it is written, such as 30.0 and 3e1.
func wholeNumber(from *jsontext.Decoder, to *int) error {
	if from.PeekKind() != '0' {
		return json.SkipFunc
	}
	token, err := from.ReadToken()
	if err != nil {
		return err
	}
	f, err := strconv.ParseFloat(token.String(), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return strconv.ErrRange
	}
	*to = int(f)
	return nil
}

// inCallersWords is what is wrong with a body, for people who know none of our
// types.
func inCallersWords(err error, text []byte) error {
	var unlike *json.SemanticError
	var broken *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unlike):
		return fmt.Errorf("%s %s", fieldAt(unlike.JSONPointer), shouldBe(unlike))
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &broken):
		return fmt.Errorf("%s is there twice; write it once", fieldAt(broken.JSONPointer))
	case !utf8.Valid(text):
		return errors.New("the body is not UTF-8; encode it as that")
	case errors.As(err, &broken) && strings.Contains(broken.Error(), "surrogate"):
		return fmt.Errorf("there is half of a character at byte %d (\\ud800 to \\udfff without its other half); write whole ones", broken.ByteOffset)
	case errors.As(err, &broken):
		return fmt.Errorf("the body is no JSON: it goes wrong after byte %d", broken.ByteOffset)
	}
	return errors.New("the body is no JSON: it ends before its time")
}

// shouldBe is the end of a sentence that begins with a field.
func shouldBe(e *json.SemanticError) string {
	instants := []reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[latestEnd]()}
	switch {
	case errors.Is(e, errNull):
		return "is null; leave it out, or give it a value"
	case e.GoType == nil:
		return "is not as described"
	case e.GoType == instants[0], e.GoType == instants[1]:
		return "is no instant; write it as RFC 3339, such as 2026-03-04T15:00:00Z"
	case e.GoType.Kind() == reflect.Int:
		return "is no whole number of a size that can be meant"
	}
	return "is not as described"
}

// fieldAt is a JSON pointer as people write it.
func fieldAt(at jsontext.Pointer) string {
	var names []string
	for name := range at.Tokens() {
		names = append(names, name)
	}
	if len(names) == 0 {
		return "the body"
	}
	return strings.Join(names, ".")
}
