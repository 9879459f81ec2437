package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

const (
	secretPrefix = "whsec_"
	// Sizes of a secret in bytes, as Standard Webhooks has them.
	minSecret = 24
	maxSecret = 64

	howSecret = "as whsec_ and 24 to 64 random bytes in base64; this makes one: echo whsec_$(openssl rand -base64 32)"
)

// secret makes the signature of what it is given. It is a function that holds the
// key, because nothing that prints or encodes looks into one.
type secret func(signed []byte) []byte

func parseSecret(text string) (secret, error) {
	code, ok := strings.CutPrefix(text, secretPrefix)
	if !ok {
		return nil, errors.New("a word after the URL is no secret; write it " + howSecret)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(code)
	switch {
	case err != nil:
		return nil, errors.New("what follows whsec_ is not base64; write the secret " + howSecret)
	case len(key) < minSecret || len(key) > maxSecret:
		return nil, errors.New("the secret is too short or too long; write it " + howSecret)
	}
	return func(signed []byte) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write(signed)
		return mac.Sum(nil)
	}, nil
}

// sign is the value of the header webhook-signature: signatures of a request's
// id, time and body. A portal takes the request if any of them is right.
func (e Endpoint) sign(id string, at time.Time, body []byte) string {
	signed := append([]byte(id+"."+seconds(at)+"."), body...)
	var all []string
	for _, signature := range e.secrets {
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(signature(signed)))
	}
	return strings.Join(all, " ")
}

// seconds is the value of the header webhook-timestamp.
func seconds(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
