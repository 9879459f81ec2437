package protocol

import "time"

// Limits on what is said about a person.
const (
	MaxAttributeName  = 32  // bytes
	MaxAttributeValue = 256 // bytes
	MaxAttributes     = 16  // of one person
)

// AttributeHand is the attribute of whoever raised a hand: the server's instant at
// which it was raised, in RFC 3339 with milliseconds. Hands are in its order. Whoever
// raises one sends the value HandUp.
const (
	AttributeHand = "hand"
	HandUp        = "up"
)

// GatherReactions is how long the server gathers what people react with before it
// tells everybody.
const GatherReactions = 250 * time.Millisecond

// SetAttribute says something about a person, for everyone to see. Everybody gets
// PersonChanged.
type SetAttribute struct {
	// Name is one that the server knows: hand, which is raised with the value up.
	Name string `json:"name"`
	// Value replaces the one before; empty takes it away.
	Value string `json:"value,omitempty"`
	// Participant is whom it is about; absent: oneself. A moderator may take away
	// somebody else's.
	Participant string `json:"participant,omitempty"`
}

// LowerHands lowers all hands; moderators only.
type LowerHands struct{}

// React shows everyone a sign for a moment. Nothing of it is kept.
type React struct {
	Name ReactionName `json:"name"`
}

// ReactionName is one of the six signs.
type ReactionName string

const (
	ReactionClap     ReactionName = "clap"
	ReactionHeart    ReactionName = "heart"
	ReactionLaugh    ReactionName = "laugh"
	ReactionWow      ReactionName = "wow"
	ReactionThumbsUp ReactionName = "thumbs_up"
	ReactionParty    ReactionName = "party"
)

// ReactionNames are all of them, in the order in which they are offered.
func ReactionNames() []ReactionName {
	return []ReactionName{ReactionClap, ReactionHeart, ReactionLaugh, ReactionWow, ReactionThumbsUp, ReactionParty}
}

// Reactions are those of the last quarter of a second. They are the room's event,
// but not a numbered one: whoever misses it misses nothing.
type Reactions struct {
	Reactions []Reaction `json:"reactions"`
}

// Reaction is what one person showed, and how often.
type Reaction struct {
	Participant string       `json:"participant"`
	Name        ReactionName `json:"name"`
	Count       int          `json:"count"`
}

func (SetAttribute) clientType() string { return "person.set" }
func (LowerHands) clientType() string   { return "hands.lower" }
func (React) clientType() string        { return "reaction.send" }
func (Reactions) serverType() string    { return "reactions" }
