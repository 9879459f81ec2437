package app

import "testing"

func page(name string) func() Composer { return func() Composer { return name } }

func TestRoutes(t *testing.T) {
	RouteFunc("/", page("home"))
	RouteWithRegexpFunc(`^/r/[A-Za-z0-9_-]+$`, page("room"))
	for path, want := range map[string]Composer{
		"/":             "home",
		"/r/x":          "room",
		"/r/Az-09_":     "room",
		"/r/":           nil,
		"/r/a/b":        nil,
		"/r/ä":          nil,
		"/x/r/a":        nil,
		"/unknown":      nil,
		"/r/a\n":        nil,
		"/embed/a":      nil,
		"/r/a?b":        nil,
		"/r/a%20b":      nil,
		"/r/kA_-Zz9/":   nil,
		"":              nil,
		"/r":            nil,
		"/R/a":          nil,
		"//r/a":         nil,
		"/r//a":         nil,
		"/r/constancy9": "room",
	} {
		if got, ok := routes.createComponent(path); got != want || ok != (want != nil) {
			t.Errorf("%q: got %v %t, want %v", path, got, ok, want)
		}
	}
	RouteWithRegexpFunc("", page("not found"))
	if got, _ := routes.createComponent("/unknown"); got != "not found" {
		t.Errorf("the pattern for every path: got %v", got)
	}
	if got, _ := routes.createComponent("/r/x"); got != "room" {
		t.Errorf("routes in their order: got %v", got)
	}
}

func TestPatternsThatAreNotKnownStopTheProgram(t *testing.T) {
	for _, pattern := range []string{"^/r/.*$", "/r/[A-Za-z0-9_-]+$", "^/(r|s)/[A-Za-z0-9_-]+$", "^/r/[a-z]+$", "^/r/[A-Za-z0-9_-]+"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", pattern)
				}
			}()
			RouteWithRegexpFunc(pattern, page(""))
		}()
	}
}
