package embed

import (
	"reflect"
	"slices"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const (
	connectionGood = "good"
	connectionAway = "reconnecting"
	connectionLost = "lost"
)

// codeLeft is why somebody is out who left by their own choice.
const codeLeft protocol.Code = "left"

// saw tells the page what changed from one view of the session to the next.
// Views may be left out in between, so everything is told by comparing: what
// came and went between two is not.
func (b *Bridge) saw(v client.View) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.last
	b.last = v
	b.tellState(was, v)
	b.tellTime(was, v)
	b.tellPeople(was, v)
	b.tellReactions(was, v)
	b.tellChat(was, v)
	b.tellConnection(v)
	b.tellDevices(was, v)
	b.settleDevices(v, true)
	b.tellOut(was, v)
	b.goOn(was, v)
}

func inside(v client.View) bool { return v.Phase == client.PhaseRoom }

func (b *Bridge) tellState(was, v client.View) {
	if now := state(v.Phase); now != state(was.Phase) || was.Phase == "" {
		b.tell("state", map[string]string{"state": now})
	}
	if inside(v) && !inside(was) {
		b.tell("joined", joinedOf(v, b.session.Now()))
	}
}

// tellTime tells of the time line as it is now, so that whoever hears of a
// window or an extension knows the end already; then of the window, also to
// whoever comes while one is open; then of each extension, once.
func (b *Bridge) tellTime(was, v client.View) {
	if !inside(v) && v.Timeline.StartedAt.IsZero() {
		return
	}
	if told := sessionOf(v, b.session.Now()); !sameTime(told, sessionOf(was, b.session.Now())) {
		b.tell("session", told)
	}
	if w := windowOf(v.Timeline.Notice); w == nil {
		b.announced = window{}
	} else if w.Window != b.announced.Window || !w.EndsAt.Equal(b.announced.EndsAt) {
		b.announced = *w
		b.tell("window-opened", *w)
	}
	if inside(was) && was.Timeline.Number == v.Timeline.Number {
		now := extensionsOf(v.Timeline.Session)
		for _, e := range now[min(len(extensionsOf(was.Timeline.Session)), len(now)):] {
			b.tell("extended", e)
		}
	}
}

func sameTime(a, b session) bool {
	a.ServerNow = b.ServerNow
	return reflect.DeepEqual(a, b)
}

func (b *Bridge) tellPeople(was, v client.View) {
	if !inside(was) || !inside(v) {
		return
	}
	before, now := participantsOf(was), participantsOf(v)
	find := func(list []participant, id string) int {
		return slices.IndexFunc(list, func(p participant) bool { return p.ID == id })
	}
	for _, p := range before {
		if find(now, p.ID) < 0 {
			b.tell("participant-left", p)
		}
	}
	for _, p := range now {
		switch i := find(before, p.ID); {
		case i < 0:
			b.tell("participant-joined", p)
		case before[i] != p:
			b.tell("participant-changed", p)
		}
	}
}

func (b *Bridge) tellConnection(v client.View) {
	now := b.connected
	switch {
	case inside(v) && v.Connection.Link == client.LinkReconnecting:
		now = connectionAway
	case inside(v):
		now = connectionGood
	case v.Phase == client.PhaseClosed && b.connected == connectionAway:
		now = connectionLost
	}
	if now != b.connected {
		b.connected = now
		b.tell("connection", map[string]string{"state": now})
	}
}

func (b *Bridge) tellDevices(was, v client.View) {
	for _, d := range []struct {
		kind     client.DeviceKind
		was, now client.DeviceView
	}{
		{client.MicrophoneDevice, was.Devices.Microphone, v.Devices.Microphone},
		{client.CameraDevice, was.Devices.Camera, v.Devices.Camera},
	} {
		if now := deviceOf(d.now); now != deviceOf(d.was) {
			b.tell(string(d.kind), now)
		}
		if d.now.Trouble == client.DeviceBarred && d.was.Trouble != client.DeviceBarred {
			b.tell("trouble", saying{codeAllow, b.cfg.SayDevice(d.kind, d.now.Trouble)})
		}
	}
}

func deviceIn(v client.View, kind client.DeviceKind) client.DeviceView {
	if kind == client.CameraDevice {
		return v.Devices.Camera
	}
	return v.Devices.Microphone
}

// settleDevices answers those who turned a device on or off and have it so, or
// cannot. fresh: the view is younger than the call.
func (b *Bridge) settleDevices(v client.View, fresh bool) {
	b.switching = slices.DeleteFunc(b.switching, func(s switching) bool {
		d := deviceIn(v, s.kind)
		switch {
		case fresh && out(v.Phase):
			b.refuse(s.id, b.trouble(client.Trouble{Code: protocol.CodeNotJoined}))
		case d.On == s.on && d.Running == s.on && d.Trouble != client.DeviceMuted:
			b.done(s.id, nil)
		case fresh && s.on && d.On && d.Trouble != client.DeviceFine:
			b.refuse(s.id, &refusal{Code: codeDevice + protocol.Code(d.Trouble), Message: b.cfg.SayDevice(s.kind, d.Trouble)})
		default:
			return false
		}
		return true
	})
}

// tellOut tells that the person is out of the meeting, and why.
func (b *Bridge) tellOut(was, v client.View) {
	if v.Phase == was.Phase {
		return
	}
	switch v.Phase {
	case client.PhaseEnded:
		why := ending{Reason: meeting.ReasonExpired}
		if told := sessionOf(v, b.session.Now()); told.Ending != nil {
			why = *told.Ending
		}
		b.tell("ended", struct {
			ending
			Session session `json:"session"`
		}{why, sessionOf(v, b.session.Now())})
		b.tellLeft(client.Trouble{Code: protocol.CodeOver})
	case client.PhaseLeft:
		b.tell("left", saying{codeLeft, b.cfg.Words.Say("left.text")})
		b.failJoins(client.Trouble{Code: protocol.CodeNotJoined})
	case client.PhaseClosed:
		b.tellLeft(v.Trouble)
	default:
		return
	}
	for _, id := range b.leaving {
		b.done(id, nil)
	}
	b.leaving = nil
}

func (b *Bridge) tellLeft(t client.Trouble) {
	b.tell("left", saying{t.Code, b.cfg.SayTrouble(t, b.last)})
	b.failJoins(t)
}

func (b *Bridge) failJoins(t client.Trouble) {
	for _, id := range b.joining {
		b.refuse(id, b.trouble(t))
	}
	b.joining = nil
}

// goOn answers those who wait for the room, and presses Join for those who do
// not want to see the lobby.
func (b *Bridge) goOn(was, v client.View) {
	switch {
	case inside(v):
		for _, id := range b.joining {
			b.done(id, joinedOf(v, b.session.Now()))
		}
		b.joining = nil
	case v.Phase != client.PhaseLobby:
	case v.Trouble.Code != "":
		b.failJoins(v.Trouble) // Join was refused; the lobby says why, too
	case fromAfar(was.Phase) && (!b.entry.Lobby || len(b.joining) > 0):
		b.press(v)
	}
}

// fromAfar reports whether the lobby that follows is a new one.
func fromAfar(p client.Phase) bool {
	return p != client.PhaseLobby && p != client.PhaseJoining && p != client.PhaseWaiting
}
