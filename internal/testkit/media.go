package testkit

import (
	"context"

	"overtime/internal/protocol"
	"overtime/internal/rooms"
)

// Silence is rooms.Media, and everything that comes of it, without any media. It
// answers every offer.
type Silence struct {
	// Name is the instance that people are told; empty is "media-1".
	Name string
}

var _ rooms.Media = Silence{}

// Instance implements rooms.Media.
func (s Silence) Instance() string {
	if s.Name == "" {
		return "media-1"
	}
	return s.Name
}

// What media are asked: seats are granted, and nothing is in them.

func (Silence) Seats() (audio, video int)                           { return 5, 9 }
func (s Silence) NewRoom(func([]string)) rooms.MediaRoom            { return silentRoom{} }
func (silentRoom) Join(string, rooms.MediaObserver) rooms.MediaPeer { return silentPeer{} }
func (silentRoom) Close()                                           {}
func (silentPeer) Answer(_ context.Context, o protocol.Offer) (string, error) {
	return "answer to " + o.SDP, nil
}
func (silentPeer) Sending([]protocol.Source) {}
func (silentPeer) Show([]protocol.Picture)   {}
func (silentPeer) Close()                    {}

type (
	silentRoom struct{}
	silentPeer struct{}
)
