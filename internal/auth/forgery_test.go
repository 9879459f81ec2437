package auth_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// now is the instant at which the tests' keyrings live.
var now = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

var key = auth.Key{ID: "k1", Secret: []byte(strings.Repeat("secret", 6))}

func mustKeyring(t testing.TB, keys ...auth.Key) *auth.Keyring {
	t.Helper()
	k, err := auth.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	k.Now = func() time.Time { return now }
	return k
}

// object is a JSON object by hand, so that forgeries need no library.
type object map[string]any

func (o object) with(more object) object {
	out := maps.Clone(o)
	maps.Copy(out, more)
	for name, v := range more {
		if v == nil {
			delete(out, name)
		}
	}
	return out
}

func (o object) part() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// What a good ticket consists of.
var (
	header = object{"alg": "HS256", "typ": "JWT", "kid": "k1"}
	claims = object{
		"iss": "overtime", "aud": []string{"overtime/join"}, "room": "aaa", "role": "participant", "sub": "user-7", "jti": "t1",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(auth.MaxTicketLife).Unix(),
	}
	// invited is what makes an invitation of it.
	invited = object{"aud": "overtime/invite", "exp": nil, "sub": nil, "jti": nil}
	expired = object{
		"iat": now.Add(-2 * time.Hour).Unix(), "nbf": now.Add(-2 * time.Hour).Unix(), "exp": now.Add(auth.MaxTicketLife - 2*time.Hour).Unix(),
	}
)

// signed is a token signed with secret by HS256, whatever its header says.
func signed(h, c object, secret []byte) string {
	text := h.part() + "." + c.part()
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestForgeries(t *testing.T) {
	k := mustKeyring(t, key)
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := signed(header, claims, key.Secret)
	body := header.part() + "." + claims.part()
	other := []byte(strings.Repeat("other!", 6))
	for name, token := range map[string]string{
		"Empty":              "",
		"NotAToken":          "hello",
		"Dots":               "..",
		"TwoParts":           body,
		"FourParts":          good + ".x",
		"NoSignature":        body + ".",
		"AlgNone":            object{"alg": "none", "kid": "k1"}.part() + "." + claims.part() + ".",
		"AlgNoneCase":        object{"alg": "nOnE", "kid": "k1"}.part() + "." + claims.part() + ".",
		"AlgNoneSigned":      signed(object{"alg": "none", "kid": "k1"}, claims, key.Secret),
		"AlgMissing":         signed(header.with(object{"alg": nil}), claims, key.Secret),
		"HS512":              hs512(header.with(object{"alg": "HS512"}), claims, key.Secret),
		"HS256Case":          signed(header.with(object{"alg": "hs256"}), claims, key.Secret),
		"AlgNumber":          signed(header.with(object{"alg": 256}), claims, key.Secret),
		"RS256Confused":      signed(header.with(object{"alg": "RS256"}), claims, key.Secret),
		"PublicKey":          signed(header, claims, public(t, private)),
		"RS256":              rs256(t, header.with(object{"alg": "RS256"}), claims, private),
		"OtherSecret":        signed(header, claims, other),
		"EmptySecret":        signed(header, claims, nil),
		"UnknownKid":         signed(header.with(object{"kid": "k2"}), claims, key.Secret),
		"NoKid":              signed(header.with(object{"kid": nil}), claims, key.Secret),
		"KidNumber":          signed(header.with(object{"kid": 1}), claims, key.Secret),
		"KidPath":            signed(header.with(object{"kid": "/dev/null"}), claims, nil),
		"OwnJWK":             signed(header.with(object{"kid": "x", "jwk": object{"kty": "oct", "k": base64.RawURLEncoding.EncodeToString(other)}}), claims, other),
		"OwnJKU":             signed(header.with(object{"jku": "http://127.0.0.1/keys"}), claims, other),
		"OwnX5U":             signed(header.with(object{"x5u": "http://127.0.0.1/cert"}), claims, other),
		"OwnX5C":             signed(header.with(object{"kid": "x", "x5c": []string{base64.StdEncoding.EncodeToString(other)}}), claims, other),
		"OwnJWKKnownKid":     signed(header.with(object{"jwk": object{"kty": "oct", "k": base64.RawURLEncoding.EncodeToString(other)}}), claims, other),
		"RoomChanged":        header.part() + "." + claims.with(object{"room": "bbb"}).part() + good[strings.LastIndex(good, "."):],
		"LifeChanged":        header.part() + "." + claims.with(object{"exp": now.Add(2 * time.Minute).Unix()}).part() + good[strings.LastIndex(good, "."):],
		"HeaderChanged":      header.with(object{"typ": "jwt"}).part() + "." + claims.part() + good[strings.LastIndex(good, "."):],
		"SignatureChanged":   flip(good, strings.LastIndex(good, ".")+5),
		"BodyChanged":        header.part() + "." + claims.with(object{"role": "moderator"}).part() + good[strings.LastIndex(good, "."):],
		"OtherAudience":      signed(header, claims.with(object{"aud": "elsewhere"}), key.Secret),
		"NoAudience":         signed(header, claims.with(object{"aud": nil}), key.Secret),
		"ResumeAudience":     signed(header, claims.with(object{"aud": "overtime/resume", "participant": "p"}), key.Secret),
		"TwoAudiences":       signed(header, claims.with(object{"aud": []string{"overtime/join", "overtime/invite"}}), key.Secret),
		"OverLong":           signed(header, claims.with(object{"exp": now.Add(auth.MaxTicketLife + time.Second).Unix()}), key.Secret),
		"OverLongExpired":    signed(header, claims.with(expired).with(object{"exp": now.Add(-time.Hour).Unix()}), key.Secret),
		"ExpiresFirst":       signed(header, claims.with(object{"exp": now.Add(-time.Hour).Unix()}), key.Secret),
		"TicketWithLink":     signed(header, claims.with(object{"link": 1}), key.Secret),
		"InviteExpires":      signed(header, claims.with(invited).with(object{"exp": now.Add(time.Minute).Unix()}), key.Secret),
		"InviteExpired":      signed(header, claims.with(invited).with(expired), key.Secret),
		"InviteNegative":     signed(header, claims.with(invited).with(object{"link": -1}), key.Secret),
		"InviteFraction":     signed(header, claims.with(invited).with(object{"link": 0.5}), key.Secret),
		"InviteFuture":       signed(header, claims.with(invited).with(object{"nbf": now.Add(time.Minute).Unix()}), key.Secret),
		"InviteOtherSecret":  signed(header, claims.with(invited), other),
		"OtherIssuer":        signed(header, claims.with(object{"iss": "somebody"}), key.Secret),
		"NoIssuer":           signed(header, claims.with(object{"iss": nil}), key.Secret),
		"NoExpiry":           signed(header, claims.with(object{"exp": nil}), key.Secret),
		"ExpiryText":         signed(header, claims.with(object{"exp": "tomorrow"}), key.Secret),
		"NotBeforeFuture":    signed(header, claims.with(object{"nbf": now.Add(time.Minute).Unix()}), key.Secret),
		"NoNotBefore":        signed(header, claims.with(object{"nbf": nil}), key.Secret),
		"IssuedFuture":       signed(header, claims.with(object{"iat": now.Add(time.Minute).Unix()}), key.Secret),
		"NeverIssued":        signed(header, claims.with(object{"iat": nil}), key.Secret),
		"NoRoom":             signed(header, claims.with(object{"room": nil}), key.Secret),
		"RoomNumber":         signed(header, claims.with(object{"room": 7}), key.Secret),
		"RoomWildcard":       signed(header, claims.with(object{"room": ">"}), key.Secret),
		"RoomDots":           signed(header, claims.with(object{"room": "aaa.ask"}), key.Secret),
		"RoomSpace":          signed(header, claims.with(object{"room": "a a"}), key.Secret),
		"RoomLong":           signed(header, claims.with(object{"room": strings.Repeat("a", 65)}), key.Secret),
		"NoRole":             signed(header, claims.with(object{"role": nil}), key.Secret),
		"RoleService":        signed(header, claims.with(object{"role": "service"}), key.Secret),
		"RoleUnknown":        signed(header, claims.with(object{"role": "god"}), key.Secret),
		"ExpiredAndForged":   signed(header, claims.with(expired), other),
		"ExpiredElsewhere":   signed(header, claims.with(expired).with(object{"aud": "elsewhere"}), key.Secret),
		"ExpiredIssuer":      signed(header, claims.with(expired).with(object{"iss": "somebody"}), key.Secret),
		"ExpiredNotYet":      signed(header, claims.with(expired).with(object{"nbf": now.Add(time.Hour).Unix()}), key.Secret),
		"ExpiredRoleService": signed(header, claims.with(expired).with(object{"role": "service"}), key.Secret),
		"Huge":               signed(header, claims.with(object{"name": strings.Repeat("x", 8<<10)}), key.Secret),
		"HugeGarbage":        strings.Repeat("a", 10<<20),
		"ManyDots":           strings.Repeat(".", 4000),
		"Padded":             good + "=",
		"Spaces":             " " + good,
	} {
		t.Run(name, func(t *testing.T) {
			if ticket, err := k.CheckTicket(token); !errors.Is(err, auth.ErrInvalid) || ticket != (auth.Ticket{}) {
				t.Errorf("as a ticket: %+v, %v", ticket, err)
			}
			if name == "ResumeAudience" {
				return
			}
			if place, err := k.CheckResume(token); !errors.Is(err, auth.ErrInvalid) || place != (auth.Place{}) {
				t.Errorf("as a secret: %+v, %v", place, err)
			}
		})
	}
	for _, token := range []string{good, signed(header, claims.with(invited), key.Secret)} {
		if _, err := k.CheckTicket(token); err != nil {
			t.Fatalf("a good one is refused, so that the others prove nothing: %v", err)
		}
	}
}

// TestHeaders: what a header brings besides the name of a key is not used, nor
// fetched: there is no network here, and the token is as good as without.
func TestHeaders(t *testing.T) {
	k := mustKeyring(t, key)
	more := header.with(object{
		"jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/cert", "x5c": []string{"MAo="},
		"jwk": object{"kty": "oct", "k": "c2VjcmV0"},
	})
	if _, err := k.CheckTicket(signed(more, claims, key.Secret)); err != nil {
		t.Errorf("our own key, and more: %v", err)
	}
}

// TestDuplicateKeys: of a claim that comes twice one is read, everywhere the
// same; and nobody can add one to a token of ours.
func TestDuplicateKeys(t *testing.T) {
	k := mustKeyring(t, key)
	for name, more := range map[string]string{
		"Role": `"role":"moderator"`, "RoleCase": `"ROLE":"moderator"`, "Room": `"room":"bbb"`, "Audience": `"aud":"overtime/invite"`,
		"Expiry": `"exp":99999999999`, "NoExpiry": `"exp":null`,
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(claims)
			if err != nil {
				t.Fatal(err)
			}
			good := signed(header, claims, key.Secret)
			body := base64.RawURLEncoding.EncodeToString([]byte(strings.TrimSuffix(string(text), "}") + "," + more + "}"))
			added := header.part() + "." + body + good[strings.LastIndex(good, "."):]
			if got, err := k.CheckTicket(added); !errors.Is(err, auth.ErrInvalid) {
				t.Errorf("added to a token of ours: %+v, %v", got, err)
			}
		})
	}
	token, err := k.Ticket(auth.Ticket{
		Room: "aaa", Role: meeting.RoleViewer, Name: `","role":"moderator","x":"`, Sub: `"},"role":"moderator`, ExpiresAt: now.Add(time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.CheckTicket(token); err != nil || got.Role != meeting.RoleViewer || got.Name != `","role":"moderator","x":"` {
		t.Errorf("a name that looks like claims: %+v, %v", got, err)
	}
}

// flip changes the byte at i.
func flip(token string, i int) string {
	changed := byte('A')
	if token[i] == changed {
		changed = 'B'
	}
	return token[:i] + string(changed) + token[i+1:]
}

// public is what everybody may know of a key, in the form that the confusion of
// HS256 with RS256 takes for a secret.
func public(t *testing.T, private *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func hs512(h, c object, secret []byte) string {
	text := h.part() + "." + c.part()
	mac := hmac.New(sha512.New, secret)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func rs256(t *testing.T, h, c object, private *rsa.PrivateKey) string {
	t.Helper()
	text := h.part() + "." + c.part()
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}
