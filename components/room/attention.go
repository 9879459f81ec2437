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

// told is what people were told already, so that nothing is told twice.
type told struct {
	toast  int // the last toast's id
	window meeting.Notice
	minute time.Time // the end before which one minute was told
	away   bool      // who looks elsewhere was notified of the window
	// waiting are the ids of those who wait and were told of.
	waiting []string
	comings int // the last gathering's id
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
func (r *Room) arrive(v client.View) {
	r.told.window = v.Timeline.Notice
	r.told.toasts(v)
	r.told.came(v)
	var said []string
	if v.Timeline.Notice.Window != meeting.NoWindow {
		left, more := r.opening(v)
		said = append(said, left, more)
	}
	if fresh := r.told.knocked(v); len(fresh) > 0 {
		said = append(said, r.wanted(fresh))
	}
	if len(said) > 0 {
		r.say(strings.Join(said, " "))
	}
}

// attend tells what changed: to those who do not see the page, and to those
// who are not looking.
func (r *Room) attend(v client.View) {
	r.saying = nil
	if r.told.opened(v) {
		r.windowOpened(v)
	}
	if fresh := r.told.knocked(v); len(fresh) > 0 {
		r.somebodyKnocked(fresh)
	}
	for _, t := range r.told.toasts(v) {
		if t.Kind == client.ToastExtended {
			r.windowAnswered(v, t)
		}
		if t.Kind != client.ToastJoined && t.Kind != client.ToastLeft {
			r.say(ui.Toast(t, r.now()))
		}
	}
	if r.told.came(v) {
		r.say(ui.Comings(r.Words, v.News.Comings))
	}
}

// opening is an open window in words: what is left, and what can be done.
func (r *Room) opening(v client.View) (left, more string) {
	n := v.Timeline.Notice
	left = r.Words.Say("notice.opening", words.Count("minutes", n.MinutesLeft), words.Text("time", r.now().At(n.EndsAt)))
	more = r.Words.Say("notice.anyone")
	switch {
	case n.Grantable == 0:
		more = r.Words.Say("notice.booked")
	case v.Room.ExtendBy == meeting.ExtendByModerators:
		more = r.Words.Say("notice.moderator")
	}
	return left, more
}

func (r *Room) windowOpened(v client.View) {
	n := v.Timeline.Notice
	left, more := r.opening(v)
	r.say(left)
	r.say(more)
	if r.Stage != nil {
		r.Stage.Chime(n.Window)
	}
	// Notify shows something only if the person asked for it; see tellme.go.
	r.told.away = r.Page != nil && r.Page.Hidden()
	if r.told.away {
		r.Page.Notify(r.Words.Say("notice.title", words.Text("name", r.name()), words.Count("minutes", n.MinutesLeft)), more)
	}
}

// windowAnswered takes the place of a notification that is no longer true.
func (r *Room) windowAnswered(v client.View, t client.Toast) {
	if r.told.away && r.Page != nil && r.Page.Hidden() {
		r.Page.Notify(r.name(), ui.Toast(t, r.now()))
	}
	r.told.away = false
}

// somebodyKnocked tells a moderator, also one who looks elsewhere.
func (r *Room) somebodyKnocked(waiting []client.Waiter) {
	r.say(r.wanted(waiting))
	if r.Page != nil && r.Page.Hidden() {
		r.Page.Notify(r.name(), r.wanting(waiting))
	}
}

// wanted is who waits, in a whole sentence.
func (r *Room) wanted(waiting []client.Waiter) string {
	return r.Words.Say("knock.said", words.Text("wanting", r.wanting(waiting)))
}

// say puts words into the polite live region, after those that the same View
// brought. A region that says the same again is not read out, so then it ends in
// a space that nobody hears.
func (r *Room) say(sentence string) {
	r.saying = append(r.saying, sentence)
	text := strings.Join(r.saying, " ")
	if text == r.spoken {
		text += "\u00a0"
	}
	r.spoken = text
	r.Update()
}

// awaitLastMinute tells when one minute is left.
func (r *Room) awaitLastMinute(ctx app.Context) {
	ends := r.View.Timeline.EndsAt
	left := r.left() - ui.Minute(r.View.Room)
	if ends.IsZero() || r.told.minute.Equal(ends) {
		return
	}
	if left > 0 {
		r.minute.Set(ctx, left, r.awaitLastMinute)
		return
	}
	r.told.minute = ends
	r.saying = nil
	if r.left() > 0 {
		r.say(r.Words.Say("notice.one_minute"))
	}
}

// title shows the time left while a window is open: it is all of the page that
// is seen of a hidden tab.
func (r *Room) title(ctx app.Context) {
	if r.Page == nil {
		return
	}
	left := r.left()
	if r.View.Timeline.Notice.Window == meeting.NoWindow || left <= 0 {
		r.seconds.Stop()
		r.Page.SetTitle(r.Words.Say("title.meeting", words.Text("name", r.name())))
		return
	}
	r.Page.SetTitle(r.Words.Say("title.time_left", words.Text("time", ui.MinutesSeconds(left)), words.Text("name", r.name())))
	r.seconds.Set(ctx, ui.UntilNextSecond(left), r.title)
}

func (r *Room) name() string {
	if r.View.Room.Name == "" {
		return r.Words.Say("word.meeting")
	}
	return r.View.Room.Name
}
