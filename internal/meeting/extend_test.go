package meeting_test

import (
	"math"
	"testing"
	"time"

	"overtime/internal/meeting"
)

// asks is a request for n minutes that names no end.
func asks(n int) meeting.ExtendRequest { return meeting.ExtendRequest{Minutes: &n} }

// answers is a request for the default that names an end.
func answers(end time.Time) meeting.ExtendRequest { return meeting.ExtendRequest{Answers: end} }

// refusedExtend asks for an extension that has to be refused as want says and
// to change nothing.
func refusedExtend(t *testing.T, r meeting.Room, s meeting.Session, now time.Time, by meeting.Actor,
	req meeting.ExtendRequest, want meeting.Refusal) {
	t.Helper()
	before := clone(s)
	got, grant, err := s.Extend(r, now, by, req)
	wantRefusal(t, err, want)
	wantEqual(t, grant, meeting.Grant{})
	wantEqual(t, got, before)
}

func overBy(ending meeting.Ending, end time.Time) meeting.Refusal {
	return meeting.Refusal{Code: meeting.CodeOver, By: ending.By, EndsAt: end, Ending: &ending}
}

func TestExtendAtEachBoundary(t *testing.T) {
	r := roomOf(t, 60)
	noWindow := meeting.Refusal{Code: meeting.CodeNoWindow, OpensAt: at(50), EndsAt: at(60)}
	over := overBy(meeting.Ending{Reason: meeting.ReasonExpired, At: at(60)}, at(60))
	for _, c := range []struct {
		name          string
		boundary      time.Time
		before, after meeting.Window
		refusal       meeting.Refusal // where there is no window
	}{
		{"first opens", at(50), meeting.NoWindow, meeting.FirstWindow, noWindow},
		{"final opens", at(55), meeting.FirstWindow, meeting.FinalWindow, meeting.Refusal{}},
		{"the end", at(60), meeting.FinalWindow, meeting.NoWindow, over},
	} {
		for _, n := range nudges {
			t.Run(c.name+"/"+n.name, func(t *testing.T) {
				s, now, w := started(t, r), c.boundary.Add(n.by), c.after
				if n.before {
					w = c.before
				}
				if w == meeting.NoWindow {
					refusedExtend(t, r, s, now, ben, answers(at(60)), c.refusal)
					return
				}
				got, grant, err := s.Extend(r, now, ben, answers(at(60)))
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				wantEqual(t, grant, meeting.Grant{Minutes: 15, EndsAt: at(75)})
				wantEqual(t, got, meeting.Session{
					Number: 1, StartedAt: t0, EndsAt: at(75),
					Ledger: append(clone(s).Ledger, meeting.Entry{
						Kind: meeting.EntryExtended, At: meeting.Instant(now), By: ben.Person,
						EndsAt: at(75), Minutes: 15, Window: w,
					}),
				})
			})
		}
	}
}

func TestExtendGrantsWholeMinutes(t *testing.T) {
	r := roomOf(t, 60, func(r *meeting.Room) { r.DefaultExtension = 20 })
	bad := meeting.Refusal{Code: meeting.CodeBadMinutes}
	for _, c := range []struct {
		name string
		req  meeting.ExtendRequest
		want int // 0: refused
	}{
		{"the room's default for none", meeting.ExtendRequest{}, 20},
		{"nothing for 0", asks(0), 0},
		{"nothing for 9", asks(9), 0},
		{"10 for 10", asks(10), 10},
		{"30 for 30", asks(30), 30},
		{"nothing for 31", asks(31), 0},
		{"nothing for -10", asks(-10), 0},
		{"nothing for the most there is", asks(math.MaxInt), 0},
		{"nothing for the least there is", asks(math.MinInt), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := started(t, r)
			if c.want == 0 {
				refusedExtend(t, r, s, at(52), ben, c.req, bad)
				return
			}
			got, grant, err := s.Extend(r, at(52), ben, c.req)
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			wantEqual(t, grant, meeting.Grant{Minutes: c.want, EndsAt: at(60 + c.want)})
			if got.EndsAt != grant.EndsAt {
				t.Fatalf("ends at %v, granted %v", got.EndsAt, grant.EndsAt)
			}
		})
	}
}

func TestExtendGrantsTheRoomsMinutes(t *testing.T) {
	r := roomOf(t, 60, func(r *meeting.Room) { r.Minute = time.Second })
	s := started(t, r)
	refusedExtend(t, r, s, t0.Add(50*time.Second-1), ben, asks(10),
		meeting.Refusal{Code: meeting.CodeNoWindow, OpensAt: t0.Add(50 * time.Second), EndsAt: at(1)})
	_, grant, err := s.Extend(r, t0.Add(50*time.Second), ben, asks(10))
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	wantEqual(t, grant, meeting.Grant{Minutes: 10, EndsAt: t0.Add(70 * time.Second)})
}

func TestExtendStopsAtLatestEnd(t *testing.T) {
	noTime := meeting.Refusal{Code: meeting.CodeNoTimeLeft, EndsAt: at(60)}
	for _, c := range []struct {
		name   string
		latest time.Time
		asked  int
		want   int // 0: refused
	}{
		{"all that was asked when it just fits", at(90), 30, 30},
		{"a whole minute less when 1 ms is missing", at(90).Add(-time.Millisecond), 30, 29},
		{"a whole minute less when 1 ns is missing", at(90).Add(-1), 30, 29},
		{"what was asked when there is more", at(90), 12, 12},
		{"10 when there are 10", at(70), 30, 10},
		{"10 when there are 10 and 1 ms", at(70).Add(time.Millisecond), 15, 10},
		{"nothing when 1 ms of 10 is missing", at(70).Add(-time.Millisecond), 10, 0},
		{"nothing when 1 ns of 10 is missing", at(70).Add(-1), 10, 0},
		{"nothing at the latest end", at(60), 10, 0},
		{"nothing past the latest end", at(40), 10, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := roomOf(t, 60)
			s := started(t, r)
			r.LatestEnd = c.latest // changed during the session
			if c.want == 0 {
				refusedExtend(t, r, s, at(55), ben, asks(c.asked), noTime)
				return
			}
			_, grant, err := s.Extend(r, at(55), ben, asks(c.asked))
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			wantEqual(t, grant, meeting.Grant{Minutes: c.want, EndsAt: at(60 + c.want)})
		})
	}
	t.Run("the default is cut as well", func(t *testing.T) {
		r := roomOf(t, 60, latestEnd(at(71)))
		_, grant, err := started(t, r).Extend(r, at(55), ben, meeting.ExtendRequest{})
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		wantEqual(t, grant, meeting.Grant{Minutes: 11, EndsAt: at(71)})
	})
}

func TestExtendByRole(t *testing.T) {
	unknown := meeting.Actor{Role: "owner"}
	for _, c := range []struct {
		name       string
		by         meeting.Actor
		anyone     bool
		moderators bool
	}{
		{"moderator", ada, true, true},
		{"participant", ben, true, false},
		{"viewer", vera, false, false},
		{"portal", desk, true, true},
		{"unknown role", unknown, false, false},
		{"no role", meeting.Actor{}, false, false},
	} {
		for _, setting := range []struct {
			name string
			room meeting.Room
			ok   bool
		}{
			{"anyone", roomOf(t, 60), c.anyone},
			{"moderators", roomOf(t, 60, moderatorsOnly), c.moderators},
		} {
			t.Run(c.name+" where "+setting.name+" may", func(t *testing.T) {
				s := started(t, setting.room)
				if !setting.ok {
					refusedExtend(t, setting.room, s, at(55), c.by, answers(at(60)),
						meeting.Refusal{Code: meeting.CodeForbidden})
					return
				}
				s, _, err := s.Extend(setting.room, at(55), c.by, answers(at(60)))
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				wantEqual(t, s.Extensions()[0].By, c.by.Person)
			})
		}
	}
}

func TestExtendSaysWhoMay(t *testing.T) {
	anyone, narrowed := roomOf(t, 60), roomOf(t, 60, moderatorsOnly)
	_, _, err := started(t, anyone).Extend(anyone, at(55), vera, meeting.ExtendRequest{})
	open := refusalOf(t, err, meeting.CodeForbidden).Message
	for _, by := range []meeting.Actor{ben, vera} {
		_, _, err := started(t, narrowed).Extend(narrowed, at(55), by, meeting.ExtendRequest{})
		if refusalOf(t, err, meeting.CodeForbidden).Message == open {
			t.Errorf("a %s is sent to somebody who may not extend either", by.Role)
		}
	}
}
