package room

import (
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// stage is the module of what is sent and shown. The media itself is the shell's.
func stage() []Command {
	sends := Command{Feature: "stage", People: true, Who: anybody(), Durability: Ephemeral}
	offers, shows := sends, sends
	offers.Budget, offers.Outside = OfferBudget, true
	shows.Budget = ShowBudget
	return []Command{
		on[protocol.Offer](offers),
		happening(sends, setSending),
		happening(shows, show),
	}
}

// setSending says which sources of a person are on.
func setSending(a Ask, m protocol.Sending) ([]Fact, Reply, error) {
	now := knownSources(m.Sources)
	switch {
	case len(m.Sources) > 0 && !a.Self.Role.Sends():
		return nil, Reply{}, errViewer
	case slices.ContainsFunc(now, isScreen) && !maySendScreen(a.State.Saved.Room, a.Self.Role):
		return nil, Reply{}, errScreen
	case slices.Equal(now, a.Self.Sending):
		return nil, Reply{}, nil
	}
	return []Fact{SendingSet{a.Self.ID, now, a.At}}, Reply{}, nil
}

func isScreen(s protocol.Source) bool { return s == protocol.Screen || s == protocol.ScreenAudio }

func maySendScreen(r meeting.Room, role meeting.Role) bool {
	return role.Moderates() || role.Sends() && r.ScreenShare != meeting.ScreenByModerators
}

// mayBeOn is the set of sources that a browser names and its person's role may send,
// each once, in the wire's order. In hello what is too much is left out: the browser of
// a viewer learns its role from the answer.
func mayBeOn(r meeting.Room, role meeting.Role, named []protocol.Source) []protocol.Source {
	if !role.Sends() {
		return []protocol.Source{}
	}
	return slices.DeleteFunc(knownSources(named), func(s protocol.Source) bool { return isScreen(s) && !maySendScreen(r, role) })
}

// knownSources is the set of sources in s, each once, in the wire's order.
func knownSources(s []protocol.Source) []protocol.Source {
	out := []protocol.Source{}
	for _, known := range protocol.Sources() {
		if slices.Contains(s, known) {
			out = append(out, known)
		}
	}
	return out
}

// show says what somebody's page shows.
func show(a Ask, m protocol.Show) ([]Fact, Reply, error) {
	if len(m.Pictures) > protocol.MaxPictures {
		return nil, Reply{}, errManyPictures
	}
	return []Fact{Showing{ID: a.Self.ID, Pictures: m.Pictures}}, Reply{}, nil
}

// Showing is what somebody's page shows, for the media.
type Showing struct {
	passing
	unannounced
	ID       string
	Pictures []protocol.Picture
}

// Excess is what follows when somebody's browser goes on sending more than it may.
// They may come in again, as anybody else.
func Excess(id string, now time.Time) Fact {
	return Left{ID: id, Why: protocol.LeftLost, At: now, Refusal: errTooMuchMedia, Close: protocol.CloseTooMuchMedia}
}
