package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Piece is a part of a text that somebody wrote: words, or a link.
type Piece struct {
	Text string
	Href string // empty: words
}

// schemes are the links that are made of what people write. Others, such as
// javascript:, stay words.
var schemes = []string{"https://", "http://", "mailto:"}

// Linked cuts a text into words and links. Together its pieces are the text as
// it was.
func Linked(text string) []Piece {
	var pieces []Piece
	words := 0 // words begin here
	for i := 0; i < len(text); {
		length := 0
		if i == 0 || !wordy(text[i-1]) {
			length = linkLength(text[i:])
		}
		if length == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		if words < i {
			pieces = append(pieces, Piece{Text: text[words:i]})
		}
		pieces = append(pieces, Piece{Text: text[i : i+length], Href: text[i : i+length]})
		i += length
		words = i
	}
	if words < len(text) {
		pieces = append(pieces, Piece{Text: text[words:]})
	}
	return pieces
}

// wordy reports whether a link cannot begin behind a character: it would be the
// middle of a word. Not every language has spaces between its words.
func wordy(before byte) bool {
	return before >= 'a' && before <= 'z' || before >= 'A' && before <= 'Z' || before >= '0' && before <= '9'
}

// linkLength is how long the link is that a text begins with; 0 if it begins with none.
func linkLength(text string) int {
	for _, scheme := range schemes {
		if len(text) <= len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
			continue
		}
		end := strings.IndexFunc(text, func(c rune) bool {
			return unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune("<>\"“”«»、。「」（）", c)
		})
		if end < 0 {
			end = len(text)
		}
		link := withoutEnd(text[:end])
		if len(link) <= len(scheme) || scheme == "mailto:" && !strings.Contains(link, "@") {
			return 0
		}
		return len(link)
	}
	return 0
}

// withoutEnd is a link without what ends the sentence around it. A parenthesis
// stays if it was opened within.
func withoutEnd(link string) string {
	for link != "" {
		last, size := utf8.DecodeLastRuneInString(link)
		switch {
		case strings.ContainsRune(".,;:!?'’…", last):
		case last == ')' && strings.Count(link, "(") < strings.Count(link, ")"):
		case last == ']' && strings.Count(link, "[") < strings.Count(link, "]"):
		default:
			return link
		}
		link = link[:len(link)-size]
	}
	return link
}
