package room

import (
	"reflect"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Durability is what has become of a change once its asker is answered.
type Durability int

const (
	// Committed is in the room's record, by compare-and-set and with an fsync, before
	// anybody is told.
	Committed Durability = iota + 1
	// Logged is appended to a stream, with an fsync, before anybody is told.
	Logged
	// Behind is told at once and saved soon after, beside the record: on a full disk
	// people still come and go.
	Behind
	// Ephemeral is this process's memory and nothing else.
	Ephemeral
)

func (d Durability) String() string {
	return [...]string{Committed: "committed", Logged: "logged", Behind: "behind", Ephemeral: "ephemeral"}[d]
}

// Budget names how often one connection may ask for something, beside the budget of
// all its messages. How much that is, throttle.Socket says; the edge holds it.
type Budget int

const (
	NoBudget Budget = iota
	ExtendBudget
	OfferBudget
	ShowBudget
	AttributeBudget
	ReactionBudget
	ChatBudget
	ChatDeleteBudget
	ChatPageBudget
)

func (b Budget) String() string {
	return [...]string{
		NoBudget: "", ExtendBudget: "extend", OfferBudget: "offer", ShowBudget: "show", AttributeBudget: "attributes",
		ReactionBudget: "reactions", ChatBudget: "chat", ChatDeleteBudget: "chat, deletion", ChatPageBudget: "chat, pages",
	}[b]
}

// Who is who may ask for something, by their role and the room's settings.
type Who struct {
	Name string
	may  func(meeting.Room, meeting.Role) bool
	// refusal is what everybody else is told.
	refusal func(meeting.Room) error
}

// May reports whether somebody in that role may.
func (w Who) May(r meeting.Room, role meeting.Role) bool { return w.may(r, role) }

func anybody() Who {
	return Who{Name: "anybody", may: func(meeting.Room, meeting.Role) bool { return true }}
}

func moderators() Who {
	return Who{
		Name:    "moderators",
		may:     func(_ meeting.Room, role meeting.Role) bool { return role.Moderates() },
		refusal: func(meeting.Room) error { return errNotModerator },
	}
}

// Command is one thing that may be asked of a room, and all that there is to say of
// it. The modules make them: timeline.go, admission.go and so on.
type Command struct {
	// Feature is the module's name, Type the wire's of the message; a portal's own
	// messages are on no wire.
	Feature, Type string
	message       reflect.Type
	// People and Portals may ask it.
	People, Portals bool
	Who             Who
	Budget          Budget
	Durability      Durability
	// Session: there has to be one for a portal to ask it. People are in one, and may
	// change nothing once it is over.
	Session bool
	// Leaves is why whoever has no place any more once it is committed left, if
	// anybody does.
	Leaves protocol.LeftReason
	// Outside: what happens is not the state's alone. The shell does it, once the
	// command is allowed.
	Outside bool

	// keeps decides about the record, of what is Committed.
	keeps func(Ask) ([]Kept, Op, error)
	// happens decides about the state, of what is not.
	happens func(Ask) ([]Fact, Reply, error)
}

// Name is the wire's word for what is asked, or the program's for what a portal alone
// asks; empty for a command
// that says nothing to do.
func (c Command) Name() string {
	if c.Type != "" || c.message == reflect.TypeFor[noCommand]() {
		return c.Type
	}
	return c.message.Name()
}

// Reply is what the asker gets if nothing was refused.
type Reply struct {
	OK     protocol.OK
	People []control.Participant // for a portal
	// Close, if it is not 0, closes the connection after it.
	Close protocol.CloseCode
}

// on makes c the command of messages of type M.
func on[M any](c Command) Command {
	var m M
	c.message = reflect.TypeOf(m)
	if said, ok := any(m).(protocol.ClientMessage); ok {
		c.Type = protocol.ClientType(said)
	}
	return c
}

// keeping is c, Committed, decided by f.
func keeping[M any](c Command, f func(Ask, M) ([]Kept, Op, error)) Command {
	c.Durability = Committed
	c.keeps = func(a Ask) ([]Kept, Op, error) { return f(a, a.Message.(M)) }
	return on[M](c)
}

// happening is c decided by f.
func happening[M any](c Command, f func(Ask, M) ([]Fact, Reply, error)) Command {
	c.happens = func(a Ask) ([]Fact, Reply, error) { return f(a, a.Message.(M)) }
	return on[M](c)
}

// Table is every command by its message.
type Table struct{ byMessage map[reflect.Type]Command }

// NewTable is made of the modules.
func NewTable() Table {
	t := Table{map[reflect.Type]Command{}}
	for _, module := range [][]Command{timeline(), admission(), moderation(), presence(), attributes(), reactions(), stage(), chat(), portals()} {
		for _, c := range module {
			t.byMessage[c.message] = c
		}
	}
	return t
}

// Of is the command of a message.
func (t Table) Of(message any) (c Command, known bool) {
	c, known = t.byMessage[reflect.TypeOf(message)]
	return c, known
}

// All are the commands, in no order.
func (t Table) All() []Command {
	var out []Command
	for _, c := range t.byMessage {
		out = append(out, c)
	}
	return out
}
