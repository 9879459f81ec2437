package kill_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// person is somebody whose browser presses Extend as soon as a window opens,
// and asks again under the same id, over one connection after the other, until
// there is an answer. All of it belongs to the goroutine of live.
type person struct {
	act    *act
	n      int
	name   string
	ticket string
	resume string // of the last welcome

	// epoch and seq are of the last frame that was applied; what is older is
	// dropped, as docs/protocol.md asks. follows: it came over this connection,
	// so that the next event has the next number.
	epoch, seq uint64
	follows    bool
	end        time.Time          // the scheduled end, as applied
	knows      map[time.Time]bool // the ends that extensions moved it to, as applied

	notice time.Time // the scheduled end of the last notice
	named  time.Time // the last that was pressed about
	press  *press    // the one that waits for an answer
	count  int

	note  *note // that waits for an answer
	notes int
	// chat is the newest message that was applied, by the word of whom.
	chat      int
	chatEpoch uint64
}

// press is one operation.
type press struct {
	asked
	window time.Time
	call   int64
	lost   bool // a sending of it was not answered
	found  bool // and had been carried out, as the next welcome showed
	again  bool // it was answered, and is asked once more
}

// visit is one connection of a person.
type visit struct {
	*person
	ws     *testkit.Person
	called int64  // the hello
	known  uint64 // the epoch that anybody had heard of before it
}

// live comes back until ctx ends.
func (p *person) live(ctx context.Context) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	for ctx.Err() == nil {
		p.visit(ctx, &http.Client{Transport: transport})
	}
	if p.press != nil {
		p.act.history.record(p.n, p.press.call, p.press.asked, told{kind: unknown})
		if !p.press.again {
			p.act.count(func(f *figures) { f.unanswered++ })
		}
	}
}

// visit connects, says hello and listens until the connection ends. Whoever
// connects while no server lives waits for the next one.
func (p *person) visit(ctx context.Context, client *http.Client) {
	ws, err := testkit.Connect(ctx, "ws://"+p.act.server.address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return
	}
	defer ws.Cut()
	p.follows = false
	v := &visit{person: p, ws: ws}
	v.called, v.known = p.act.history.call()
	hello := protocol.Hello{Room: p.act.room.ID, Token: p.ticket, Name: p.name}
	if p.resume != "" {
		hello.Token, hello.Resume = "", p.resume
	}
	for on := v.send(helloID, hello); on; {
		f, err := ws.Read()
		if errors.Is(err, testkit.ErrNoMessage) {
			p.act.broken("%s was sent %v", p.name, err)
		}
		if err != nil {
			break
		}
		on = v.hear(f)
	}
	if p.press != nil && !p.press.lost {
		p.press.lost = true
		p.act.count(func(f *figures) { f.ambiguous++ })
	}
}

const helloID = "hello"

func (v *visit) send(id string, m protocol.ClientMessage) (ok bool) {
	return v.ws.Write(id, m) == nil
}

// hear takes one frame; on is false when only a new connection helps.
func (v *visit) hear(f protocol.ServerFrame) (on bool) {
	v.act.history.heard(f.Epoch)
	switch {
	case f.ID == helloID:
		return v.admitted(f)
	case f.ID == "":
		return v.told(f)
	case strings.HasPrefix(f.ID, noteIDs):
		return v.said(f)
	case v.press == nil || f.ID != v.press.op:
		return true
	}
	return v.answered(f)
}

// admitted takes the answer to hello.
func (v *visit) admitted(f protocol.ServerFrame) (on bool) {
	switch m := f.Message.(type) {
	case protocol.Welcome:
		v.resume = m.Resume
		v.act.welcomed(m.Media.Instance)
		v.snapshot(f, m)
		if v.note != nil && !v.say() {
			return false
		}
		if v.press != nil {
			return v.ask()
		}
		return true
	case protocol.Over:
		v.act.broken("%s was told that the meeting is over: %+v", v.name, m.Session)
		return false
	case protocol.Error:
		if m.Code != protocol.CodeUnavailable && m.Code != protocol.CodeUnknown {
			v.act.broken("%s was not let in: %v", v.name, m)
		}
		return false
	default:
		v.act.broken("%s was greeted with %T", v.name, m)
		return false
	}
}

// snapshot applies a welcome.
func (v *visit) snapshot(f protocol.ServerFrame, w protocol.Welcome) {
	v.act.looked(v.n, v.name, v.called, f.Epoch >= v.known, w.Session)
	if f.Epoch >= v.epoch {
		v.moved(w.Session.EndsAt)
		v.epoch, v.seq, v.follows = f.Epoch, f.Seq, true
		v.reads(f.Epoch, w.Chat)
		v.knows = map[time.Time]bool{}
		for _, e := range w.Session.Story {
			if e.Kind == meeting.EntryExtended {
				v.knows[e.EndsAt] = true
			}
		}
	}
	v.find(w.Session.Story)
	v.act.heardEnd(w.Session.EndsAt)
	if w.Notice != nil {
		v.noticed(*w.Notice)
	}
}

// find looks for the press that waits among what was carried out.
func (v *visit) find(story []protocol.StoryEntry) {
	if v.press == nil || v.press.again || v.press.found {
		return
	}
	for _, o := range looksAt(v.act.room.ID, protocol.Session{Story: story}) {
		if o.asked.window == v.press.asked.window && o.told.by == v.name {
			v.press.found = true
			v.act.count(func(f *figures) { f.found++ })
		}
	}
}

// moved applies a scheduled end.
func (p *person) moved(end time.Time) {
	if end.Before(p.end) {
		p.act.broken("the end went back for %s, from %v to %v", p.name, p.end, end)
	}
	p.end = end
}

// told applies an event.
func (v *visit) told(f protocol.ServerFrame) (on bool) {
	if !f.Event() || f.Epoch < v.epoch || f.Epoch == v.epoch && f.Seq <= v.seq {
		return true
	}
	if v.follows && f.Epoch == v.epoch && f.Seq != v.seq+1 {
		v.act.broken("%s missed an event: after %d of epoch %d came %d", v.name, v.seq, v.epoch, f.Seq)
	}
	v.epoch, v.seq, v.follows = f.Epoch, f.Seq, true
	switch m := f.Message.(type) {
	case protocol.WindowOpened:
		return v.noticed(m.Notice)
	case protocol.SessionExtended:
		v.extended(m.Entry)
	case protocol.ChatSent:
		v.hears(f.Epoch, m.Message)
	case protocol.SessionEnded:
		v.act.broken("the meeting ended for %s: %+v", v.name, m.Session.Ending)
	}
	return true
}

// extended applies an extension, of which everybody hears once.
func (v *visit) extended(e protocol.StoryEntry) {
	if v.knows[e.EndsAt] {
		v.act.broken("%s heard twice of the extension to %v", v.name, e.EndsAt)
	}
	v.knows[e.EndsAt] = true
	v.moved(e.EndsAt)
	v.act.told(v.name, e)
	v.act.heardEnd(e.EndsAt)
}

// noticed presses, unless an earlier press waits or this window was pressed
// about before.
func (v *visit) noticed(n meeting.Notice) (on bool) {
	if n.EndsAt.After(v.notice) {
		v.notice = n.EndsAt
	}
	v.act.heardNotice(n.EndsAt)
	return v.say() && v.pressNext()
}

func (v *visit) pressNext() (on bool) {
	if v.press != nil || !v.notice.After(v.named) {
		return true
	}
	v.named = v.notice
	v.count++
	v.press = &press{
		asked: asked{
			window:  window{v.act.room.ID, v.named.UnixMilli()},
			op:      fmt.Sprintf("%s-%d", v.name, v.count),
			by:      v.name,
			minutes: meeting.MinGrant + rand.N(meeting.MaxGrant-meeting.MinGrant+1),
		},
		window: v.named,
	}
	v.press.call, _ = v.act.history.call()
	v.act.count(func(f *figures) { f.presses++ })
	return v.ask()
}

// ask sends the press that waits.
func (v *visit) ask() (on bool) {
	return v.send(v.press.op, protocol.Extend{Window: v.press.window, Minutes: &v.press.minutes})
}

// answered takes the answer to the press. It counts whoever gave it: also a
// node that has lost the room may only say what is true.
func (v *visit) answered(f protocol.ServerFrame) (on bool) {
	t := told{kind: impossible, words: fmt.Sprintf("%+v", f.Message)}
	switch m := f.Message.(type) {
	case protocol.OK:
		if m.Grant != nil {
			t = told{kind: granted, minutes: m.Grant.Minutes, end: m.Grant.EndsAt.UnixMilli()}
		}
	case protocol.Error:
		switch m.Code {
		case protocol.CodeUnavailable, protocol.CodeUnknown, protocol.CodeNotJoined:
			return false // not known, or of a node that took the room over since
		case protocol.CodeAlreadyExtended:
			t = told{kind: refused, by: m.By, minutes: m.Minutes, end: m.EndsAt.UnixMilli()}
		}
	}
	p := v.press
	v.press = nil
	v.act.history.record(v.n, p.call, p.asked, t)
	v.act.answered(*p, t)
	if !p.again && rand.N(3) == 0 {
		// Somebody whose answer was lost could ask now.
		again := *p
		again.again, again.lost = true, true
		again.call, _ = v.act.history.call()
		v.press = &again
		return v.ask()
	}
	return v.pressNext()
}
