package words

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Key names a sentence. Where it stands comes first: home.create, room.leave.
type Key string

// Catalogue is the sentences in one language. It is never changed, so it may be
// shared. A nil Catalogue is the English one: a part of a page that was given
// none has words all the same.
type Catalogue struct {
	language string
	messages map[Key]string
}

//go:embed en.arb
var englishFile []byte

var english = sync.OnceValue(func() *Catalogue {
	c, err := Parse(englishFile)
	if err != nil {
		panic("words: en.arb: " + err.Error()) // every test would have said so
	}
	return c
})

// English is the catalogue that all others are translations of.
func English() *Catalogue { return english() }

// Parse reads an ARB file. What its keys with an @ say is for translators, but
// for the language, which is @@locale.
func Parse(file []byte) (*Catalogue, error) {
	var entries map[string]any
	if err := json.Unmarshal(file, &entries); err != nil {
		return nil, fmt.Errorf("reading a catalogue: %w", err)
	}
	language, _ := entries["@@locale"].(string)
	c := &Catalogue{language: language, messages: make(map[Key]string, len(entries))}
	for key, entry := range entries {
		if message, ok := entry.(string); ok && !strings.HasPrefix(key, "@") {
			c.messages[Key(key)] = message
		}
	}
	return c, nil
}

// Language is the language's tag, such as en, for the attribute lang.
func (c *Catalogue) Language() string { return c.given().language }

// Direction is ltr or rtl, for the attribute dir.
func (c *Catalogue) Direction() string {
	switch base, _, _ := strings.Cut(c.Language(), "-"); base {
	case "ar", "fa", "he", "ur":
		return "rtl"
	}
	return "ltr"
}

func (c *Catalogue) given() *Catalogue {
	if c == nil {
		return English()
	}
	return c
}

// Messages are all of them, unformatted. The map must not be written to.
func (c *Catalogue) Messages() map[Key]string { return c.given().messages }

// Say is a sentence with its arguments. A key without a message is said as it
// is; a test keeps that from happening.
func (c *Catalogue) Say(key Key, args ...Arg) string {
	parts := c.Parts(key, args...)
	text := ""
	for _, p := range parts { // one, unless there is a slot
		text += p.Text
	}
	return text
}

// Part is a piece of a sentence: a text, or the place of a Slot.
type Part struct{ Text, Slot string }

// Parts is a sentence in pieces, for one that has something in it that is drawn
// in a way of its own, such as a name in bold: a Slot for each of these.
func (c *Catalogue) Parts(key Key, args ...Arg) []Part {
	c = c.given()
	message, ok := c.messages[key]
	if !ok {
		message = string(key)
	}
	s := speech{args: args, language: c.language}
	s.say(message, "")
	return s.parts
}
