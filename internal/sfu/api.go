package sfu

// Source is what a peer sends.
type Source string

// The four sources. Each peer sends at most one of each.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// audio reports whether s is sound.
func (s Source) audio() bool { return s == Microphone || s == ScreenAudio }

// valid reports whether s is one of the four.
func (s Source) valid() bool {
	return s == Microphone || s == Camera || s == Screen || s == ScreenAudio
}

// Offer is what a browser asks to be connected with.
type Offer struct {
	SDP     string
	Sources map[string]Source // mid of each send-only section: what the browser will send there
	// AudioSeats and VideoSeats are how many receive-only sections become seats, in their
	// order; others are answered as inactive. 0 is as many as an offer may have.
	AudioSeats, VideoSeats int
}

// Want is one picture that a peer shows.
type Want struct {
	Peer   string
	Source Source // Camera or Screen
	Height int    // in device pixels (CSS pixels times the ratio); 0: not shown
}

// Seat is one receive-only section of the browser's offer and who is in it.
type Seat struct {
	Mid    string
	Peer   string // "" is an empty seat
	Source Source // "" in an empty seat
}

// Seating is all seats of one peer, in the order of its offer.
type Seating struct {
	Audio, Video []Seat
}

// State is how a peer's connection is.
type State string

// The three states. A peer has none before it first connects. Failed is final for
// the browser's connection: only an offer, from it or from a new one, goes on.
const (
	Connected    State = "connected"
	Disconnected State = "disconnected"
	Failed       State = "failed"
)

// RoomObserver is told what happens in a room. See PeerObserver for the promises.
type RoomObserver interface {
	// Speaking names everyone who speaks now, loudest first. It is called when the list
	// changed, at most five times a second.
	Speaking(ids []string)
}

// PeerObserver is told what happens to a peer.
//
// All calls of one room come from one goroutine, one after another, in the order in
// which things happened; no lock is held, so an observer may call back into this
// package. An observer that blocks holds up the calls of its own room, never media.
//
// After Peer.Close or Room.Close returned no further call is decided on. One that was
// already decided on may still be running or about to start, once: a caller that
// reuses ids must tell its observers apart.
type PeerObserver interface {
	// Seated gives the whole seating, first after each Answer with a new connection and
	// then on every change. Changes that follow each other faster than the observer
	// returns are given as one. The slices belong to the observer.
	Seated(Seating)
	// Connection tells the connection's state when it changed. Changes that follow each
	// other faster than the observer returns are given as the last.
	Connection(State)
	// Excess tells that the browser went on sending more than it may, and that its
	// connection was closed for that. what is a Source, or words for a log. The peer
	// stays until it is closed.
	Excess(what string)
}
