package client_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func (w *world) reacts(list ...protocol.Reaction) {
	w.server.push(protocol.ServerFrame{Epoch: 3, Message: protocol.Reactions{Reactions: list}})
	w.settle()
}

func TestReactionsAreGatheredAndLeave(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.reacts(protocol.Reaction{Participant: "p_asha", Name: "clap", Count: 2}, protocol.Reaction{Participant: "p_me", Name: "wow", Count: 1})
		w.pass(2 * time.Second)
		w.reacts(protocol.Reaction{Participant: "p_asha", Name: "clap", Count: 1}, protocol.Reaction{Participant: "p_me", Name: "clap", Count: 1})
		now := w.view().Reactions
		if want := []client.Reaction{{Name: "clap", Count: 4}, {Name: "wow", Count: 1}}; !slices.Equal(now.Gathered(), want) {
			t.Errorf("gathered %v, want %v", now.Gathered(), want)
		}
		if want := []client.Reaction{{Participant: "p_asha", Name: "clap", Count: 3}}; !slices.Equal(now.Of("p_asha"), want) {
			t.Errorf("Asha's are %v, want %v", now.Of("p_asha"), want)
		}
		w.pass(2 * time.Second)
		if got := w.view().Reactions.Gathered(); !slices.Equal(got, []client.Reaction{{Name: "clap", Count: 4}}) {
			t.Errorf("after four seconds: %v", got)
		}
		w.pass(2 * time.Second)
		equal(t, "left", len(w.view().Reactions.Shown), 0)
	})
}

func TestReact(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.React{Name: protocol.ReactionHeart})
		w.settle()
		equal(t, "sent", all[protocol.React](w.server)[0].Name, protocol.ReactionHeart)
		w.reacts(protocol.Reaction{Participant: "p_me", Name: "heart", Count: 1})
		w.session.Do(client.Leave{})
		w.session.Do(client.React{Name: protocol.ReactionHeart})
		w.settle()
		equal(t, "sent from outside", len(all[protocol.React](w.server)), 1)
		equal(t, "shown outside", len(w.view().Reactions.Shown), 0)
	})
}

// Whoever presses faster than the server takes it is not told of each.
func TestReactingTooOften(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		refuse := protocol.CodeTooMany
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, reacts := f.Message.(protocol.React)
			return protocol.Error{Code: refuse}, reacts
		}
		w.session.Do(client.React{Name: protocol.ReactionHeart})
		w.settle()
		equal(t, "toasts", len(w.toasts()), 0)
		refuse = protocol.CodeInternal
		w.session.Do(client.React{Name: protocol.ReactionHeart})
		w.settle()
		equal(t, "toasts of another refusal", len(w.toasts()), 1)
	})
}

func TestAFloodOfReactions(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for i := range 300 {
			w.reacts(protocol.Reaction{Participant: fmt.Sprint("p", i), Name: "party", Count: 1})
		}
		shown := w.view().Reactions.Shown
		equal(t, "shown", len(shown), 100)
		equal(t, "the newest", shown[99].Participant, "p299")
		w.pass(5 * time.Second)
		equal(t, "left", len(w.view().Reactions.Shown), 0)
	})
}
