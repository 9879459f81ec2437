package archtest

import (
	"strings"
	"testing"
	"testing/fstest"

	"overtime/internal/words"
)

// house makes sources of fabricated files.
func house(t *testing.T, files map[string]string) []source {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sources, err := load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// TestChecksCanFail gives every check a file that breaks its rule, and one
// beside it that does not.
func TestChecksCanFail(t *testing.T) {
	layersOf := func(s []source) []violation { return checkLayers(s, layers) }
	ownersOf := func(s []source) []violation { return checkOwners(s, owners) }
	strangersOf := func(s []source) []violation { return checkStrangers(s, strangers) }
	clocksOf := func(s []source) []violation { return checkClocks(s, clockless) }
	sentencesOf := func(s []source) []violation {
		return checkSentences(s, map[words.Key]string{"room.leave": "Leave", "room.by": "{by} left {n, plural, other {#}}"}, []string{"room.leave", "room.by"})
	}
	requestsOf := func(s []source) []violation { return checkRequests(s, inBrowser) }
	long := func(lines int) string { return "package p\n" + strings.Repeat("\n", lines) }
	for _, c := range []struct {
		name      string
		check     func([]source) []violation
		bad, good string // path, then text
	}{
		{"the rules import a library", layersOf, "internal/meeting/a.go package meeting; import _ \"example.org/x\"", "internal/meeting/a.go package meeting; import _ \"time\""},
		{"the rules import us", layersOf, "internal/meeting/a.go package meeting; import _ \"overtime/internal/protocol\"", "internal/protocol/a.go package protocol; import _ \"overtime/internal/meeting\""},
		{"the media imports us", layersOf, "internal/sfu/a.go package sfu; import _ \"overtime/internal/meeting\"", "internal/sfu/a.go package sfu; import _ \"github.com/pion/webrtc/v3\""},
		{"a page imports rooms", layersOf, "components/room/a.go package room; import _ \"overtime/internal/rooms\"", "components/room/a.go package room; import _ \"overtime/components/ui\""},
		{"a name that begins alike", layersOf, "components/room/a.go package room; import _ \"overtime/internal/clientele\"", "components/room/a.go package room; import _ \"overtime/internal/client\""},
		{"an example imports us", layersOf, "examples/portal/a.go package main; import _ \"overtime/internal/protocol\"", "examples/portal/a.go package main; import _ \"net/http\""},
		{"an example imports a library", layersOf, "examples/portal/a.go package main; import _ \"example.org/x\"", "examples/portal/a.go package main; import _ \"embed\""},
		{"the session imports the browser", layersOf, "internal/client/a.go package client; import _ \"overtime/internal/browser\"", "internal/client/a_test.go package client; import _ \"overtime/internal/browser\""},
		{"a page imports syscall/js", ownersOf, "components/room/a.go package room; import _ \"syscall/js\"", "internal/browser/a.go package browser; import _ \"syscall/js\""},
		{"constraints hide nothing", ownersOf, "internal/client/a_js.go //go:build js\n\npackage client; import _ \"syscall/js\"", "internal/browser/a.go //go:build js\n\npackage browser; import _ \"syscall/js\""},
		{"the edge imports pion", ownersOf, "internal/edge/a.go package edge; import _ \"github.com/pion/rtp\"", "internal/sfu/a.go package sfu; import _ \"github.com/pion/rtp\""},
		{"the store imports pages", ownersOf, "internal/store/a.go package store; import _ \"overtime/components\"", "internal/node/a.go package node; import _ \"overtime/components\""},
		{"the edge imports rooms", strangersOf, "internal/edge/a.go package edge; import _ \"overtime/internal/rooms\"", "internal/edge/a.go package edge; import _ \"overtime/internal/bus\""},
		{"rooms import the edge", strangersOf, "internal/rooms/a.go package rooms; import _ \"overtime/internal/edge\"", "server.go package main; import _ \"overtime/internal/edge\""},
		{"the rules read the clock", clocksOf, "internal/meeting/a.go package meeting; import \"time\"; var x = time.Now()", "internal/meeting/a.go package meeting; import \"time\"; var x = time.Unix(0, 0)"},
		{"a test sleeps", checkSleeps, "internal/sfu/a_test.go package sfu; import \"time\"; func f() { time.Sleep(1) }", "internal/sfu/a_test.go package sfu; import (\"time\"; _ \"testing/synctest\"); func f() { time.Sleep(1) }"},
		{"a test skips", checkSkips, "internal/sfu/a_test.go package sfu; import \"testing\"; func f(t *testing.T) { t.Skipf(\"\") }", "internal/sfu/a_test.go package sfu; import \"testing\"; func f(t *testing.T) { t.Fatalf(\"\") }"},
		{"a page makes requests", requestsOf, "components/a.go package components; import \"net/http\"; var x = http.DefaultClient", "components/a_test.go package components; import \"net/http\"; var x = http.DefaultClient"},
		{"a page disables a button", checkGates, "components/room/a.go package room; var x = app.Button().Disabled(true)", "components/ui/gate.go package ui; var x = app.Button().Disabled(true)"},
		{"a page gives a button its id", checkGates, "components/room/a.go package room; var x = app.Button().Type(\"button\").DataSet(\"testid\", id)", "components/room/a.go package room; var x = app.Div().DataSet(\"testid\", id)"},
		{"a page writes a style", checkStyles, "components/room/a.go package room; var x = app.Div().Style(\"left\", \"1px\")", "components/room/a.go package room; var x = app.Div().Class(\"left\")"},
		{"a key that is not there", sentencesOf, "components/room/a.go package room; var x = w.Say(\"room.laeve\")", "components/room/a.go package room; var x = w.Say(\"room.leave\")"},
		{"a key in a table that is not there", sentencesOf, "components/room/a.go package room; var x = []words.Key{\"room.laeve\"}", "components/room/a.go package room; var x = []words.Key{\"room.leave\"}"},
		{"a key in a table that asks for something", checkFirst(sentencesOf), "components/room/a.go package room; var x = []words.Key{\"room.by\"}", "components/room/a.go package room; var x = w.Say(\"room.by\", words.Text(\"by\", x), words.Count(\"n\", 1))"},
		{"a sentence without what it asks for", sentencesOf, "components/room/a.go package room; var x = w.Say(\"room.by\", words.Count(\"n\", 1))", "components/room/a.go package room; var x = w.Parts(\"room.by\", words.Slot(\"by\"), words.Count(\"n\", 1))"},
		{"a sentence with more than it asks for", sentencesOf, "internal/embed/a.go package embed; var x = w.Say(\"room.leave\", words.Text(\"by\", x))", "internal/embed/a.go package embed; var x = w.Say(\"room.leave\")"},
		{"a plural of a text", sentencesOf, "components/a.go package components; var x = w.Say(\"room.by\", words.Text(\"by\", x), words.Text(\"n\", x))", "components/a_test.go package components; var x = w.Say(\"room.none\")"},
		{"arguments for whatever key", sentencesOf, "components/a.go package components; var x = w.Say(key, words.Text(\"by\", x))", "components/a.go package components; var x = w.Say(key)"},
		{"a sentence in a component", checkWritten, "components/room/a.go package room; const x = \"Nobody is here.\"", "components/room/a.go package room; const x = \".pill, #story\""},
		{"a word in a component", checkWritten, "components/room/a.go package room; var x = app.Button().Text(\"Leave\")", "components/room/a.go package room; var x = app.Button().Class(\"button quiet\").Text(w.Say(\"room.leave\"))"},
		{"a label in a component", checkWritten, "components/room/a.go package room; var x = app.Button().Aria(\"label\", \"Leave\")", "components/room/a.go package room; var x = app.Button().Aria(\"live\", \"polite\")"},
		{"a sentence that is joined", checkWritten, "components/room/a.go package room; var x = w.Say(\"room.leave\") + name", "components/room/a_test.go package room; var x = \"who \" + w.Say(\"room.leave\")"},
		{"a long file", checkLengths, "a.go " + long(400), "a.go " + long(399)},
		{"a long test", checkLengths, "a_test.go " + long(600), "a_test.go " + long(599)},
		{"a long program", checkLengths, "a.go package main\nfunc main() {}\n" + strings.Repeat("\n", 199), "a.go package main\n" + strings.Repeat("\n", 201)},
		{"a generated file", checkLengths, "a.go " + long(401), "a.go // Code generated by x. DO NOT EDIT.\n\n" + long(401)},
		{"no package comment", checkComments, "internal/x/a.go package x", "internal/x/a.go // Package x is.\npackage x"},
		{"many methods", checkTypes, "a.go package p\ntype T struct{}\n" + methods("(T)", 41), "a.go package p\ntype T struct{}\n" + methods("(t *T)", 40)},
		{"methods that are spelled as functions", checkTypes, "a.go package p\ntype T struct{}\n" + methods("(T)", 20) + functions("(t *T, n int)", 21), "a.go package p\ntype T struct{}\n" + methods("(T)", 20) + functions("(n int, t *T)", 21)},
		{"methods that are promoted", checkTypes, "a.go package p\ntype T struct{ *U }\ntype U struct{}\n" + methods("(T)", 20) + methods("(U)", 21), "a.go package p\ntype T struct{ u *U }\ntype U struct{}\n" + methods("(T)", 20) + methods("(U)", 21)},
		{"a large interface", checkTypes, "a.go package p\ntype T interface{ U\n" + strings.Repeat("F(); ", 21) + "}\ntype U interface{" + strings.Repeat("F(); ", 20) + "}", "a.go package p\ntype T interface{" + strings.Repeat("F(); ", 40) + "}"},
		{"a type of arguments", checkTypes, "a.go package p\ntype T[K any] struct{}\n" + methods("(*T[K])", 41), "a.go package p\ntype T[K any] struct{}\n" + functions("(m map[int]T[int])", 41)},
		{"a vague name", checkNames, "internal/util/a.go package util", "internal/sfu/a.go package sfu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, text, _ := strings.Cut(c.bad, " ")
			if found := c.check(house(t, map[string]string{path: text})); len(found) != 1 || found[0].reason == "" {
				t.Errorf("violated, found %v", found)
			}
			path, text, _ = strings.Cut(c.good, " ")
			if found := c.check(house(t, map[string]string{path: text})); len(found) != 0 {
				t.Errorf("kept, found %v", found)
			}
		})
	}
}

// checkFirst is a check that looks for one violation only.
func checkFirst(check func([]source) []violation) func([]source) []violation {
	return func(s []source) []violation {
		found := check(s)
		return found[:min(1, len(found))]
	}
}

// TestAKeyThatNobodySays is found, and not one that a file of package web has.
func TestAKeyThatNobodySays(t *testing.T) {
	catalogue := map[words.Key]string{"lost.title": "Lost", "room.leave": "Leave"}
	found := checkSentences(house(t, map[string]string{"components/a.go": "package components"}), catalogue, keysIn("<h1>{{lost.title}}</h1>"))
	if len(found) != 1 || !strings.Contains(found[0].what, "room.leave") {
		t.Errorf("found %v", found)
	}
}

func methods(of string, n int) string { return strings.Repeat("func "+of+" f() {}\n", n) }

func functions(of string, n int) string { return strings.Repeat("func f"+of+" {}\n", n) }

func TestTypesThatAreSpread(t *testing.T) {
	files := map[string]string{"d.go": "package p\ntype t struct{}", "e_test.go": "package p\n" + methods("(t)", 50)}
	for _, name := range []string{"1", "2", "3", "4"} {
		files[name+".go"] = "package p\n" + methods("(t)", 1)
	}
	if found := checkTypes(house(t, files)); len(found) != 0 {
		t.Errorf("four files: %v", found)
	}
	files["5.go"] = "package p\n" + functions("(*t)", 1)
	if found := checkTypes(house(t, files)); len(found) != 1 {
		t.Errorf("five files: %v", found)
	}
	for name, text := range files {
		files[name] = strings.NewReplacer("type t", "type T", "t)", "T)").Replace(text)
	}
	if found := checkTypes(house(t, files)); len(found) != 0 {
		t.Errorf("five files of a type that others see: %v", found)
	}
}

// TestPromotedAcrossPackages: a type is not made small by embedding one of
// another package of ours.
func TestPromotedAcrossPackages(t *testing.T) {
	files := map[string]string{
		"internal/a/a.go": "package a\nimport \"overtime/internal/b\"\ntype T struct{ b.U }\n" + methods("(T)", 20),
		"internal/b/b.go": "package b\ntype U struct{}\n" + methods("(U)", 21),
	}
	if found := checkTypes(house(t, files)); len(found) != 1 || found[0].where != "internal/a.T" {
		t.Errorf("found %v", found)
	}
}

func TestTwoCommentsAreOneTooMany(t *testing.T) {
	found := checkComments(house(t, map[string]string{"internal/x/a.go": "// Package x is.\npackage x", "internal/x/b.go": "// Package x is.\npackage x"}))
	if len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

func TestHeavyProgram(t *testing.T) {
	found := checkProgram([]string{"fmt", "overtime/internal/client", "github.com/pion/rtp", "overtime/internal/rooms"}, heavy)
	if len(found) != 2 {
		t.Errorf("found %v", found)
	}
}
