// Package room is the page of the meeting itself: the stage of tiles, the bar
// above with the clock, the bar below with the switches, and what slides over
// the stage: the extension banner, toasts, the session's story.
//
// It is called by components. It must not decide anything about the meeting:
// it shows a client.View and passes presses on as intents.
package room
