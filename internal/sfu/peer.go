package sfu

import "context"

// Peer is one person in a room. It outlives the browser's connections: their
// sources, seats' occupants and wants stay. All methods are safe for concurrent use;
// all but Answer return without waiting for the network.
type Peer struct{}

// Answer answers an offer. The first one builds a connection; one from the same browser
// connection (the same DTLS fingerprint) is an ICE restart of it; one from another
// browser connection replaces it. The answer holds every candidate, so there is
// nothing to trickle in either direction. It may take some tens of milliseconds: call
// it from a goroutine of its own. Calls for one peer are answered one after another.
func (p *Peer) Answer(ctx context.Context, offer Offer) (sdp string, err error) {
	return "", closedError()
}

// SetSending says that the browser sends a source or stopped sending it. Only the browser
// knows: a muted source is silence on the wire, and so is a slow one.
func (p *Peer) SetSending(source Source, on bool) {}

// Show says what the peer's screen shows and how large. Without a call, or with an empty
// list, it is everyone in the order in which they came.
func (p *Peer) Show(wants []Want) {}

// Close disconnects the peer and removes it from its room.
func (p *Peer) Close() {}
