package meeting

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a room, in the room's minutes (see Room.Minute) unless said
// otherwise.
const (
	MinDuration = 1
	MaxDuration = 1440

	MinGrant     = 10
	MaxGrant     = 30
	DefaultGrant = 15

	// firstWindow and finalWindow say how many minutes before the scheduled
	// end the two extension windows open.
	firstWindow = 10
	finalWindow = 5

	// maxMinute keeps every product of minutes far from overflow.
	maxMinute = time.Hour

	// MaxCapacity is how many people a room can be made for.
	MaxCapacity     = 100
	DefaultCapacity = 50

	MaxRoomName   = 100 // runes
	MaxExternalID = 128 // bytes
	MaxPersonName = 64  // runes
	MaxEndReason  = 200 // runes
)

// ExtendBy says who may extend a session of a room.
type ExtendBy string

const (
	ExtendByAnyone     ExtendBy = "anyone" // anyone admitted, except viewers
	ExtendByModerators ExtendBy = "moderators"
)

// ChatBy says who may write in a room's chat.
type ChatBy string

const (
	ChatByEveryone   ChatBy = "on"
	ChatByModerators ChatBy = "moderators"
	ChatByNobody     ChatBy = "off"
)

// ScreenBy says who may share a screen in a room.
type ScreenBy string

const (
	ScreenByAnyone     ScreenBy = "anyone" // anyone admitted, except viewers
	ScreenByModerators ScreenBy = "moderators"
)

// Room is what was created: a name, a length and the settings that bound its
// sessions. It outlives them.
type Room struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`

	// Duration of one session in minutes, MinDuration to MaxDuration.
	Duration int `json:"duration_minutes"`
	// DefaultExtension in minutes is granted to a request that names none.
	DefaultExtension int      `json:"default_extension_minutes"`
	ExtendBy         ExtendBy `json:"extend_by"`
	// LatestEnd, if not zero, is a booking that follows: no session runs past it.
	LatestEnd time.Time `json:"latest_end,omitzero"`
	// Reusable rooms start a new session at the next first join after an end.
	Reusable bool `json:"reusable,omitempty"`

	// ExternalID is what whoever made the room calls it; empty if they did not say.
	ExternalID string `json:"external_id,omitempty"`
	// Capacity is how many people it takes, 1 to MaxCapacity.
	Capacity int `json:"capacity,omitempty"`
	// WaitingRoom has moderators admit everybody else.
	WaitingRoom bool `json:"waiting_room,omitempty"`
	// Locked lets nobody new in; whoever has a place may come back to it.
	Locked bool `json:"locked,omitempty"`
	// Links counts renewals of the guests' link; a link of an earlier count lets nobody in.
	Links int `json:"links,omitempty"`

	// Chat and ScreenShare are who may write, and who may share a screen.
	Chat        ChatBy   `json:"chat,omitempty"`
	ScreenShare ScreenBy `json:"screen_share,omitempty"`

	// Minute is how long one minute of this room lasts: a minute, except on a
	// server started to try things out faster. It is whole milliseconds, so
	// that every end is an instant that the wire carries.
	Minute time.Duration `json:"minute"`
}

// Defaults is r with what was left out, or was no setting yet when r was written.
func (r Room) Defaults() Room {
	r.DefaultExtension = cmp.Or(r.DefaultExtension, DefaultGrant)
	r.ExtendBy = cmp.Or(r.ExtendBy, ExtendByAnyone)
	r.Minute = cmp.Or(r.Minute, time.Minute)
	r.Capacity = cmp.Or(r.Capacity, DefaultCapacity)
	r.Chat = cmp.Or(r.Chat, ChatByEveryone)
	r.ScreenShare = cmp.Or(r.ScreenShare, ScreenByAnyone)
	return r
}

// Validate fills in defaults and refuses, with CodeBadRequest, what no session
// could run on.
func (r Room) Validate() (Room, error) {
	r.Name = Clean(r.Name)
	r.CreatedAt = Instant(r.CreatedAt)
	if !r.LatestEnd.IsZero() {
		r.LatestEnd = Instant(r.LatestEnd)
	}
	r = r.Defaults()
	switch {
	case utf8.RuneCountInString(r.Name) > MaxRoomName:
		return r, refuse(CodeBadRequest, "the meeting's name is longer than 100 characters; choose a shorter one")
	case r.Duration < MinDuration || r.Duration > MaxDuration:
		return r, refuse(CodeBadRequest, "a meeting lasts a whole number of minutes from 1 to 1440")
	case r.DefaultExtension < MinGrant || r.DefaultExtension > MaxGrant:
		return r, refuse(CodeBadRequest, "an extension is a whole number of minutes from 10 to 30")
	case r.ExtendBy != ExtendByAnyone && r.ExtendBy != ExtendByModerators:
		return r, refuse(CodeBadRequest, `who may extend is "anyone" or "moderators"`)
	case r.Chat != ChatByEveryone && r.Chat != ChatByModerators && r.Chat != ChatByNobody:
		return r, refuse(CodeBadRequest, `the chat is "on", "moderators" or "off"`)
	case r.ScreenShare != ScreenByAnyone && r.ScreenShare != ScreenByModerators:
		return r, refuse(CodeBadRequest, `who may share a screen is "anyone" or "moderators"`)
	case r.Capacity < 1 || r.Capacity > MaxCapacity:
		return r, refuse(CodeBadRequest, "a room takes 1 to 100 people")
	case !validExternalID(r.ExternalID):
		return r, refuse(CodeBadRequest, "an external id is up to 128 printable ASCII characters without spaces")
	case !validMinute(r.Minute):
		return r, refuse(CodeBadRequest, "a minute lasts a whole number of milliseconds, at most an hour")
	}
	return r, nil
}

func validExternalID(id string) bool {
	return len(id) <= MaxExternalID && !strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c > '~' })
}

// validMinute reports whether a room's minute can last d.
func validMinute(d time.Duration) bool {
	return d >= time.Millisecond && d <= maxMinute && d%time.Millisecond == 0
}

func (r Room) minutes(n int) time.Duration { return time.Duration(n) * r.Minute }

// minutesUp is d, which is not negative, in whole minutes of the room, rounded up.
func (r Room) minutesUp(d time.Duration) int {
	return int((d + r.Minute - 1) / r.Minute)
}

// Instant is t as the rules and the wire carry it: UTC, whole milliseconds,
// no monotonic part.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// Clean is text from a person as others will read it: valid UTF-8, one line,
// without control or direction-override characters and what has no width and no
// meaning, trimmed. Joiners stay: some scripts and emoji are written with them.
// Text in which nothing can be seen is no text.
func Clean(text string) string { return clean(text, false) }

// CleanLines is the same of a text whose line breaks stay.
func CleanLines(text string) string { return clean(strings.ReplaceAll(text, "\r\n", "\n"), true) }

func clean(text string, lines bool) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(c rune) rune {
		switch {
		case lines && (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029): // ends of lines
			return '\n'
		case c >= '\t' && c <= '\r', c == 0x85, c == 0x2028, c == 0x2029: // tab, ends of lines
			return ' '
		case unicode.IsControl(c), c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			return -1
		case c == 0x00AD, c == 0x200B, c == 0x2060, c == 0xFEFF: // soft hyphen, zero-width spaces
			return -1
		}
		return c
	}, text)
	if !strings.ContainsFunc(text, visible) {
		return ""
	}
	return strings.TrimSpace(text)
}

// visible reports whether a rune can be seen by itself. What is assigned to be
// ignored includes the fillers of Hangul.
func visible(c rune) bool {
	const emptyBraille = 0x2800
	return unicode.IsPrint(c) && c != ' ' && c != emptyBraille &&
		!unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
