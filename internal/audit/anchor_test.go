package audit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/audit"
)

// mustAnchor anchors what is there.
func mustAnchor(t *testing.T, l *audit.Log) {
	t.Helper()
	if err := l.Anchor(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestManyAtOnce: entries of many rooms that come while one is written are written
// together, with one sync; each room has its chain.
func TestManyAtOnce(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, numbered("room7", 1))
	l.Patient()
	entered, leave := make(chan struct{}), make(chan struct{})
	var published atomic.Int64
	f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
		if published.Add(1) == 1 {
			close(entered)
			<-leave
		}
		return real()
	}
	const rooms = 100
	var all sync.WaitGroup
	appendTo := func(room int) func() {
		return func() {
			if err := l.Append(t.Context(), numbered(fmt.Sprint("room", room), 2)); err != nil {
				t.Error(err)
			}
		}
	}
	all.Go(appendTo(0))
	<-entered
	// Rooms of one turn wait for each other, so that there are a few rounds.
	for room := 1; room < rooms; room++ {
		all.Go(appendTo(room))
	}
	for l.Waiting() < rooms/4 {
		runtime.Gosched()
	}
	close(leave)
	all.Wait()
	if n := published.Load(); n > rooms/2 {
		t.Errorf("%d entries took %d writes", rooms, n)
	}
	mustHold(t, l, rooms+1)
	if all := mustRead(t, l); len(all) != rooms+1 {
		t.Errorf("%d entries", len(all))
	}
}

// TestAnchor: what no chain shows, an anchor does: that an entry was changed which
// nothing follows in its room.
func TestAnchor(t *testing.T) {
	l, f := start(t)
	mustAnchor(t, l) // of nothing there is none
	mustAppend(t, l, numbered("aaa", 1), numbered("bbb", 1))
	mustAnchor(t, l)
	mustAnchor(t, l) // nothing came since
	mustAppend(t, l, numbered("ccc", 1), numbered("aaa", 2))
	mustAnchor(t, l)
	mustAppend(t, l, numbered("ddd", 1))
	mustHold(t, l, 7)
	kinds := ""
	for _, s := range mustRead(t, l) {
		kinds += map[bool]string{true: "A", false: "."}[s.Kind == audit.Anchored]
	}
	if kinds != "..A..A." {
		t.Errorf("anchors are at %s", kinds)
	}
	word := func(m *jetstream.RawStreamMsg) {
		m.Data = bytes.Replace(m.Data, []byte("granted"), []byte("refused"), 1)
	}
	digest := func(m *jetstream.RawStreamMsg) {
		m.Data = bytes.Replace(m.Data, []byte(`"through":`), []byte(`"through":1`), 1)
	}
	for _, c := range []struct {
		name   string
		at     uint64
		change func(*jetstream.RawStreamMsg)
		broken uint64
		why    string
	}{
		{"the only one of its room", 2, word, 1, "one of those up to 2"},
		{"another", 4, word, 3, "one of those up to 5"},
		{"the newest of its room", 5, word, 3, "one of those up to 5"},
		{"an anchor", 3, word, 6, ""}, // has no such word: whole
		{"what an anchor holds", 3, digest, 3, "anchors nothing"},
		{"what is not anchored yet", 7, word, 0, ""},
	} {
		f.get = at(c.at, c.change)
		_, err := l.Verify(t.Context())
		var broken *audit.BrokenError
		switch {
		case c.why == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.why != "" && (!errors.As(err, &broken) || broken.Seq != c.broken || !strings.Contains(broken.Why, c.why)):
			t.Errorf("%s: %v, want %d and %q", c.name, err, c.broken, c.why)
		}
		f.get = nil
	}
}

// old is what versions before append: each entry holds the digest of the one before
// in the list.
type old struct {
	t  *testing.T
	js jetstream.JetStream
}

func (o old) append(entries ...audit.Entry) {
	o.t.Helper()
	stream, err := o.js.Stream(o.t.Context(), "AUDIT")
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		prev := ""
		if n := stream.CachedInfo().State.LastSeq; n > 0 {
			m, err := stream.GetMsg(o.t.Context(), n)
			if err != nil {
				o.t.Fatal(err)
			}
			prev = fmt.Sprintf("%x", sha256.Sum256(m.Data))
		}
		text, err := json.Marshal(struct {
			Version int    `json:"v"`
			Prev    string `json:"prev"`
			audit.Entry
		}{1, prev, e})
		if err != nil {
			o.t.Fatal(err)
		}
		if _, err := o.js.Publish(o.t.Context(), "audit."+e.Room, text); err != nil {
			o.t.Fatal(err)
		}
		if _, err := stream.Info(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
	}
}

// TestChainsOfBefore: what versions before wrote holds, also between what this one
// writes, before and after a way back; and what was changed of it shows.
func TestChainsOfBefore(t *testing.T) {
	l, f := start(t)
	before := old{t, f.JetStream}
	mustClose(t, l)
	before.append(numbered("aaa", 1), numbered("bbb", 1), numbered("aaa", 2))
	mustHold(t, l, 3)
	l = open(t, f) // after the upgrade
	mustAppend(t, l, numbered("aaa", 3), numbered("ccc", 1), numbered("bbb", 2))
	mustAnchor(t, l)
	mustHold(t, l, 7)
	mustClose(t, l)
	before.append(numbered("ccc", 2), numbered("aaa", 4)) // after a way back
	l = open(t, f)
	mustAppend(t, l, numbered("aaa", 5), numbered("ccc", 3))
	mustAnchor(t, l)
	mustHold(t, l, 12)
	for seq := uint64(1); seq <= 11; seq++ {
		f.get = at(seq, func(m *jetstream.RawStreamMsg) { m.Data = append(m.Data, ' ') })
		var broken *audit.BrokenError
		if _, err := l.Verify(t.Context()); !errors.As(err, &broken) {
			t.Errorf("a space more in entry %d: %v", seq, err)
		}
		f.get = nil
	}
}
