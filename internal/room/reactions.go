package room

import (
	"slices"
	"time"

	"overtime/internal/protocol"
)

// reactions is the module of signs that are seen for a moment. They are gathered,
// so that a room of many does not tell each to each.
func reactions() []Command {
	return []Command{
		happening(Command{Feature: "reactions", People: true, Who: anybody(), Durability: Ephemeral, Budget: ReactionBudget}, react),
	}
}

func react(a Ask, m protocol.React) ([]Fact, Reply, error) {
	if !slices.Contains(protocol.ReactionNames(), m.Name) {
		return nil, Reply{}, errNoReaction
	}
	return []Fact{Reacted{ID: a.Self.ID, Name: m.Name, At: a.Now}}, Reply{}, nil
}

// Reacted is that somebody showed a sign, which is not told yet. Of each person
// there is at most one entry for each sign.
type Reacted struct {
	unannounced
	ID   string
	Name protocol.ReactionName
	At   time.Time
}

func (f Reacted) apply(s State) State {
	if len(s.Reactions) == 0 {
		s.ReactedAt = f.At
	}
	s.Reactions = slices.Clone(s.Reactions)
	for i, r := range s.Reactions {
		if r.Participant == f.ID && r.Name == f.Name {
			s.Reactions[i].Count++
			return s
		}
	}
	s.Reactions = append(s.Reactions, protocol.Reaction{Participant: f.ID, Name: f.Name, Count: 1})
	return s
}

// reactionsDue reports whether they have been gathered for long enough.
func (s State) reactionsDue(now time.Time) bool {
	return len(s.Reactions) > 0 && !now.Before(s.ReactedAt.Add(protocol.GatherReactions))
}

// ReactionsAnnounced is that everybody is told what was gathered.
type ReactionsAnnounced struct{}

func (ReactionsAnnounced) apply(s State) State {
	s.Reactions = nil
	return s
}

func (ReactionsAnnounced) notices(before, _ State) []Notice {
	return []Notice{everyone(protocol.Reactions{Reactions: before.Reactions})}
}
