package client

import (
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// timeline is the session's time, the banner and the presses on it.
type timeline struct {
	loop    *loop
	now     func() time.Time // the server's time
	room    *settings
	presses *presses
	news    *toasts
	where   *standing

	session protocol.Session // its story is replaced, never written to
	notice  meeting.Notice   // as the server announced it; zero: none
	hidden  bool
	moment  alarm // for the next instant at which a view changes by itself
}

// take replaces the session. back: this person was in the room before, and is
// told of the last extension that happened while they were away.
func (t *timeline) take(session protocol.Session, n *meeting.Notice, back bool) {
	known := t.session
	t.session = session
	t.announce(n)
	if !back || known.Number != session.Number || !session.EndsAt.After(known.EndsAt) {
		return
	}
	for _, e := range slices.Backward(session.Story) {
		if e.Kind == meeting.EntryExtended {
			t.news.extended(e)
			return
		}
	}
}

// announce opens the server's notice, or closes the banner. Not now holds for
// one window only.
func (t *timeline) announce(n *meeting.Notice) {
	if n == nil {
		n = &meeting.Notice{}
	}
	if n.Window != t.notice.Window || !n.EndsAt.Equal(t.notice.EndsAt) {
		t.hidden = false
	}
	t.notice = *n
}

// extended takes an extension in.
func (t *timeline) extended(e protocol.StoryEntry) {
	t.session.EndsAt = e.EndsAt
	t.session.Story = append(slices.Clip(t.session.Story), e)
	t.announce(nil)
	t.news.extended(e)
}

func (t *timeline) hideNotice() {
	if t.notice.Window != meeting.NoWindow && !t.lastMinute() {
		t.hidden = true
	}
}

// lastMinute is of the room's minutes, like everything in its rules.
func (t *timeline) lastMinute() bool { return !t.now().Before(t.lastMinuteAt()) }

func (t *timeline) lastMinuteAt() time.Time { return t.session.EndsAt.Add(-t.room.minute()) }

// pastEnd reports whether a scheduled end is known and has passed.
func (t *timeline) pastEnd() bool {
	ends := t.session.EndsAt
	return !ends.IsZero() && !t.now().Before(ends)
}

// awaitMoment wakes the loop when the last minute begins and at the end, so
// that a new view is made.
func (t *timeline) awaitMoment() {
	if !t.where.inRoom() {
		t.loop.unset(&t.moment)
		return
	}
	now := t.now()
	for _, at := range []time.Time{t.lastMinuteAt(), t.session.EndsAt} {
		if at.After(now) {
			t.loop.set(&t.moment, at.Sub(now), func() {})
			return
		}
	}
	t.loop.unset(&t.moment)
}

// extend is a press on Extend. It names the end that the person saw, so that
// of two people who press at once only one moves it.
func (t *timeline) extend(i Extend) {
	m := protocol.Extend{Window: t.window()}
	if i.Minutes != 0 {
		m.Minutes = &i.Minutes
	}
	t.presses.either(press{wants: toExtend}, m, i.Then, t.late)
}

// window is the one that the person saw, by its end.
func (t *timeline) window() time.Time {
	if t.notice.Window == meeting.NoWindow {
		return t.session.EndsAt // the server says when one opens
	}
	return t.notice.EndsAt
}

// late takes the news of another's extension away from whoever was a moment
// late: the refusal says all that it says.
func (t *timeline) late(answer protocol.ServerMessage) {
	if e, refused := answer.(protocol.Error); refused && e.Code == protocol.CodeAlreadyExtended {
		t.news.drop(func(n Toast) bool { return n.Kind == ToastExtended && n.EndsAt.Equal(e.EndsAt) })
	}
}

// end is a press on End for all, already confirmed.
func (t *timeline) end(i End) {
	m := protocol.End{Reason: i.Reason}
	if i.Then == nil {
		t.presses.once(press{wants: toEnd}, m, nil)
		return
	}
	t.presses.outcome(m, func() Outcome {
		if t.where.phase == PhaseEnded {
			return Outcome{} // the news of the end came before the answer
		}
		return Outcome{Trouble: t.presses.outside()}
	}, i.Then)
}

// forget drops what was going on in the room. The session itself stays for the
// pages that follow.
func (t *timeline) forget() {
	t.notice, t.hidden = meeting.Notice{}, false
}
