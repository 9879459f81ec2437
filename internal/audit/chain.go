package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// version is written into each entry, so that a later server knows what it
// reads.
const version = 1

// written is an entry as it is in the stream.
type written struct {
	Version int `json:"v"`
	// Prev is the digest of the entry before; empty if there was none.
	Prev string `json:"prev"`
	Entry
}

// Stored is an entry as it was read.
type Stored struct {
	Seq uint64 `json:"seq" doc:"its number; after a page's last one comes the next page"`
	// Prev is the Digest of the entry before.
	Prev   string `json:"prev" doc:"the digest of the entry before"`
	Digest string `json:"digest" doc:"SHA-256 of the entry with its prev, in hexadecimal"`
	Entry
}

// digest names the bytes of an entry: SHA-256 in hexadecimal.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// link is where the chain has come to: an entry's number and digest. The zero
// value is before the first.
type link struct {
	seq    uint64
	digest string
}

// text is the bytes of e as what comes after l.
func (l link) text(e Entry) ([]byte, error) {
	text, err := json.Marshal(written{Version: version, Prev: l.digest, Entry: e})
	if err != nil {
		return nil, fmt.Errorf("audit: encoding an entry: %w", err)
	}
	return text, nil
}

// BrokenError says where the chain is broken.
type BrokenError struct {
	Seq uint64 // the first entry that is not what it should be
	Why string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("audit: the chain is broken at entry %d: %s; compare with a backup to see what was there", e.Seq, e.Why)
}

// decode reads an entry from the bytes that the stream has at seq.
func decode(seq uint64, text []byte) (Stored, error) {
	var w written
	if err := json.Unmarshal(text, &w); err != nil {
		return Stored{}, &BrokenError{seq, "it does not decode"}
	}
	return Stored{Seq: seq, Prev: w.Prev, Digest: digest(text), Entry: w.Entry}, nil
}

// follow checks that the bytes at seq are what comes after l, and gives where the
// chain has come to then. The oldest entry that is still kept follows whatever it
// says.
func (l link) follow(seq uint64, subject string, text []byte) (link, error) {
	s, err := decode(seq, text)
	switch {
	case err != nil:
		return l, err
	case seq == 1 && s.Prev != "", l.seq > 0 && seq == l.seq+1 && s.Prev != l.digest:
		return l, &BrokenError{seq, "the entry before it is not the one that was there when it was written"}
	case l.seq > 0 && seq != l.seq+1:
		return l, &BrokenError{l.seq + 1, "it is gone"}
	case subject != subjectOf(s.Room):
		return l, &BrokenError{seq, "it is filed under another room"}
	}
	return link{seq, s.Digest}, nil
}
