//go:build js && wasm

package browser

// pageID marks the element of the prerendered page, as the server wrote it
// (internal/httpd/page.go).
const pageID = "overtime-page"

// PutPageFirst makes the prerendered page the first element of the body, which
// is the one that go-app takes over when it starts. An extension may have put
// something of its own in front; it goes to the end. Call it right before.
func PutPageFirst() {
	body, err := get(document(), "body")
	root, found := element(pageID)
	if err != nil || !found {
		return
	}
	if !root.Get("parentElement").Equal(body) { // in something else's element now
		_, _ = call(body, "prepend", root)
		return
	}
	for {
		first := body.Get("firstElementChild")
		if first.Equal(root) {
			return
		}
		if _, err := call(body, "append", first); err != nil {
			return
		}
	}
}
