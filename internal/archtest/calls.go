package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

// clocks are the functions of package time that read the clock or wait for it.
var clocks = []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}

// clockless are the packages that must not.
var clockless = []string{"overtime/internal/meeting", "overtime/internal/protocol", "overtime/internal/room"}

// checkClocks finds pure packages that read a clock.
func checkClocks(sources []source, pkgs []string) []violation {
	return findCalls(sources, func(s source, on, name string) string {
		if s.isTest() || !withinAny(s.pkg(), pkgs) || on != "time" || !slices.Contains(clocks, name) {
			return ""
		}
		return "time comes in as an argument, so that a rule gives the same answer on every retry and in every test"
	})
}

// checkSleeps finds tests that wait for a real clock. In a bubble of
// testing/synctest no real time passes, so files that use one may sleep.
func checkSleeps(sources []source) []violation {
	return findCalls(sources, func(s source, on, name string) string {
		if !s.isTest() || on != "time" || name != "Sleep" || slices.Contains(s.imports(), "testing/synctest") {
			return ""
		}
		return "a test that sleeps is slow on a good day and wrong on a bad one: wait for what is to happen, or use testing/synctest"
	})
}

// checkSkips finds tests that leave themselves out. In a property test, Skip of
// a rapid.T drops one random case, so files with property tests may.
func checkSkips(sources []source) []violation {
	return findCalls(sources, func(s source, on, name string) string {
		receivers := []string{"t", "b", "f", "tb"}
		if !s.isTest() || !slices.Contains(receivers, on) || !strings.HasPrefix(name, "Skip") ||
			slices.Contains(s.imports(), "pgregory.net/rapid") {
			return ""
		}
		return "a test that cannot run must fail: a skipped one looks like a passed one"
	})
}

// findCalls gives every x.name in the sources to judge, which returns the
// reason why it must not be there, or nothing.
func findCalls(sources []source, judge func(s source, on, name string) string) []violation {
	var found []violation
	for _, s := range sources {
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			on, ok := selector.X.(*ast.Ident)
			if !ok {
				return true
			}
			if reason := judge(s, on.Name, selector.Sel.Name); reason != "" {
				found = append(found, violation{s.at(n.Pos()), "uses " + on.Name + "." + selector.Sel.Name, reason})
			}
			return true
		})
	}
	return found
}

// inBrowser are the packages that the browser program is made of.
var inBrowser = []string{"overtime/app", "overtime/components", "overtime/internal/browser", "overtime/internal/client", "overtime/internal/embed", "overtime/internal/theme", "overtime/internal/protocol"}

// checkRequests finds uses of net/http's client in the browser program.
func checkRequests(sources []source, pkgs []string) []violation {
	uses := []string{"Client", "DefaultClient", "Transport", "DefaultTransport", "Get", "Head", "Post", "PostForm"}
	return findCalls(sources, func(s source, on, name string) string {
		if s.isTest() || !withinAny(s.pkg(), pkgs) || on != "http" || !slices.Contains(uses, name) {
			return ""
		}
		return "net/http's client brings TLS and HTTP/2 into the browser program, a third of its weight: use client.Poster"
	})
}
