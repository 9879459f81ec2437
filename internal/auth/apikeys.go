package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// OperatorID is who asks by the operator's socket, which needs no key. No key has
// this id: the audit would take its portal for whoever operates the server.
const OperatorID = "operator"

const (
	// maxKeyID bounds the id of an API key, in bytes.
	maxKeyID = 32
	// minVariety is how many different bytes a secret has at least. Of 32
	// hexadecimal digits drawn at random, one secret in 25 million has fewer.
	minVariety = 8
)

// APIKeys are the keys by which portals call the API. Their secrets are kept as
// digests only. None (nil) lets nobody in. It is safe for concurrent use.
type APIKeys struct {
	digests map[string][sha256.Size]byte // by id
}

// ParseAPIKeys reads one id:secret for each line; # begins a comment line. No
// text at all gives none. An error is a sentence for the operator, which names a
// line and no secret.
func ParseAPIKeys(text string) (*APIKeys, error) {
	if text == "" {
		return nil, nil
	}
	k, lines, n := &APIKeys{digests: map[string][sha256.Size]byte{}}, map[string]int{}, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		id, secret, _ := strings.Cut(line, ":")
		if err := checkAPIKey(id, secret); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if first := lines[id]; first > 0 {
			return nil, fmt.Errorf("line %d: it has the id of line %d; give each key its own", n, first)
		}
		k.digests[id], lines[id] = sha256.Sum256([]byte(secret)), n
	}
	if len(k.digests) == 0 {
		return nil, errors.New("there is no key among the lines; write id:secret in one")
	}
	return k, nil
}

// checkAPIKey says what is wrong with a key. It repeats nothing of it: a secret
// may stand anywhere by mistake.
func checkAPIKey(id, secret string) error {
	const howTo = "make one with: openssl rand -base64 32"
	switch {
	case secret == "" || !validID(id, maxKeyID):
		return fmt.Errorf("it is no key; write id:secret, the id in up to %d letters, digits, - and _", maxKeyID)
	case strings.EqualFold(id, OperatorID):
		return fmt.Errorf("the id %s is what the audit calls whoever operates the server; give the key another", OperatorID)
	case strings.ContainsFunc(secret, func(c rune) bool { return c <= ' ' || c > '~' }):
		return fmt.Errorf("the secret has characters that no header can carry; %s", howTo)
	case len(secret) < MinSecret:
		return fmt.Errorf("the secret has %d characters, and %d is the least; %s", len(secret), MinSecret, howTo)
	case obvious(secret):
		return fmt.Errorf("the secret can be guessed; %s", howTo)
	}
	return nil
}

// obvious reports whether a secret was typed rather than drawn: of few
// characters, or one piece again and again.
func obvious(secret string) bool {
	different := map[byte]bool{}
	for i := range len(secret) {
		different[secret[i]] = true
	}
	if len(different) < minVariety {
		return true
	}
	for piece := range len(secret)/2 + 1 {
		if piece > 0 && secret[piece:] == secret[:len(secret)-piece] {
			return true
		}
	}
	return false
}

// Check reads the value of an Authorization header, "Bearer <id>:<secret>". An
// unknown id takes as long as a wrong secret.
func (k *APIKeys) Check(authorization string) (id string, ok bool) {
	scheme, credentials, _ := strings.Cut(authorization, " ")
	id, secret, _ := strings.Cut(strings.TrimSpace(credentials), ":")
	if k == nil || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	want, known := k.digests[id] // of an unknown id: all zero, the digest of nothing known
	got := sha256.Sum256([]byte(secret))
	if same := subtle.ConstantTimeCompare(got[:], want[:]) == 1; !same || !known {
		return "", false
	}
	return id, true
}

// String names the keys and shows no secret, nor its digest.
func (k *APIKeys) String() string {
	if k == nil {
		return "no API keys"
	}
	return fmt.Sprintf("API keys %s", strings.Join(slices.Sorted(maps.Keys(k.digests)), ", "))
}

// GoString is String, so that %#v shows no more.
func (k *APIKeys) GoString() string { return k.String() }

// LogValue is String, for slog.
func (k *APIKeys) LogValue() slog.Value { return slog.StringValue(k.String()) }
