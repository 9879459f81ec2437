//go:build js && wasm

package browser

import (
	"strconv"
	"sync"
	"syscall/js"
	"time"

	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/meeting"
)

// stage shows pictures in <video> elements that components made. It remembers
// what each shows, and renews the binding when the camera, the peer connection
// or the element itself is another. No method waits for the browser.
type stage struct {
	*speakers // for all that is about sound
	captures  *captures
	meter     *meter
	audio     *audio

	mu      sync.Mutex
	showing map[string]*showing // by element id
	waking  hook                // stops waiting for the tab to wake, which it does while it shows something
	owner   *peer
	seats   map[string]js.Value // the owner's pictures, by mid
}

// showing is what one element shows.
type showing struct {
	self     bool     // this person's camera, else the seat with
	mid      string   // this name
	node     js.Value // the element that was bound
	track    js.Value // what it was bound to; undefined: nothing
	stream   js.Value // the stream made for it
	replay   client.Replay
	unlisten hook // to its being paused, while it is bound
}

func newStage(c *captures, s *speakers) *stage {
	a := &audio{}
	st := &stage{
		captures: c, speakers: s, meter: newMeter(c, a), audio: a,
		showing: map[string]*showing{}, seats: map[string]js.Value{},
	}
	s.pictures = st.resume
	c.onChange(st.refresh)
	c.onChange(st.meter.refresh)
	return st
}

// ShowSelf implements client.Stage.
func (st *stage) ShowSelf(element string) { st.show(element, true, "") }

// ShowSeat implements client.Stage. An empty mid shows nothing.
func (st *stage) ShowSeat(element, mid string) { st.show(element, false, mid) }

func (st *stage) show(id string, self bool, mid string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.showing) == 0 {
		st.waking = page{}.OnWake(st.resume)
	}
	s := st.showing[id]
	if s == nil {
		s = &showing{}
		st.showing[id] = s
	}
	s.self, s.mid = self, mid
	st.bind(id, s)
}

// Clear implements client.Stage.
func (st *stage) Clear(element string) {
	st.mu.Lock()
	if s := st.showing[element]; s != nil {
		st.forget(element, s)
	}
	st.mu.Unlock()
	st.meter.remove(element)
}

// forget shows nothing more in an element.
func (st *stage) forget(id string, s *showing) {
	s.letGo()
	delete(st.showing, id)
	if len(st.showing) == 0 {
		st.waking.undo()
	}
}

// resume plays what the browser paused; see speakers.
func (st *stage) resume() {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, s := range st.showing {
		if s.node.Truthy() && paused(s.node) {
			st.play(s)
		}
	}
}

// pausedByOthers plays a picture that the system paused. That of a hidden tab,
// which browsers pause to save power, waits for the tab to be seen.
func (st *stage) pausedByOthers(s *showing) {
	st.mu.Lock()
	hidden := document().Get("hidden").Truthy()
	stays := !s.stream.Truthy() || !paused(s.node) || hidden
	again := !stays && s.replay.Again(time.Now())
	if again {
		st.play(s)
	}
	st.mu.Unlock()
	if !stays && !again {
		st.speakers.block()
	}
}

// refresh renews every binding.
func (st *stage) refresh() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.bindAll()
}

func (st *stage) bindAll() {
	for id, s := range st.showing {
		st.bind(id, s)
	}
}

// adopt shows a peer's seats in place of any other's.
func (st *stage) adopt(p *peer, seats map[string]js.Value) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.owner, st.seats = p, seats
	st.bindAll()
}

// release takes a peer's pictures off, if they are still that peer's.
func (st *stage) release(p *peer) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.owner != p {
		return
	}
	st.owner, st.seats = nil, map[string]js.Value{}
	st.bindAll()
}

// bind makes the element show what it should. An element that is gone is
// forgotten.
func (st *stage) bind(id string, s *showing) {
	node, ok := element(id)
	if !ok {
		st.forget(id, s)
		return
	}
	if !node.Equal(s.node) {
		s.letGo()
		s.node = node
	}
	want := st.wanted(s)
	if want.IsUndefined() {
		s.letGo()
		return
	}
	if want.Equal(s.track) && node.Get("srcObject").Equal(s.stream) {
		return
	}
	st.put(s, want)
}

func (st *stage) wanted(s *showing) js.Value {
	if s.self {
		return st.captures.media(client.CameraDevice)
	}
	return st.seats[s.mid] // the zero Value is undefined
}

// put binds a track. The element is muted: sound has elements of its own, and
// browsers start muted pictures without a click.
func (st *stage) put(s *showing, media js.Value) {
	stream, err := construct("MediaStream", []any{media})
	if err != nil {
		return
	}
	s.track, s.stream = media, stream
	s.unlisten.undo()
	s.unlisten = listen(s.node, "pause", func(js.Value) { spawn(func() { st.pausedByOthers(s) }) })
	for _, property := range []string{"muted", "autoplay", "playsInline"} {
		s.node.Set(property, true)
	}
	if err := set(s.node, "srcObject", stream); err != nil {
		complain("overtime: " + err.Error())
		return
	}
	st.play(s)
}

// play starts a picture. Most browsers allow one without sound at any time; the
// others want a click.
func (st *stage) play(s *showing) {
	play(s.node, func(err error) {
		if thrownName(err) == notAllowed {
			st.speakers.block()
		}
	})
}

// letGo leaves the element without a picture, unless somebody else has given
// it one.
func (s *showing) letGo() {
	if s.node.Truthy() && s.stream.Truthy() && s.node.Get("srcObject").Equal(s.stream) {
		_ = set(s.node, "srcObject", js.Null())
	}
	s.unlisten.undo()
	s.track, s.stream = js.Undefined(), js.Undefined()
}

// Meter implements client.Stage.
func (st *stage) Meter(element string) { st.meter.add(element) }

// Chime implements client.Stage. Where sound is blocked there is none.
func (st *stage) Chime(w meeting.Window) {
	of := firstChime
	if w == meeting.FinalWindow {
		of = finalChime
	}
	spawn(func() { of.play(st.audio) })
}

// Place implements client.Stage. It sets properties one by one, which the page's
// policy allows, and not the attribute style, which it refuses.
func (st *stage) Place(id string, at layout.Rect) {
	node, ok := element(id)
	if !ok {
		return
	}
	for property, pixels := range map[string]int{"left": at.X, "top": at.Y, "width": at.Width, "height": at.Height} {
		_, _ = call(node.Get("style"), "setProperty", property, strconv.Itoa(pixels)+"px")
	}
}
