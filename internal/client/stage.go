package client

import (
	"reflect"
	"slices"
	"time"

	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// heardAfter is how long somebody must have spoken for those who speak to be
// brought where they are seen: a cough moves nobody.
const heardAfter = 3 * time.Second

// stage has what is in the room laid out, and says which pictures are worth having.
type stage struct {
	loop   *loop
	roster *roster

	size   layout.Size
	page   int
	turned int          // the last number that was given when the page was turned
	pins   []layout.Key // replaced, never written to

	// began is since when those who speak do, in local time; heard is the order in
	// which people last did for heardAfter, and the last number given.
	began map[string]time.Duration
	heard map[string]int
	last  int
	due   alarm // somebody will have spoken for long enough
	// changed is called when something else may be seen by itself or by a press.
	changed func()

	from *stageFrom // what laid came of
	laid *layout.Layout
}

// stageFrom is all that a layout is made of.
type stageFrom struct {
	people []protocol.Person
	you    string
	size   layout.Size
	page   int
	turned int
	pins   []layout.Key
	heard  int
}

// layout is what is seen where, now.
func (s *stage) layout() *layout.Layout {
	from := &stageFrom{s.roster.people, s.roster.you.ID, s.size, s.page, s.turned, s.pins, s.last}
	if s.laid == nil || !alike(from, s.from) {
		next := layout.Arrange(s.items(), s.size, layout.Choice{Pins: s.pins, Page: s.page, Turned: s.turned}, s.laid)
		s.page = next.Page
		from.page = s.page
		s.from = from
		if !reflect.DeepEqual(next, s.laid) {
			s.laid = next
		}
	}
	return s.laid
}

// items are who and what is there. What this person shares is not among it: seeing
// one's own screen is of no use, and shows itself within itself.
func (s *stage) items() []layout.Item {
	out := make([]layout.Item, 0, len(s.roster.people)+2)
	for _, p := range s.roster.people {
		self := p.ID == s.roster.you.ID
		out = append(out, layout.Item{
			Key:  layout.Key{Participant: p.ID, Source: protocol.Camera},
			Self: self, Picture: p.Sends(protocol.Camera), Heard: s.heard[p.ID],
		})
		if !self && p.Sends(protocol.Screen) {
			out = append(out, layout.Item{Key: layout.Key{Participant: p.ID, Source: protocol.Screen}, Picture: true})
		}
	}
	return out
}

// pictures are those to ask the server for.
func (s *stage) pictures() []protocol.Picture { return s.layout().Pictures }

// speaking takes in who speaks now.
func (s *stage) speaking(ids []string) {
	now := s.loop.local()
	began := map[string]time.Duration{}
	for _, id := range ids {
		since, already := s.began[id]
		if !already {
			since = now
		}
		began[id] = since
	}
	s.began = began
	s.hear()
}

// hear notes who has spoken for long enough by now, and comes back when the next
// will have.
func (s *stage) hear() {
	now, next := s.loop.local(), time.Duration(0)
	var talkers []string
	for _, p := range s.roster.people { // in an order that is always the same
		since, speaks := s.began[p.ID]
		left := since + heardAfter - now
		switch {
		case !speaks:
		case left <= 0:
			talkers = append(talkers, p.ID)
		case next == 0 || left < next:
			next = left
		}
	}
	moved := false
	for s.number(talkers) {
		moved = true
	}
	if moved { // whoever is brought forward is to be seen at once
		s.changed()
	}
	s.loop.unset(&s.due)
	if next > 0 {
		s.loop.set(&s.due, next, s.hear)
	}
}

// number gives those who speak the last numbers, and nobody a new one who has one
// of these since the page was turned. It reports whether it gave any.
func (s *stage) number(talkers []string) (gave bool) {
	for _, id := range talkers {
		if n := s.heard[id]; n <= max(s.turned, s.last-len(talkers)) {
			s.last++
			s.heard[id] = s.last
			gave = true
		}
	}
	return gave
}

// turn shows another page. Whoever speaks now comes to it once they have gone on for
// long enough.
func (s *stage) turn(by int) {
	s.page, s.turned = max(s.page+by, 0), s.last
	for id := range s.began {
		s.began[id] = s.loop.local()
	}
	s.hear()
	s.changed()
}

func (s *stage) resize(to layout.Size) {
	s.size = to
	s.changed()
}

// pin makes something large that is not, and what was pinned small again.
func (s *stage) pin(k layout.Key) {
	if slices.Contains(s.pins, k) {
		s.pins = nil
	} else {
		s.pins = []layout.Key{k}
	}
	s.changed()
}

// forget is for leaving the room; the size stays.
func (s *stage) forget() {
	s.loop.unset(&s.due)
	s.began, s.heard, s.last = nil, map[string]int{}, 0
	s.page, s.turned, s.pins, s.laid = 0, 0, nil, nil
}
