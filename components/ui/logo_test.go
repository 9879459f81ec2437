package ui

import (
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/uitest"
)

func TestALogoThatCannotBeShownGivesWayToTheMark(t *testing.T) {
	l := &Logo{Address: "https://portal.example/logo.png"}
	p := uitest.Mount(t, l)
	if !strings.Contains(p.HTML(), `src="https://portal.example/logo.png"`) {
		t.Fatalf("no logo in %s", p.HTML())
	}
	p.Fail("img")
	if html := p.HTML(); strings.Contains(html, "<img") || !strings.Contains(html, `class="mark"`) {
		t.Errorf("after an error: %s", html)
	}
	p.Do(l, func(app.Context) { l.Address = "https://portal.example/other.png" })
	if !strings.Contains(p.HTML(), "other.png") {
		t.Errorf("another logo is not tried: %s", p.HTML())
	}
}

func TestALogoLeadsNowhere(t *testing.T) {
	for _, c := range []struct {
		page *brandPage
		link bool
	}{
		{&brandPage{}, true}, {&brandPage{Embedded: true}, false}, {&brandPage{Logo: "data:image/png,x"}, false},
	} {
		p := uitest.Mount(t, c.page)
		if got := strings.Contains(p.HTML(), `href="/"`); got != c.link {
			t.Errorf("with the logo %q, embedded: %v, the brand's link is %v", c.page.Logo, c.page.Embedded, got)
		}
	}
}

type brandPage struct {
	app.Compo

	Logo     string
	Embedded bool
}

func (b *brandPage) Render() app.UI { return app.Div().Body(Brand(b.Logo, b.Embedded)) }
