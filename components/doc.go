// Package components is everything a person sees: the home page, and the page
// of a meeting, which shows the lobby, the room or the ending as the session's
// View says. The pages are foldered by the product's words.
//
// It is called by both programs: the browser's, which gives it a session, and
// the server's, which prerenders. It must not know WebRTC, the wire, or
// syscall/js: it shows client.View and passes presses on as client.Intent.
package components
