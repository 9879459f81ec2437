package embed

import (
	"encoding/json"
	"fmt"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// heard acts on one message of the page. What is not a call is dropped: there
// is nobody to answer.
func (b *Bridge) heard(text string) {
	var c call
	if len(text) > maxCall || json.Unmarshal([]byte(text), &c) != nil || c.ID == 0 {
		return
	}
	if c.Call == "enter" {
		b.enter(c)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	carry, known := calls[c.Call]
	switch {
	case !known:
		b.refuse(c.ID, badArguments(fmt.Sprintf("there is no call %q; embed.js and the server differ in version", c.Call)))
	case b.session == nil:
		b.refuse(c.ID, &refusal{Code: protocol.CodeNotJoined, Message: "The meeting was not entered yet. Call enter first."})
	default:
		carry(b, c)
	}
}

// calls are what a page may ask once it has entered. Each answers the call,
// now or later.
var calls = map[string]func(*Bridge, call){
	"join":   (*Bridge).join,
	"leave":  (*Bridge).leave,
	"extend": (*Bridge).extend,
	"end":    (*Bridge).end,
	"session": func(b *Bridge, c call) {
		b.done(c.ID, sessionOf(b.session.View(), b.session.Now()))
	},
	"participants": func(b *Bridge, c call) { b.done(c.ID, participantsOf(b.session.View())) },
	"microphone":   func(b *Bridge, c call) { b.device(c, client.MicrophoneDevice) },
	"camera":       func(b *Bridge, c call) { b.device(c, client.CameraDevice) },
	"look":         (*Bridge).restyle,
	"hand":         (*Bridge).hand,
	"hands":        (*Bridge).lowerHands,
	"react":        (*Bridge).react,
	"write":        (*Bridge).write,
	"delete":       (*Bridge).remove,
	"messages":     func(b *Bridge, c call) { b.done(c.ID, messagesOf(b.session.View().Chat)) },
}

// read takes a call's arguments, or answers that they are none.
func read(b *Bridge, c call, args any) bool {
	if len(c.Args) == 0 {
		return true
	}
	if err := json.Unmarshal(c.Args, args); err != nil {
		b.refuse(c.ID, badArguments("the arguments of "+c.Call+" are not what they should be; see docs/embedding.md"))
		return false
	}
	return true
}

// enter opens the session, and follows it from then on.
func (b *Bridge) enter(c call) {
	var e Entry
	if !read(b, c, &e) || !b.open(c.ID, e) {
		return
	}
	b.done(c.ID, nil)
	unfollow := b.session.Subscribe(b.saw) // which may call at once, so without the lock
	b.mu.Lock()
	b.unfollow = unfollow
	b.mu.Unlock()
}

func (b *Bridge) open(id int, e Entry) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.session != nil:
		b.refuse(id, badArguments("the meeting was entered already"))
		return false
	case e.Token == "":
		b.refuse(id, badArguments("a token is missing; make one by POST /api/v1/rooms/{id}/tokens"))
		return false
	}
	b.entry, b.session = e, b.cfg.Enter(e)
	if e.Name != "" {
		b.session.Do(client.SetName{Name: e.Name})
	}
	for kind, on := range map[client.DeviceKind]*bool{client.MicrophoneDevice: e.Microphone, client.CameraDevice: e.Camera} {
		if on != nil {
			b.session.Do(client.SetDevice{Device: kind, On: *on})
		}
	}
	return true
}

// join enters the room, from wherever the person is now. The lobby's own
// button does the same; the answer comes with the room.
func (b *Bridge) join(c call) {
	v := b.session.View()
	if v.Phase == client.PhaseRoom {
		b.done(c.ID, joinedOf(v, b.session.Now()))
		return
	}
	b.joining = append(b.joining, c.ID)
	switch {
	case v.Phase == client.PhaseLobby:
		b.press(v)
	case out(v.Phase):
		b.session.Do(client.Rejoin{}) // to the lobby, where saw presses Join
	}
}

// out reports whether a phase is one of somebody who is out of the meeting.
func out(p client.Phase) bool {
	return p == client.PhaseEnded || p == client.PhaseLeft || p == client.PhaseClosed
}

// press is Join in the lobby.
func (b *Bridge) press(v client.View) {
	if v.Me.Name == "" {
		b.session.Do(client.SetName{Name: nobody})
	}
	b.session.Do(client.Join{})
}

func (b *Bridge) leave(c call) {
	if out(b.session.View().Phase) {
		b.done(c.ID, nil)
		return
	}
	b.leaving = append(b.leaving, c.ID)
	b.session.Do(client.Leave{})
}

func (b *Bridge) extend(c call) {
	var args extendArgs
	if !read(b, c, &args) {
		return
	}
	minutes := 0
	if args.Minutes != nil {
		minutes = int(*args.Minutes)
		if float64(minutes) != *args.Minutes || minutes == 0 { // which would ask for the usual
			b.refuse(c.ID, b.trouble(client.Trouble{Code: protocol.CodeBadMinutes}))
			return
		}
	}
	b.session.Do(client.Extend{Minutes: minutes, Then: func(o client.Outcome) {
		b.outcome(c.ID, o, grant{ExtendedMinutes: o.Grant.Minutes, EndsAt: o.Grant.EndsAt})
	}})
}

func (b *Bridge) end(c call) {
	var args endArgs
	if !read(b, c, &args) {
		return
	}
	b.session.Do(client.End{Reason: args.Reason, Then: func(o client.Outcome) { b.outcome(c.ID, o, nil) }})
}

// outcome answers a call from the session's loop.
func (b *Bridge) outcome(id int, o client.Outcome, result any) {
	if o.Trouble.Code != "" {
		b.refuse(id, b.trouble(o.Trouble))
		return
	}
	b.done(id, result)
}

// device turns a device on or off. The answer comes once it runs or does not.
func (b *Bridge) device(c call, kind client.DeviceKind) {
	var args deviceArgs
	if !read(b, c, &args) {
		return
	}
	v := b.session.View()
	switch {
	case args.On == nil:
		b.refuse(c.ID, badArguments("say on: true or on: false"))
		return
	case out(v.Phase):
		b.refuse(c.ID, b.trouble(client.Trouble{Code: protocol.CodeNotJoined}))
		return
	}
	b.session.Do(client.SetDevice{Device: kind, On: *args.On})
	b.switching = append(b.switching, switching{c.ID, kind, *args.On})
	if d := deviceIn(v, kind); d.On == *args.On && d.Running == *args.On {
		b.settleDevices(v, false)
	}
}

func (b *Bridge) restyle(c call) {
	var s Style
	if !read(b, c, &s) {
		return
	}
	b.cfg.Restyle(s)
	b.done(c.ID, nil)
}
