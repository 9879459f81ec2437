package auth

import (
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
	// The audiences keep a ticket from serving as a resume secret and the
	// other way round.
	audienceJoin   = "overtime/join"
	audienceResume = "overtime/resume"

	// leeway forgives clocks of machines that make tokens for us.
	leeway = 30 * time.Second
	// MinSecret is the least length of a key, in bytes (RFC 7518, 3.2).
	MinSecret = 32
)

// Key is one HS256 key. Its ID stands in the header of every token it signs.
type Key struct {
	ID     string
	Secret []byte
}

// Keyring signs with its first key and checks with any. It is safe for
// concurrent use.
type Keyring struct {
	keys []Key
	// Now is the clock, time.Now unless a test sets it before use.
	Now func() time.Time
}

// NewKeyring refuses keys that are missing, nameless or too short.
func NewKeyring(keys ...Key) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("auth: a keyring needs a key")
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
	Session int          `json:"session,omitempty"`     // resume only
	Person  string       `json:"participant,omitempty"` // resume only
	jwt.RegisteredClaims
}

// Ticket makes a join token of t.
func (k *Keyring) Ticket(t Ticket) (string, error) {
	if t.IssuedAt.IsZero() {
		t.IssuedAt = k.Now()
	}
	return k.sign(claims{
		Room: t.Room, Role: t.Role, Name: t.Name,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audienceJoin}, Subject: t.Sub,
			IssuedAt: jwt.NewNumericDate(t.IssuedAt), NotBefore: jwt.NewNumericDate(t.IssuedAt),
			ExpiresAt: jwt.NewNumericDate(t.ExpiresAt),
		},
	})
}

// CheckTicket reads a join token. The error is ErrInvalid, or ErrExpired
// together with what the token said.
func (k *Keyring) CheckTicket(token string) (Ticket, error) {
	c, err := k.parse(token, audienceJoin, jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if err != nil && !errors.Is(err, ErrExpired) {
		return Ticket{}, err
	}
	if !validRoom(c.Room) || !c.Role.Joins() || c.IssuedAt == nil {
		return Ticket{}, ErrInvalid
	}
	return Ticket{
		Room: c.Room, Role: c.Role, Name: meeting.Clean(c.Name), Sub: c.Subject,
		IssuedAt: c.IssuedAt.Time, ExpiresAt: c.ExpiresAt.Time,
	}, err
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
	c, err := k.parse(secret, audienceResume)
	if err != nil || !validRoom(c.Room) || c.Person == "" || !c.Role.Joins() {
		return Place{}, ErrInvalid
	}
	return Place{
		Room: c.Room, Session: c.Session, Participant: c.Person,
		Sub: c.Subject, Name: c.Name, Role: c.Role,
	}, nil
}

// maxRoom bounds a room's id, in bytes.
const maxRoom = 64

// validRoom reports whether id can name a room: it becomes a part of the bus's
// subjects and of the store's keys, where dots and stars mean something.
func validRoom(id string) bool {
	return id != "" && len(id) <= maxRoom && !strings.ContainsFunc(id, func(c rune) bool {
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

// parse is the one place where a JWT is read: one algorithm, our issuer, one
// audience, a key that the header names among ours and nothing else from it.
func (k *Keyring) parse(token, audience string, more ...jwt.ParserOption) (claims, error) {
	if len(token) > protocol.MaxToken {
		return claims{}, ErrInvalid
	}
	options := append([]jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience),
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
