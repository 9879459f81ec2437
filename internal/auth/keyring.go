package auth

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const (
	issuer = "overtime"
	// The audiences keep each kind of token from serving as another.
	audienceJoin   = "overtime/join"   // personal tickets
	audienceInvite = "overtime/invite" // invitations
	audienceResume = "overtime/resume" // resume secrets
	audiencePass   = "overtime/pass"   // passes, for a ticket that was shown

	// leeway forgives clocks of machines that make tokens for us.
	leeway = 30 * time.Second
	// MinSecret is the least length of a key, in bytes (RFC 7518, 3.2).
	MinSecret = 32
	// maxKeys is how many keys are active while one is replaced: the one that
	// signs, and the one before it.
	maxKeys = 2
)

// Key is one HS256 key, and good for no other algorithm. Its ID stands in the
// header of every token it signs.
type Key struct {
	ID     string
	Secret []byte
}

// Keyring signs with its first key and checks with both. It is safe for
// concurrent use.
type Keyring struct {
	keys []Key
	// Now is the clock, time.Now unless a test sets it before use.
	Now func() time.Time
}

// NewKeyring refuses keys that are missing, nameless, too short or too many.
func NewKeyring(keys ...Key) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("auth: a keyring needs a key")
	}
	if len(keys) > maxKeys {
		return nil, fmt.Errorf("auth: a keyring holds %d keys at most, not %d", maxKeys, len(keys))
	}
	for i, k := range keys {
		if k.ID == "" || len(k.Secret) < MinSecret {
			return nil, fmt.Errorf("auth: key %q needs a name and at least %d bytes", k.ID, MinSecret)
		}
		if slices.ContainsFunc(keys[:i], func(other Key) bool { return other.ID == k.ID }) {
			return nil, fmt.Errorf("auth: there are two keys %q", k.ID)
		}
	}
	return &Keyring{keys: keys, Now: time.Now}, nil
}

type claims struct {
	Room    string       `json:"room"`
	Role    meeting.Role `json:"role"`
	Name    string       `json:"name,omitempty"`
	Link    int          `json:"link,omitempty"`        // invitations, and their passes
	Invite  bool         `json:"invite,omitempty"`      // passes only: of an invitation
	Waiting string       `json:"waiting,omitempty"`     // passes only
	Session int          `json:"session,omitempty"`     // resume only
	Person  string       `json:"participant,omitempty"` // resume only
	jwt.RegisteredClaims
}

// Ticket makes a personal join token of t, which must say until when; what
// lives longer than MaxTicketLife is refused. An ID or Sub that is left out is
// made, so that a token is never two people and whoever is removed stays out.
func (k *Keyring) Ticket(t Ticket) (string, error) {
	if t.IssuedAt.IsZero() {
		t.IssuedAt = k.Now()
	}
	life := t.ExpiresAt.Sub(t.IssuedAt)
	switch {
	case t.Invite || t.Link != 0:
		return "", errors.New("auth: a personal ticket is no invitation")
	case t.ExpiresAt.IsZero() || life <= 0 || life > MaxTicketLife:
		return "", fmt.Errorf("auth: a ticket lives up to %v, not %v", MaxTicketLife, life)
	}
	token, err := k.sign(claims{
		Room: t.Room, Role: t.Role, Name: t.Name,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audienceJoin},
			Subject: cmp.Or(t.Sub, "guest-"+rand.Text()), ID: cmp.Or(t.ID, rand.Text()),
			IssuedAt: jwt.NewNumericDate(t.IssuedAt), NotBefore: jwt.NewNumericDate(t.IssuedAt),
			ExpiresAt: jwt.NewNumericDate(t.ExpiresAt),
		},
	})
	if len(token) > protocol.MaxToken {
		return "", fmt.Errorf("auth: a ticket of %d bytes is more than anybody reads; its name or sub is too long", len(token))
	}
	return token, err
}

// CheckTicket reads a join token of either kind, or a pass for one. The error is ErrInvalid, or
// ErrExpired together with what the token said.
func (k *Keyring) CheckTicket(token string) (Ticket, error) {
	c, err := k.parse(token, []string{audienceJoin, audienceInvite, audiencePass}, jwt.WithIssuedAt(), jwt.WithNotBeforeRequired())
	if err != nil && !errors.Is(err, ErrExpired) {
		return Ticket{}, err
	}
	if !validID(c.Room, maxRoom) || !c.Role.Joins() || c.IssuedAt == nil || len(c.Audience) != 1 || c.Link < 0 {
		return Ticket{}, ErrInvalid
	}
	t := Ticket{
		ID: c.ID, Room: c.Room, Role: c.Role, Name: meeting.Clean(c.Name), Sub: c.Subject, Link: c.Link,
		IssuedAt: c.IssuedAt.Time, Invite: c.Audience[0] == audienceInvite || c.isOldLink(),
	}
	switch {
	case c.Audience[0] == audiencePass:
		t, ok := c.pass(t)
		if !ok {
			return Ticket{}, ErrInvalid
		}
		return t, err
	case c.Invite || c.Waiting != "":
		return Ticket{}, ErrInvalid
	case c.Audience[0] == audienceInvite:
		if c.ExpiresAt != nil {
			return Ticket{}, ErrInvalid
		}
		return t, nil
	case c.life() <= 0, c.Link != 0, !t.Invite && c.life() > MaxTicketLife:
		return Ticket{}, ErrInvalid
	}
	t.ExpiresAt = c.ExpiresAt.Time
	return t, err
}

// oldLinkLife is how long the links of earlier versions hold, which had the
// audience of a ticket.
const oldLinkLife = 60 * 24 * time.Hour

// isOldLink reports whether c is of a link that an earlier version gave out:
// for nobody in particular, and for exactly that long.
func (c claims) isOldLink() bool {
	return c.ID == "" && c.Subject == "" && c.Name == "" && c.life() == oldLinkLife
}

// life is from when a token was made to when it expires; 0 if it never does.
func (c claims) life() time.Duration {
	if c.ExpiresAt == nil {
		return 0
	}
	return c.ExpiresAt.Sub(c.IssuedAt.Time)
}

// Resume makes the resume secret of p.
func (k *Keyring) Resume(p Place) (string, error) {
	return k.sign(claims{
		Room: p.Room, Role: p.Role, Name: p.Name, Session: p.Session, Person: p.Participant,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audienceResume}, Subject: p.Sub,
			IssuedAt: jwt.NewNumericDate(k.Now()),
		},
	})
}

// CheckResume reads a resume secret. The error is ErrInvalid.
func (k *Keyring) CheckResume(secret string) (Place, error) {
	c, err := k.parse(secret, []string{audienceResume})
	if err != nil || !validID(c.Room, maxRoom) || c.Person == "" || !c.Role.Joins() {
		return Place{}, ErrInvalid
	}
	return Place{
		Room: c.Room, Session: c.Session, Participant: c.Person,
		Sub: c.Subject, Name: c.Name, Role: c.Role,
	}, nil
}

// maxRoom bounds a room's id, in bytes.
const maxRoom = 64

// validID reports whether id can name a room or an API key. The id of a room
// becomes a part of the bus's subjects and of the store's keys, where dots and
// stars mean something.
func validID(id string, longest int) bool {
	return id != "" && len(id) <= longest && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	})
}

func (k *Keyring) sign(c claims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	t.Header["kid"] = k.keys[0].ID
	signed, err := t.SignedString(k.keys[0].Secret)
	if err != nil {
		return "", fmt.Errorf("auth: signing: %w", err)
	}
	return signed, nil
}

// parse is the one place where a JWT is read: one algorithm, our issuer, one of
// the audiences, a key that the header names among ours and nothing else from
// it, so that a token brings neither its algorithm nor its key.
func (k *Keyring) parse(token string, audiences []string, more ...jwt.ParserOption) (claims, error) {
	if len(token) > protocol.MaxToken {
		return claims{}, ErrInvalid
	}
	options := append([]jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audiences...),
		jwt.WithLeeway(leeway), jwt.WithStrictDecoding(), jwt.WithTimeFunc(k.Now),
	}, more...)
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, k.key, options...)
	switch {
	case err == nil:
		return c, nil
	case expiredOnly(err):
		return c, ErrExpired
	default:
		return claims{}, ErrInvalid
	}
}

// expiredOnly reports whether a token is good but for its age: the library
// checks the signature first, and joins the errors of all claims.
func expiredOnly(err error) bool {
	return errors.Is(err, jwt.ErrTokenExpired) &&
		!errors.Is(err, jwt.ErrTokenSignatureInvalid) &&
		!errors.Is(err, jwt.ErrTokenInvalidAudience) &&
		!errors.Is(err, jwt.ErrTokenInvalidIssuer) &&
		!errors.Is(err, jwt.ErrTokenNotValidYet) &&
		!errors.Is(err, jwt.ErrTokenUsedBeforeIssued) &&
		!errors.Is(err, jwt.ErrTokenRequiredClaimMissing)
}

func (k *Keyring) key(t *jwt.Token) (any, error) {
	id, _ := t.Header["kid"].(string)
	for _, key := range k.keys {
		if key.ID == id {
			return key.Secret, nil
		}
	}
	return nil, ErrInvalid
}
