package room

import (
	"slices"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// attention tells what happens to those who do not see the page, and to those
// who are not looking. It belongs to the page.
type attention struct {
	room *Room

	told    told
	spoken  string   // what the polite live region says
	before  string   // what it said before saying
	saying  []string // what is said at once
	minute  ui.Alarm // one minute is left
	seconds ui.Alarm // the title's figures
	gathered
}

// stop ends the waiting.
func (a *attention) stop() {
	a.minute.Stop()
	a.seconds.Stop()
	a.due.Stop()
}

// follow sets what depends on the time that passes, and not on a new View.
func (a *attention) follow(ctx app.Context) {
	a.awaitLastMinute(ctx)
	a.title(ctx)
	a.gather(ctx)
}

// told is what people were told already, so that nothing is told twice.
type told struct {
	toast  int // the last toast's id
	window meeting.Notice
	minute time.Time // the end before which one minute was told
	away   bool      // who looks elsewhere was notified of the window
	// waiting are the ids of those who wait and were told of.
	waiting []string
	comings int             // the last gathering's id
	hands   map[string]bool // whose raised hand was told
	screens map[string]bool // whose shared screen was told
	chat    int             // the last message's number
}

// came reports whether somebody came or went who was not told of yet.
func (t *told) came(v client.View) bool {
	fresh := v.News.Comings.ID > t.comings
	t.comings = v.News.Comings.ID
	return fresh
}

// knocked are those who wait and were not told of yet.
func (t *told) knocked(v client.View) []client.Waiter {
	var fresh []client.Waiter
	ids := make([]string, 0, len(v.Roster.Waiting))
	for _, w := range v.Roster.Waiting {
		ids = append(ids, w.ID)
		if !slices.Contains(t.waiting, w.ID) {
			fresh = append(fresh, w)
		}
	}
	t.waiting = ids
	return fresh
}

// toasts are the ones not told yet.
func (t *told) toasts(v client.View) []client.Toast {
	var fresh []client.Toast
	for _, toast := range v.News.Toasts {
		if toast.ID > t.toast {
			t.toast = toast.ID
			fresh = append(fresh, toast)
		}
	}
	return fresh
}

// opened reports whether a window opened that was not told yet.
func (t *told) opened(v client.View) bool {
	n := v.Timeline.Notice
	if n.Window == meeting.NoWindow || n.Window == t.window.Window && n.EndsAt.Equal(t.window.EndsAt) {
		return false
	}
	t.window = n
	return true
}

// arrive takes in what was there when the person came. The banner shows it and
// it is no news, so nothing sounds; but who does not see the banner is told.
func (a *attention) arrive(v client.View) {
	a.told.window = v.Timeline.Notice
	a.told.toasts(v)
	a.told.came(v)
	a.told.raised(v)
	a.told.written(v)
	var said []string
	if v.Timeline.Notice.Window != meeting.NoWindow {
		left, more := a.opening(v)
		said = append(said, left, more)
	}
	if fresh := a.told.knocked(v); len(fresh) > 0 {
		said = append(said, a.wanted(fresh))
	}
	for _, name := range a.told.shared(v) {
		said = append(said, a.room.Words.Say("share.said", words.Text("name", name)))
	}
	if len(said) > 0 {
		a.say(strings.Join(said, " "))
	}
}

// attend tells what changed: to those who do not see the page, and to those
// who are not looking.
func (a *attention) attend(v client.View) {
	a.begin()
	if a.told.opened(v) {
		a.windowOpened(v)
	}
	if fresh := a.told.knocked(v); len(fresh) > 0 {
		a.somebodyKnocked(fresh)
	}
	for _, t := range a.told.toasts(v) {
		if t.Kind == client.ToastExtended {
			a.windowAnswered(v, t)
		}
		if t.Kind != client.ToastJoined && t.Kind != client.ToastLeft {
			a.say(ui.Toast(t, a.room.now()))
		}
	}
	if a.told.came(v) {
		a.say(ui.Comings(a.room.Words, v.News.Comings))
	}
	for _, name := range a.told.shared(v) {
		a.say(a.room.Words.Say("share.said", words.Text("name", name)))
	}
	a.raised = append(a.raised, a.told.raised(v)...)
	a.written = append(a.written, a.told.written(v)...)
}

// opening is an open window in words: what is left, and what can be done.
func (a *attention) opening(v client.View) (left, more string) {
	n := v.Timeline.Notice
	left = a.room.Words.Say("notice.opening", words.Count("minutes", n.MinutesLeft), words.Text("time", a.room.now().At(n.EndsAt)))
	more = a.room.Words.Say("notice.anyone")
	switch {
	case n.Grantable == 0:
		more = a.room.Words.Say("notice.booked")
	case v.Room.ExtendBy == meeting.ExtendByModerators:
		more = a.room.Words.Say("notice.moderator")
	}
	return left, more
}

func (a *attention) windowOpened(v client.View) {
	n := v.Timeline.Notice
	left, more := a.opening(v)
	a.say(left)
	a.say(more)
	if a.room.Stage != nil {
		a.room.Stage.Chime(n.Window)
	}
	// Notify shows something only if the person asked for it; see tellme.go.
	a.told.away = a.room.Page != nil && a.room.Page.Hidden()
	if a.told.away {
		a.room.Page.Notify(a.room.Words.Say("notice.title", words.Text("name", a.room.name()), words.Count("minutes", n.MinutesLeft)), more)
	}
}

// windowAnswered takes the place of a notification that is no longer true.
func (a *attention) windowAnswered(v client.View, t client.Toast) {
	if a.told.away && a.room.Page != nil && a.room.Page.Hidden() {
		a.room.Page.Notify(a.room.name(), ui.Toast(t, a.room.now()))
	}
	a.told.away = false
}

// somebodyKnocked tells a moderator, also one who looks elsewhere.
func (a *attention) somebodyKnocked(waiting []client.Waiter) {
	a.say(a.wanted(waiting))
	if a.room.Page != nil && a.room.Page.Hidden() {
		a.room.Page.Notify(a.room.name(), wanting(a.room.Words, waiting))
	}
}

// wanted is who waits, in a whole sentence.
func (a *attention) wanted(waiting []client.Waiter) string {
	return a.room.Words.Say("knock.said", words.Text("wanting", wanting(a.room.Words, waiting)))
}

// begin is called before what is said next. What is said until then stays in the
// live region together.
func (a *attention) begin() { a.saying, a.before = nil, a.spoken }

// say puts words into the polite live region, after those since begin. A region
// that says the same again is not read out, so then it ends in a space that nobody
// hears.
func (a *attention) say(sentence string) {
	a.saying = append(a.saying, sentence)
	text := strings.Join(a.saying, " ")
	if text == a.before {
		text += "\u00a0"
	}
	a.spoken = text
	a.room.Update()
}

// awaitLastMinute tells when one minute is left.
func (a *attention) awaitLastMinute(ctx app.Context) {
	ends := a.room.View.Timeline.EndsAt
	left := a.room.left() - ui.Minute(a.room.View.Room)
	if ends.IsZero() || a.told.minute.Equal(ends) {
		return
	}
	if left > 0 {
		a.minute.Set(ctx, left, a.awaitLastMinute)
		return
	}
	a.told.minute = ends
	a.begin()
	if a.room.left() > 0 {
		a.say(a.room.Words.Say("notice.one_minute"))
	}
}

// title shows the time left while a window is open: it is all of the page that
// is seen of a hidden tab.
func (a *attention) title(ctx app.Context) {
	if a.room.Page == nil {
		return
	}
	left := a.room.left()
	if a.room.View.Timeline.Notice.Window == meeting.NoWindow || left <= 0 {
		a.seconds.Stop()
		a.room.Page.SetTitle(a.room.Words.Say("title.meeting", words.Text("name", a.room.name())))
		return
	}
	a.room.Page.SetTitle(a.room.Words.Say("title.time_left", words.Text("time", ui.MinutesSeconds(left)), words.Text("name", a.room.name())))
	a.seconds.Set(ctx, ui.UntilNextSecond(left), a.title)
}
