package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// What an entry is chained to, by the version that is written into it. In the first,
// that is the entry before it in the list, whatever room it is of; so everybody who
// appended waited for everybody else. Since the second it is the entry before of the
// same room, and from time to time an anchor holds the list together.
const (
	chainedToList = 1
	version       = 2
)

// written is an entry as it is in the stream.
type written struct {
	Version int `json:"v"`
	// Prev is the digest of the entry that this one is chained to; empty if there was
	// none.
	Prev string `json:"prev"`
	// After is that entry's number, 0 if there was none, or in the first version.
	After uint64 `json:"after,omitempty"`
	Entry
}

// Stored is an entry as it was read.
type Stored struct {
	Seq uint64 `json:"seq" doc:"its number; after a page's last one comes the next page"`
	// Prev is the Digest of the entry before of the same room.
	Prev   string `json:"prev" doc:"the digest of the entry before of the same room; in entries of earlier versions, of the one before"`
	Digest string `json:"digest" doc:"SHA-256 of the entry with its prev, in hexadecimal"`
	Entry
}

// digest names the bytes of an entry: SHA-256 in hexadecimal.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// link is where a chain has come to: an entry's number and digest. The zero value is
// before the first.
type link struct {
	seq    uint64
	digest string
}

// text is the bytes of e as what comes after l.
func (l link) text(e Entry) ([]byte, error) {
	text, err := json.Marshal(written{Version: version, Prev: l.digest, After: l.seq, Entry: e})
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
	w, err := decodeWritten(seq, text)
	return Stored{Seq: seq, Prev: w.Prev, Digest: digest(text), Entry: w.Entry}, err
}

func decodeWritten(seq uint64, text []byte) (w written, err error) {
	if err := json.Unmarshal(text, &w); err != nil {
		return written{}, &BrokenError{seq, "it does not decode"}
	}
	return w, nil
}

// chains are all that is known of the list while it is read from its oldest entry on.
type chains struct {
	first  uint64          // the number of the oldest entry
	last   link            // of the list
	heads  map[string]link // of the chain of each room, by its subject
	anchor anchoring
}

// follow checks that the bytes at seq are what comes next. What is older than the
// oldest entry has gone by age: whatever is said of that is taken for true.
func (c *chains) follow(seq uint64, subject string, text []byte) error {
	w, err := decodeWritten(seq, text)
	switch {
	case err != nil:
		return err
	case c.last.seq > 0 && seq != c.last.seq+1:
		return &BrokenError{c.last.seq + 1, "it is gone"}
	case subject != subjectFor(w.Entry):
		return &BrokenError{seq, "it is filed under another room"}
	case !c.chained(seq, subject, w):
		return &BrokenError{seq, "the entry before it is not the one that was there when it was written"}
	}
	if c.heads == nil {
		c.heads, c.first = map[string]link{}, seq
	}
	c.last = link{seq, digest(text)}
	c.heads[subject] = c.last
	return c.anchor.follow(c.last, c.first, w)
}

// chained reports whether an entry follows what it says that it does.
func (c *chains) chained(seq uint64, subject string, w written) bool {
	if w.Version <= chainedToList {
		return c.last.seq == 0 && (seq > 1 || w.Prev == "") || c.last.seq > 0 && w.Prev == c.last.digest
	}
	switch before, known := c.heads[subject]; {
	case known:
		return before == link{w.After, w.Prev}
	case w.After == 0:
		return w.Prev == ""
	default:
		return c.heads == nil && seq > w.After || w.After < c.first
	}
}
