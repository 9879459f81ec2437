// Package sfu is the media server: it receives what browsers send and forwards
// it to the seats of the others.
//
// It is called by the actor of a room (package rooms) and by nothing else. It
// knows peers by the opaque ids its caller gives them. It must not know what a
// meeting is, who may speak, what a token or a WebSocket is; it imports pion and
// the standard library, and no other package of this project.
//
// The words, one file each:
//
//	SFU          the process's media: one port, many rooms          sfu.go, transport.go
//	Room         peers that can receive each other                  room.go, beat.go, mailbox.go
//	Peer         one person; outlives its browser connections       peer.go
//	connection   one pion connection = one browser connection       connection.go, engine.go, offer.go, offersize.go, answer.go
//	publication  what a peer sends under one Source                 publication.go
//	layer        one incoming RTP stream of a publication           layer.go, cache.go, flow.go, keyframe.go, vp8.go
//	excess       what a browser sends beyond what it may            budget.go, stream.go
//	seat         one outgoing RTP stream, whoever sits in it        seat.go, rewrite.go, resend.go
//	reports      RTCP: sender reports, receiver reports, clocks     feedback.go, inbox.go, reports.go
//	seating      who sits where                                     seating.go, loudness.go
//	downlink     how much a receiver's line can take                downlink.go
//
// A browser makes one connection and one offer: four send-only sections
// (microphone, camera, screen, screen audio) and any number of receive-only ones,
// the seats. Nothing is renegotiated when people come and go; the server changes
// who sits in a seat and tells the browser.
//
// Packets take no lock but those of the seats they go to: the goroutine that reads a
// layer writes to its seats itself. Everything that decides (who sits where, which
// layer a seat gets) runs under the room's lock, in the room's own goroutine, on events
// and ten times a second. The rules themselves are pure structs that are handed the time.
//
// What the browser's side must do: offer once, with mids mapped to sources, without
// waiting for candidates; say when a source is turned on or off; make a new
// RTCPeerConnection when the old one failed for good or the Instance changed.
package sfu
