package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// strict decodes exactly one JSON object into v, refusing unknown fields and
// what encoding/json forgives: keys that differ from a field's in case, keys
// that come twice (the last would win) and text that is not UTF-8. Programs
// that read the same frame differently are how a forbidden message slips past
// a check.
func strict(text []byte, v any) error {
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return errors.New("it must be a JSON object")
	}
	if !utf8.Valid(text) {
		return errors.New("it is not UTF-8")
	}
	if err := json.Unmarshal(text, v); err != nil {
		return err
	}
	// Unmarshal has bounded the depth, so that the walk may recurse.
	return exactKeys(json.NewDecoder(bytes.NewReader(text)), reflect.TypeOf(v))
}

// maxValues bounds what a frame holds, in JSON values: a screen full of pictures
// is some 400. Without it a frame of many tiny values costs a hundred times what
// a text of its size does.
const maxValues = 2000

// crowded reports whether a text holds more values than that, be it JSON or not:
// each but the first follows a comma or an opening bracket.
func crowded(text []byte) bool {
	values, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '[' || c == '{'):
			if values++; values > maxValues {
				return true
			}
		}
	}
	return false
}

// exactKeys walks one JSON value that is decoded into a t; nil is a type whose
// keys are free.
func exactKeys(d *json.Decoder, t reflect.Type) error {
	if t == reflect.TypeFor[json.RawMessage]() {
		return d.Decode(new(json.RawMessage)) // walked when it is decoded
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		err = exactObject(d, t)
	case json.Delim('['):
		for err == nil && d.More() {
			err = exactKeys(d, element(t))
		}
	default:
		return nil
	}
	if err == nil {
		_, err = d.Token() // the closing bracket
	}
	return err
}

func exactObject(d *json.Decoder, t reflect.Type) error {
	fields := fieldTypes(t)
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder has seen that keys are strings
		child, known := fields[key]
		switch {
		case seen[key]:
			return fmt.Errorf("field %.60q comes twice", key)
		case fields != nil && !known:
			return fmt.Errorf("unknown field %.60q", key)
		case fields == nil:
			child = element(t)
		}
		seen[key] = true
		if err := exactKeys(d, child); err != nil {
			return err
		}
	}
	return nil
}

// fieldTypes are the fields of the struct that t is or points to, by their
// names on the wire; nil for anything else.
func fieldTypes(t reflect.Type) map[string]reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	fields := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields[name] = f.Type
	}
	return fields
}

// element is the type of what a slice or map holds, nil if its keys are free.
func element(t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return t.Elem()
	}
	return nil
}

// reason is a decoding error in words that name no internals.
func reason(err error) string {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		return fmt.Sprintf("field %.60q cannot be a %.40s", typ.Field, typ.Value) // which holds the whole of a number
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("not JSON at byte %d", syntax.Offset)
	}
	text := err.Error()
	if len(text) > 120 {
		text = text[:120]
	}
	return text
}
