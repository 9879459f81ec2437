// Package ended is the page after a meeting: why it is over, when, how long it
// took, who asked for more; and what can be done next. It also says why a tab
// cannot be in a meeting.
//
// It is called by components. It must not decide why something ended: it words
// what the client.View says.
package ended
