package meeting_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/meeting"
	"pgregory.net/rapid"
)

// actor runs a session against the clock the way a room does: it sleeps until
// the next wake, and takes requests one at a time.
type actor struct {
	room     meeting.Room
	session  meeting.Session
	requests chan func(now time.Time)
	done     chan struct{}
	late     []meeting.Entry // openings that were recorded after their instant
}

func runActor(r meeting.Room, s meeting.Session) *actor {
	a := &actor{room: r, session: s, requests: make(chan func(time.Time)), done: make(chan struct{})}
	go a.run()
	return a
}

func (a *actor) run() {
	defer close(a.done)
	for {
		now := time.Now()
		var entries []meeting.Entry
		a.session, entries = a.session.Advance(a.room, now)
		for _, e := range entries {
			if !e.At.Equal(now) {
				a.late = append(a.late, e)
			}
		}
		wake, ok := a.session.NextWake(a.room, now)
		if !ok || !wake.After(now) { // over, or stuck: the session has no ending then
			return
		}
		timer := time.NewTimer(wake.Sub(now))
		select {
		case <-timer.C:
		case request := <-a.requests:
			timer.Stop()
			request(time.Now())
		}
	}
}

// do has request run by the actor, or at once when the actor is gone.
func (a *actor) do(request func(now time.Time)) {
	served := make(chan struct{})
	select {
	case a.requests <- func(now time.Time) { request(now); close(served) }:
		<-served
	case <-a.done:
		request(time.Now())
	}
}

// act is something that a person does in a story, so many minutes after its
// start.
type act struct {
	after float64
	by    meeting.Actor
	does  func(a *actor, by meeting.Actor, now time.Time) error
}

func extends(minutes int) func(*actor, meeting.Actor, time.Time) error {
	return func(a *actor, by meeting.Actor, now time.Time) error {
		s, _, err := a.session.Extend(a.room, now, by, asks(minutes))
		a.session = s
		return err
	}
}

func ends(text string) func(*actor, meeting.Actor, time.Time) error {
	return func(a *actor, by meeting.Actor, now time.Time) error {
		s, err := a.session.End(now, by, text)
		a.session = s
		return err
	}
}

// tell is a ledger in words, in minutes since its start.
func tell(r meeting.Room, s meeting.Session) string {
	minutes := func(t time.Time) string {
		return strconv.FormatFloat(float64(t.Sub(s.StartedAt))/float64(r.Minute), 'f', -1, 64)
	}
	var out strings.Builder
	for _, e := range s.Ledger {
		words := []string{minutes(e.At), string(e.Kind), string(e.Window), string(e.Reason), e.By.Sub, e.Text}
		if e.Minutes != 0 {
			words = append(words, strconv.Itoa(e.Minutes))
		}
		line := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
		fmt.Fprintf(&out, "%s, ends %s\n", line, minutes(e.EndsAt))
	}
	return out.String()
}

func TestWholeMeetings(t *testing.T) {
	for _, c := range []struct {
		name    string
		minutes int
		latest  int // in minutes after the start; 0 for none
		acts    []act
		want    string
	}{
		{name: "60 minutes expire", minutes: 60, want: `
			0 started ada, ends 60
			50 window_opened first 10, ends 60
			55 window_opened final 5, ends 60
			60 ended expired, ends 60`},
		{name: "60 minutes with two extensions", minutes: 60,
			acts: []act{{52, ben, extends(10)}, {66.5, ada, extends(20)}}, want: `
			0 started ada, ends 60
			50 window_opened first 10, ends 60
			52 extended first ben 10, ends 70
			60 window_opened first 10, ends 70
			65 window_opened final 5, ends 70
			66.5 extended final ada 20, ends 90
			80 window_opened first 10, ends 90
			85 window_opened final 5, ends 90
			90 ended expired, ends 90`},
		{name: "240 minutes ended by a moderator", minutes: 240,
			acts: []act{{239.5, ben, extends(30)}, {250, ada, ends("well done")}}, want: `
			0 started ada, ends 240
			230 window_opened first 10, ends 240
			235 window_opened final 5, ends 240
			239.5 extended final ben 30, ends 270
			250 ended ended_by_moderator ada well done, ends 270`},
		{name: "60 minutes cut by the latest end, ended by the portal", minutes: 60, latest: 72,
			acts: []act{{50, ben, extends(30)}, {71, desk, ends("")}}, want: `
			0 started ada, ends 60
			50 window_opened first 10, ends 60
			50 extended first ben 12, ends 72
			62 window_opened first 10, ends 72
			67 window_opened final 5, ends 72
			71 ended ended_by_api desk, ends 72`},
		{name: "10 minutes begin with their window", minutes: 10, want: `
			0 started ada, ends 10
			0 window_opened first 10, ends 10
			5 window_opened final 5, ends 10
			10 ended expired, ends 10`},
		{name: "3 minutes begin with the final window", minutes: 3,
			acts: []act{{1, ben, extends(10)}}, want: `
			0 started ada, ends 3
			0 window_opened final 3, ends 3
			1 extended final ben 10, ends 13
			3 window_opened first 10, ends 13
			8 window_opened final 5, ends 13
			13 ended expired, ends 13`},
	} {
		for _, scale := range []time.Duration{time.Minute, time.Second} {
			t.Run(c.name+"/minute of "+scale.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					start := time.Now()
					r := roomOf(t, c.minutes, func(r *meeting.Room) {
						r.Minute = scale
						if c.latest != 0 {
							r.LatestEnd = start.Add(time.Duration(c.latest) * scale)
						}
					})
					s, err := meeting.Start(r, 1, start, ada.Person)
					if err != nil {
						t.Fatalf("Start: %v", err)
					}
					a := runActor(r, s)
					for _, act := range c.acts {
						<-time.After(time.Until(start.Add(time.Duration(act.after * float64(scale)))))
						a.do(func(now time.Time) {
							if err := act.does(a, act.by, now); err != nil {
								t.Errorf("%s after %v minutes: %v", act.by.Name, act.after, err)
							}
						})
					}
					<-a.done
					if a.session.Ending == nil {
						t.Fatalf("stuck after\n%s", tell(r, a.session))
					}
					if len(a.late) > 0 {
						t.Errorf("recorded late: %s", show(a.late))
					}
					want := strings.TrimPrefix(strings.ReplaceAll(c.want, "\t", ""), "\n") + "\n"
					if got := tell(r, a.session); got != want {
						t.Errorf("got:\n%s\nwant:\n%s", got, want)
					}
					if got, want := time.Since(start), a.session.Ending.At.Sub(start); got != want {
						t.Errorf("took %v, want %v", got, want)
					}
					wantReplay(t, a.session)
				})
			})
		}
	}
}

// A server that was down takes the session up again from its ledger.
func TestWholeMeetingAfterACrash(t *testing.T) {
	for _, c := range []struct {
		name string
		back int // minutes after the start
		want string
	}{
		{"back before the windows", 30, `
			50 window_opened first 10, ends 60
			55 window_opened final 5, ends 60
			60 ended expired, ends 60`},
		{"first was missed and is still open", 53, `
			53 window_opened first 7, ends 60
			55 window_opened final 5, ends 60
			60 ended expired, ends 60`},
		{"first was missed and is closed", 57, `
			57 window_opened final 3, ends 60
			60 ended expired, ends 60`},
		{"the end was missed", 75, `
			60 ended expired, ends 60`},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := roomOf(t, 60)
				s, err := meeting.Start(r, 1, time.Now(), ada.Person)
				if err != nil {
					t.Fatalf("Start: %v", err)
				}
				<-time.After(time.Duration(c.back) * time.Minute)
				s, err = meeting.Replay(1, s.Ledger)
				if err != nil {
					t.Fatalf("Replay: %v", err)
				}
				a := runActor(r, s)
				<-a.done
				want := "0 started ada, ends 60" + strings.ReplaceAll(c.want, "\t", "") + "\n"
				if got := tell(r, a.session); got != want {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
		})
	}
}

// press is one of two racers' answers to the same notice.
type press struct {
	by    meeting.Actor
	grant meeting.Grant
	err   error
}

// race has Ada and Ben press in one window, so long after it opened.
func race(t *testing.T, minutes int, delays [2]time.Duration) (presses [2]press) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := roomOf(t, 60)
		s, err := meeting.Start(r, 1, time.Now(), ada.Person)
		if err != nil {
			t.Fatalf("Start: %v", err)
		}
		named := s.EndsAt
		a := runActor(r, s)
		finished := make(chan struct{})
		for i, by := range []meeting.Actor{ada, ben} {
			go func() {
				defer func() { finished <- struct{}{} }()
				<-time.After(50*time.Minute + delays[i])
				a.do(func(now time.Time) {
					p := press{by: by}
					a.session, p.grant, p.err = a.session.Extend(r, now, by,
						meeting.ExtendRequest{Answers: named, Minutes: &minutes})
					presses[i] = p
				})
			}()
		}
		<-finished
		<-finished
		<-a.done
	})
	return presses
}

func wantOneGrant(t tb, minutes int, presses [2]press) {
	t.Helper()
	won, lost := presses[0], presses[1]
	if won.err != nil {
		won, lost = lost, won
	}
	if won.err != nil {
		t.Fatalf("both were refused: %v, %v", won.err, lost.err)
	}
	if won.grant.Minutes != minutes {
		t.Fatalf("granted %d minutes, want %d", won.grant.Minutes, minutes)
	}
	wantEqual(t, lost.grant, meeting.Grant{})
	wantRefusal(t, lost.err, meeting.Refusal{
		Code: meeting.CodeAlreadyExtended, By: won.by.Person, Minutes: minutes, EndsAt: won.grant.EndsAt,
	})
}

func TestTwoRacersInOneWindow(t *testing.T) {
	for _, c := range []struct {
		name   string
		delays [2]time.Duration
	}{
		{"at one instant", [2]time.Duration{time.Minute, time.Minute}},
		{"as the window opens", [2]time.Duration{0, 0}},
		{"1 ms apart", [2]time.Duration{time.Minute, time.Minute - time.Millisecond}},
		{"in first and in final", [2]time.Duration{time.Minute, 6 * time.Minute}},
		{"the loser after the old end", [2]time.Duration{10*time.Minute - time.Millisecond, 11 * time.Minute}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantOneGrant(t, 10, race(t, 10, c.delays))
		})
	}
}

func TestPropertyTwoRacers(t *testing.T) {
	delay := rapid.Int64Range(0, int64(10*time.Minute-time.Millisecond))
	rapid.Check(t, func(rt *rapid.T) {
		minutes := rapid.IntRange(meeting.MinGrant, meeting.MaxGrant).Draw(rt, "minutes")
		delays := [2]time.Duration{
			time.Duration(delay.Draw(rt, "Ada")), time.Duration(delay.Draw(rt, "Ben")),
		}
		wantOneGrant(rt, minutes, race(t, minutes, delays))
	})
}

// BenchmarkWholeMeeting passes 240 minutes, from wake to wake.
func BenchmarkWholeMeeting(b *testing.B) {
	r := roomOf(b, 240)
	for b.Loop() {
		s := started(b, r)
		for now, ok := t0, true; ok; now, ok = s.NextWake(r, now) {
			s, _ = s.Advance(r, now)
		}
	}
}
