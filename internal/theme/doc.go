// Package theme turns what a portal chooses about an embedded meeting's look, a
// handful of values, into the custom properties of web/styles, and says in
// words what it does not take and why. What it gives can be read by everybody:
// contrast is checked by WCAG's formula, never assumed.
//
// It is called by the page in a portal's frame, in the browser, with texts from
// another page: nothing of them comes out that could leave a declaration. It
// must stay small, and know neither the browser nor go-app.
package theme
