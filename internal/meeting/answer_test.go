package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestExtendAnswersANamedEnd(t *testing.T) {
	r := roomOf(t, 60)
	s := extended(t, r, started(t, r), at(52), ben, 10) // until 70
	s = extended(t, r, s, at(66), ada, 20)              // until 90
	answeredBy := func(by meeting.Actor, minutes int) meeting.Refusal {
		return meeting.Refusal{Code: meeting.CodeAlreadyExtended, By: by.Person, Minutes: minutes, EndsAt: at(90)}
	}
	never := meeting.Refusal{Code: meeting.CodeBadRequest, EndsAt: at(90)}
	for _, c := range []struct {
		name  string
		named time.Time
		want  meeting.Refusal
	}{
		{"the first end was answered by Ben", at(60), answeredBy(ben, 10)},
		{"the second end was answered by Ada", at(70), answeredBy(ada, 20)},
		{"a named end is truncated", at(70).Add(time.Millisecond - 1), answeredBy(ada, 20)},
		{"a named end may come in another zone", at(70).In(time.FixedZone("", 3600)), answeredBy(ada, 20)},
		{"1 ms before an end never was one", at(70).Add(-time.Millisecond), never},
		{"1 ns before an end never was one", at(70).Add(-1), never},
		{"1 ms after an end never was one", at(70).Add(time.Millisecond), never},
		{"1 ms before the present end never was one", at(90).Add(-time.Millisecond), never},
		{"the start never was an end", at(0), never},
		{"the future never was an end", at(120), never},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, now := range []time.Time{at(67), at(82)} { // outside and inside a window
				refusedExtend(t, r, s, now, ben, answers(c.named), c.want)
			}
		})
	}
	t.Run("the present end is extended", func(t *testing.T) {
		for _, named := range []time.Time{at(90), at(90).Add(time.Millisecond - 1), at(90).Local()} {
			if _, _, err := s.Extend(r, at(82), ben, answers(named)); err != nil {
				t.Fatalf("refused: %v", err)
			}
		}
	})
	t.Run("the present end outside its windows", func(t *testing.T) {
		refusedExtend(t, r, s, at(79), ben, answers(at(90)),
			meeting.Refusal{Code: meeting.CodeNoWindow, OpensAt: at(80), EndsAt: at(90)})
	})
	t.Run("none outside a window", func(t *testing.T) {
		refusedExtend(t, r, s, at(67), ben, meeting.ExtendRequest{},
			meeting.Refusal{Code: meeting.CodeNoWindow, OpensAt: at(80), EndsAt: at(90)})
	})
}

// Openings stand between the end that was answered and the extension that
// answered it, and between two extensions.
func TestExtendFindsTheAnswerAmongOpenings(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(50))
	s = advanced(t, r, s, at(55))
	s = extended(t, r, s, at(56), ben, 10)
	s = advanced(t, r, s, at(61))
	s = extended(t, r, s, at(62), ada, 30)
	refusedExtend(t, r, s, at(62), ben, answers(at(60)),
		meeting.Refusal{Code: meeting.CodeAlreadyExtended, By: ben.Person, Minutes: 10, EndsAt: at(100)})
	refusedExtend(t, r, s, at(62), ben, answers(at(70)),
		meeting.Refusal{Code: meeting.CodeAlreadyExtended, By: ada.Person, Minutes: 30, EndsAt: at(100)})
}

// Each request is wrong in every way that is checked after the one that it is
// refused for.
func TestExtendChecksInOrder(t *testing.T) {
	r := roomOf(t, 60, latestEnd(at(75)))
	s := extended(t, r, started(t, r), at(50), ada, 10) // until 70, and no more
	bad := 99
	ending := meeting.Ending{Reason: meeting.ReasonEndedByModerator, At: at(52), By: ada.Person, Text: "done"}
	for _, c := range []struct {
		name string
		s    meeting.Session
		now  time.Time
		by   meeting.Actor
		req  meeting.ExtendRequest
		want meeting.Refusal
	}{
		{"over, recorded", ended(t, s, at(52), ada, "done"), at(51), vera,
			meeting.ExtendRequest{Answers: at(1), Minutes: &bad}, overBy(ending, at(70))},
		{"over, not recorded yet", s, at(70), vera, meeting.ExtendRequest{Answers: at(1), Minutes: &bad},
			overBy(meeting.Ending{Reason: meeting.ReasonExpired, At: at(70)}, at(70))},
		{"role", s, at(51), vera, meeting.ExtendRequest{Answers: at(1), Minutes: &bad},
			meeting.Refusal{Code: meeting.CodeForbidden}},
		{"named end that never was", s, at(51), ben, meeting.ExtendRequest{Answers: at(1), Minutes: &bad},
			meeting.Refusal{Code: meeting.CodeBadRequest, EndsAt: at(70)}},
		{"named end that was answered", s, at(51), ben, meeting.ExtendRequest{Answers: at(60), Minutes: &bad},
			meeting.Refusal{Code: meeting.CodeAlreadyExtended, By: ada.Person, Minutes: 10, EndsAt: at(70)}},
		{"window", s, at(51), ben, meeting.ExtendRequest{Answers: at(70), Minutes: &bad},
			meeting.Refusal{Code: meeting.CodeNoWindow, OpensAt: at(60), EndsAt: at(70)}},
		{"minutes", s, at(61), ben, meeting.ExtendRequest{Answers: at(70), Minutes: &bad},
			meeting.Refusal{Code: meeting.CodeBadMinutes}},
		{"room left", s, at(61), ben, answers(at(70)),
			meeting.Refusal{Code: meeting.CodeNoTimeLeft, EndsAt: at(70)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			refusedExtend(t, r, c.s, c.now, c.by, c.req, c.want)
		})
	}
}

// now is a request's arrival, also when the rules are asked again later.
func TestExtendHoldsItsArrivalAcrossRetries(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(50))
	arrival := at(55).Add(-time.Millisecond)
	s = advanced(t, r, s, at(55)) // meanwhile
	s, _, err := s.Extend(r, arrival, ben, answers(at(60)))
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	if e := s.Extensions()[0]; e.Window != meeting.FirstWindow || e.At != arrival {
		t.Fatalf("extended in %q at %v, want first at %v", e.Window, e.At, arrival)
	}
}

func TestExtensions(t *testing.T) {
	r := roomOf(t, 60)
	s := started(t, r)
	if got := s.Extensions(); len(got) != 0 {
		t.Fatalf("a new session has extensions %+v", got)
	}
	s = advanced(t, r, s, at(50))
	s = extended(t, r, s, at(52), ben, 10)
	s = extended(t, r, s, at(66), ada, 20)
	s = ended(t, s, at(67), ada, "")
	wantEqual(t, s.Extensions(), []meeting.Entry{
		{Kind: meeting.EntryExtended, At: at(52), By: ben.Person, EndsAt: at(70), Minutes: 10, Window: meeting.FirstWindow},
		{Kind: meeting.EntryExtended, At: at(66), By: ada.Person, EndsAt: at(90), Minutes: 20, Window: meeting.FinalWindow},
	})
}
