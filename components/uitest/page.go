package uitest

import (
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"
)

// Page is a mounted component.
type Page struct {
	t    testing.TB
	root app.Composer
	d    app.ClientDispatcher
}

// Mount shows c until the test ends.
func Mount(t testing.TB, c app.Composer) *Page {
	t.Helper()
	p := &Page{t: t, root: c, d: app.NewClientTester(c)}
	t.Cleanup(p.d.Close)
	p.Settle()
	return p
}

// Settle lets everything that is due happen. One Consume is one frame, and what
// a frame dispatches waits for the next.
func (p *Page) Settle() {
	for range 4 {
		p.d.Consume()
	}
}

// Do runs f as a handler of c, then settles.
func (p *Page) Do(c app.Composer, f func(app.Context)) {
	p.d.Dispatch(app.Dispatch{Mode: app.Update, Source: c, Function: f})
	p.Settle()
}

// Dispatcher is go-app's own, for navigations.
func (p *Page) Dispatcher() app.ClientDispatcher { return p.d }

// Event is an event that carries nothing.
func Event() app.Event { return app.Event{Value: app.Null()} }

// HTML is what is drawn now.
func (p *Page) HTML() string { return app.HTMLString(p.root) }

// Find is the element with a data-testid; nil if there is none that is shown.
func (p *Page) Find(id string) *Node { return Parse(p.t, p.HTML()).Find(id) }

// Must is Find of an element that has to be there.
func (p *Page) Must(id string) *Node {
	p.t.Helper()
	n := p.Find(id)
	if n == nil {
		p.t.Fatalf("nothing is shown with data-testid %q", id)
	}
	return n
}

// Class is the first shown element with a class; nil if there is none.
func (p *Page) Class(class string) *Node {
	return Parse(p.t, p.HTML()).find(func(n *html.Node) bool {
		return contains(strings.Fields(attr(n, "class")), class)
	})
}

// Text is all the text that is shown.
func (p *Page) Text() string { return Parse(p.t, p.HTML()).Text() }

// Node is an element of the page.
type Node struct{ n *html.Node }

// Parse reads HTML that go-app wrote.
func Parse(t testing.TB, text string) *Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("parsing the page: %v", err)
	}
	return &Node{n}
}

// Find is the element with a data-testid; nil if there is none that is shown.
func (n *Node) Find(id string) *Node {
	return n.find(func(h *html.Node) bool { return attr(h, "data-testid") == id })
}

// All are the ids of everything shown that has one.
func (n *Node) All() []string {
	var ids []string
	n.find(func(h *html.Node) bool {
		if id := attr(h, "data-testid"); id != "" {
			ids = append(ids, id)
		}
		return false
	})
	return ids
}

func (n *Node) find(match func(*html.Node) bool) *Node {
	if hidden(n.n) {
		return nil
	}
	if n.n.Type == html.ElementNode && match(n.n) {
		return n
	}
	for c := n.n.FirstChild; c != nil; c = c.NextSibling {
		if found := (&Node{c}).find(match); found != nil {
			return found
		}
	}
	return nil
}

// Text is the text that is shown in the element.
func (n *Node) Text() string {
	if hidden(n.n) {
		return ""
	}
	if n.n.Type == html.TextNode {
		return strings.Trim(n.n.Data, "\n") // go-app breaks lines between elements
	}
	var b strings.Builder
	for c := n.n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString((&Node{c}).Text())
	}
	return b.String()
}

// Attr is an attribute, empty if it is not there.
func (n *Node) Attr(name string) string { return attr(n.n, name) }

// Has reports whether the element has the attribute.
func (n *Node) Has(name string) bool {
	for _, a := range n.n.Attr {
		if a.Key == name && a.Val != "false" {
			return true
		}
	}
	return false
}

func hidden(n *html.Node) bool { return contains(strings.Fields(attr(n, "class")), "absent") }

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}

// Nodes are all shown elements with a data-testid, in the order of the page.
func (n *Node) Nodes(id string) []*Node {
	var all []*Node
	n.find(func(h *html.Node) bool {
		if attr(h, "data-testid") == id {
			all = append(all, &Node{h})
		}
		return false
	})
	return all
}
