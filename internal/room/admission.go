package room

import (
	"overtime/internal/protocol"
)

// Verdict is what is done with somebody at the door.
type Verdict int

const (
	// Refuse answers with the rule's refusal.
	Refuse Verdict = iota
	// AwaitWrites asks the rules again once no change waits.
	AwaitWrites
	// MakeSure asks again once a write has shown that the room is still this
	// process's.
	MakeSure
	// TellOver answers with how the session ended.
	TellOver
	// Wait puts them in line, or keeps them there.
	Wait
	// EndFirst has the end recorded that came due just now, then asks again.
	EndFirst
	// Start begins a session with them as its first person.
	Start
	// GiveRole saves what their token gives or takes before they come in by it.
	GiveRole
	// Seat lets them in: the rules of seating say to which place.
	Seat
)

// Rule is one rule of admission. The first of Rules that applies decides.
type Rule struct {
	Name string
	// Why it is there.
	Why     string
	applies func(Arrival) bool
	Verdict Verdict
	Refusal protocol.Error
	// Close, if it is not 0, closes the connection of whoever is refused: what they
	// hold is good for nothing here.
	Close protocol.CloseCode
	// Audited: the audit is told of the refusal.
	Audited bool
	// Peeks: it holds for who looks in from the lobby, too.
	Peeks bool
}

// Rules of admission, from the first to the last. Order is meaning: a rule may
// count on none of those before it having applied.
func Rules() []Rule {
	return []Rule{
		{
			Name: "an end that is due waits for what may move it", Peeks: true,
			Why:     "an extension that came in time is being written: nobody is told of an end that it moves",
			applies: Arrival.undecided, Verdict: AwaitWrites,
		},
		{
			Name: "another process may know better", Peeks: true,
			Why:     "a process that lost the room must not send people away by what it remembers",
			applies: Arrival.unsure, Verdict: MakeSure,
		},
		{
			Name: "the meeting is over", Peeks: true,
			Why: "a room for one meeting stays closed; and a secret is of a session, not of the one after it",
			applies: func(a Arrival) bool {
				return a.over() && (a.back() || !a.State.Saved.Room.Reusable) && a.State.Saved.Deleted.IsZero()
			},
			Verdict: TellOver,
		},
		{
			Name: "the room was deleted", Peeks: true,
			Why:     "a link into nothing is said to be no good, and no more",
			applies: func(a Arrival) bool { return !a.State.Saved.Deleted.IsZero() },
			Refusal: errGoneRoom, Close: protocol.CloseBadToken, Audited: true,
		},
		{
			Name: "the link has expired", Peeks: true,
			Why:     "it was good once, so its holder may be told what became of the meeting, and nothing else",
			applies: func(a Arrival) bool { return a.Entry.Expired },
			Refusal: errExpired, Audited: true,
		},
		{
			Name: "they were removed", Peeks: true,
			Why:     "a moderator, or the portal, keeps them out for as long as the session lasts",
			applies: Arrival.removed,
			Refusal: errRemoved, Close: protocol.CloseRemoved, Audited: true,
		},
		{
			Name: "the link was renewed", Peeks: true,
			Why:     "what was given out before may be in the wrong hands",
			applies: Arrival.byOldLink,
			Refusal: errOldLink, Close: protocol.CloseBadToken, Audited: true,
		},
		{
			Name:    "the secret is of another session",
			Why:     "a place ends with its session",
			applies: func(a Arrival) bool { return a.back() && (a.session() == nil || a.session().Number != a.Entry.Session) },
			Refusal: errOldPlace,
		},
		{
			Name:    "they left by choice",
			Why:     "whoever left, perhaps on a machine that others use, is not brought back by what was left lying there",
			applies: func(a Arrival) bool { return a.gaveUp() && a.leftByChoice() },
			Refusal: errLeft,
		},
		{
			Name:    "their role is forgotten",
			Why:     "an old secret must not give back a role that a newer token took",
			applies: func(a Arrival) bool { return a.gaveUp() && a.forgetsRole() },
			Refusal: errForgotten,
		},
		{
			Name:    "too many come back from one network",
			Why:     "secrets that hold no place any more are bounded for each network, or they would be a way around the bounds of joining",
			applies: func(a Arrival) bool { return a.gaveUp() && a.Entry.Crowd },
			Refusal: errCrowd, Close: protocol.CloseTooMany,
		},
		{
			Name:    "the record is too far behind",
			Why:     "who came and went while nothing could be saved is kept in memory, which has a bound; who comes back to a held place adds nothing",
			applies: func(a Arrival) bool { return len(a.State.Outbox) >= MostUntold && !a.hasPlace() },
			Refusal: errBehind,
		},
		{
			Name:    "the room is locked",
			Why:     "nobody new is let in; who is inside, was lately, or waited before is not new",
			applies: func(a Arrival) bool { return a.stranger() && a.lockedOut() },
			Refusal: errLocked, Audited: true,
		},
		{
			Name:    "a moderator lets people in",
			Why:     "a newcomer waits; who was inside does not wait again",
			applies: func(a Arrival) bool { return a.stranger() && a.mustWait() },
			Verdict: Wait,
		},
		{
			Name:    "the session before has to end first",
			Why:     "its ledger is kept and its people are told before the next one begins",
			applies: func(a Arrival) bool { return a.over() && a.session().Ending == nil },
			Verdict: EndFirst,
		},
		{
			Name:    "they are the first",
			Why:     "the first admission starts the clock",
			applies: func(a Arrival) bool { return a.session() == nil || a.over() },
			Verdict: Start,
		},
		{
			Name:    "their token changes their role",
			Why:     "a role that was seen to be taken back must not come back after a crash, so it is saved before they come in",
			applies: Arrival.changesRole, Verdict: GiveRole,
		},
		{
			Name:    "all else may come in",
			Why:     "what nothing speaks against is allowed: the edge has verified what they hold",
			applies: func(Arrival) bool { return true },
			Verdict: Seat,
		},
	}
}

// Admit decides about somebody who says hello: by which rule, about whom they turn
// out to be, and what that makes of the line.
func (a Arrival) Admit() (Rule, Arrival, []Fact) {
	if r := a.first(func(r Rule) bool { return r.Verdict == AwaitWrites || r.Verdict == MakeSure }); r.Name != "" {
		return r, a, nil // who they are is asked once it is certain
	}
	a, facts := a.resolve()
	return a.first(func(Rule) bool { return true }), a, facts
}

// Peek decides about somebody who looks in from the lobby. The verdict Seat is that
// they may come, as far as can be said.
func (a Arrival) Peek() Rule {
	if r := a.first(func(r Rule) bool { return r.Peeks }); r.Name != "" {
		return r
	}
	return Rule{Name: "they may look in", Verdict: Seat}
}

// first is the first rule of some that applies, zero if none does.
func (a Arrival) first(of func(Rule) bool) Rule {
	for _, r := range Rules() {
		if of(r) && r.applies(a) {
			return r
		}
	}
	return Rule{}
}
