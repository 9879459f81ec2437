// Package embed lets the page that embeds a meeting see and steer it: what the
// page asks becomes requests of the session, what changes in the session's
// views becomes events. The words are those of web/embed/embed.d.ts, which is
// what portals are promised; web/embed/embed.js speaks them on the other side.
//
// It is called by components (the embedded page) and app. It must not know how
// messages travel, nor draw anything, nor decide what somebody may do: that is
// the server's.
package embed
