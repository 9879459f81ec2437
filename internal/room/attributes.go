package room

import (
	"slices"
	"time"

	"overtime/internal/protocol"
)

// attributes is the module of what people say of themselves for everybody to see. It
// is kept with their place, over a reload and a lost line, and a while longer for whoever
// comes back to a place that was given up.
func attributes() []Command {
	says := Command{Feature: "attributes", People: true, Portals: true, Session: true, Who: anybody(), Durability: Ephemeral, Budget: AttributeBudget}
	lowers := says
	lowers.Who = moderators()
	return []Command{
		happening(says, setAttribute),
		happening(lowers, lowerHands),
	}
}

// attribute is one thing that people may say of themselves.
type attribute struct {
	name string
	// value is what is kept of what they sent at some instant; ok is false if that is
	// nothing one can say.
	value func(sent string, at time.Time) (value string, ok bool)
	// keeps: said again, the value of before stays.
	keeps bool
	// lowered: moderators take it away from others.
	lowered bool
}

func knownAttributes() []attribute {
	return []attribute{
		{
			name: protocol.AttributeHand, keeps: true, lowered: true,
			// The instant is the order of hands, by one clock for all of them.
			value: func(sent string, at time.Time) (string, bool) {
				return at.UTC().Format("2006-01-02T15:04:05.000Z"), sent == protocol.HandUp
			},
		},
	}
}

func setAttribute(a Ask, m protocol.SetAttribute) ([]Fact, Reply, error) {
	i := slices.IndexFunc(knownAttributes(), func(k attribute) bool { return k.name == m.Name })
	if i < 0 {
		return nil, Reply{}, errNoAttribute
	}
	known, p := knownAttributes()[i], a.Self
	if m.Participant != "" && m.Participant != a.Self.ID {
		var here bool
		p, here = a.State.Here.ByID(m.Participant)
		switch {
		case !a.By.Role.Moderates():
			return nil, Reply{}, errNotModerator
		case !here:
			return nil, Reply{}, errNobodyThere
		case m.Value != "" || !known.lowered:
			return nil, Reply{}, errOthersAttribute
		}
	}
	value := ""
	if m.Value != "" {
		var ok bool
		if value, ok = known.value(m.Value, a.At); !ok {
			return nil, Reply{}, errAttributeValue
		}
	}
	before, said := p.Attributes[m.Name]
	if before == value || value != "" && said && known.keeps {
		return nil, Reply{}, nil
	}
	return []Fact{AttributeSet{p.ID, m.Name, value, Cause{Who: a.Who, At: a.At}}}, Reply{}, nil
}

func lowerHands(a Ask, _ protocol.LowerHands) ([]Fact, Reply, error) {
	var facts []Fact
	for _, p := range a.State.Here {
		if p.Attributes[protocol.AttributeHand] != "" {
			facts = append(facts, AttributeSet{p.ID, protocol.AttributeHand, "", Cause{Who: a.Who, At: a.At}})
		}
	}
	return append(facts, AbsentCleared{protocol.AttributeHand}), Reply{}, nil
}

const (
	// absentFor is how long what was said of somebody waits for them: a phone takes a
	// while to come out of a tunnel, and nobody calls up who left the table.
	absentFor = 2 * time.Minute
	// maxAbsent bounds of how many it does.
	maxAbsent = 64
)

// Absent is what was said of somebody whose place was lost.
type Absent struct {
	Sub        string
	Attributes map[string]string
	Until      time.Time
}

// absentWith is those who are absent, with p: since now, or since their line was lost.
func (s State) absentWith(p Person, now time.Time) []Absent {
	if len(p.Attributes) == 0 {
		return s.Absent
	}
	if p.Conn == "" {
		now = p.LostAt
	}
	out := append(s.absentWithout(p.Sub), Absent{p.Sub, p.Attributes, now.Add(absentFor)})
	return out[max(0, len(out)-maxAbsent):]
}

func (s State) absentWithout(sub string) []Absent {
	return slices.DeleteFunc(slices.Clone(s.Absent), func(a Absent) bool { return a.Sub == sub })
}

// absent is what is still said of sub, who comes back.
func (s State) absent(sub string, now time.Time) map[string]string {
	i := slices.IndexFunc(s.Absent, func(a Absent) bool { return a.Sub == sub && now.Before(a.Until) })
	if i < 0 {
		return nil
	}
	return s.Absent[i].Attributes
}

// AbsentCleared is that an attribute is not said of anybody any more who is absent.
type AbsentCleared struct{ Name string }

func (f AbsentCleared) apply(s State) State {
	s.Absent = slices.Clone(s.Absent)
	for i, a := range s.Absent {
		s.Absent[i].Attributes = Person{Attributes: a.Attributes}.with(f.Name, "").Attributes
	}
	return s
}

func (AbsentCleared) notices(State, State) []Notice { return nil }

// AttributeSet is what is said of somebody; empty: nothing any more.
type AttributeSet struct {
	ID, Name, Value string
	Cause           Cause
}

func (f AttributeSet) apply(s State) State {
	s.Here = s.Here.changed(f.ID, func(p Person) Person { return p.with(f.Name, f.Value) })
	return s
}

func (f AttributeSet) notices(before, after State) []Notice {
	return append(personChanged(after, f.ID), shownNews(before, after, f.ID, f.Cause)...)
}
