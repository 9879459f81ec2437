package invitation

import (
	"encoding/base64"
	"strings"
)

const (
	// signature is the length of a token's third part: 32 bytes of HS256, the
	// only algorithm that the server signs and checks with. An underscore behind
	// it, with which chats mark italics, could otherwise belong to it.
	signature = 43
	// maxText bounds what is searched for a token, in bytes: a token of the
	// longest kind (protocol.MaxToken), each of its bytes written as %25XX.
	maxText = 64 << 10
	// unwrappings is how often percent signs are undone: mail programs that
	// rewrite links encode what was encoded already.
	unwrappings = 3
)

// Token is the token in a text: three parts of base64url, of which the first
// two are JSON objects. What stands around it does not belong to it. Of a text
// that holds none it is what is left without spaces and punctuation at its
// ends, so that the server says what is the matter with it.
func Token(text string) string {
	text = unwrap(text)
	if token := find(text); token != "" {
		return token
	}
	return strings.TrimFunc(text, func(c rune) bool { return c > 0x7f || !inID(byte(c)) })
}

// find is the first token in a text, empty if there is none.
func find(text string) string {
	for _, run := range strings.FieldsFunc(text, func(c rune) bool { return c > 0x7f || !inToken(byte(c)) }) {
		parts := strings.Split(run, ".")
		for i := 0; i+2 < len(parts); i++ {
			if isObject(parts[i]) && isObject(parts[i+1]) && parts[i+2] != "" {
				last := parts[i+2]
				return parts[i] + "." + parts[i+1] + "." + last[:min(len(last), signature)]
			}
		}
	}
	return ""
}

// isObject reports whether a part begins as the base64url of a JSON object does.
func isObject(part string) bool {
	if len(part) < 4 {
		return false
	}
	first, err := base64.RawURLEncoding.DecodeString(part[:4])
	return err == nil && first[0] == '{'
}

// inToken reports whether a byte can be of a token.
func inToken(c byte) bool { return c == '.' || inID(c) }

// inID reports whether a byte can be of a room's id, or of one part of a token.
func inID(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// unwrap undoes percent signs as far as they mean something. Others stay: a
// link may end in one.
func unwrap(text string) string {
	text = text[:min(len(text), maxText)]
	for range unwrappings {
		once := unescape(text)
		if once == text {
			break
		}
		text = once
	}
	return text
}

func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			high, low := hex(text[i+1]), hex(text[i+2])
			if high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// hex is the value of a hexadecimal digit, negative if c is none.
func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
