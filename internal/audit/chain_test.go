package audit_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/audit"
)

// TestTampering: whatever is changed on the disk, by somebody who can make it look
// like a message of the stream, Verify names the entry.
func TestTampering(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(m *jetstream.RawStreamMsg) error
		seq    uint64 // of the entry that is named
		why    string
	}{
		{"a word", at(3, func(m *jetstream.RawStreamMsg) {
			m.Data = bytes.Replace(m.Data, []byte("granted"), []byte("refused"), 1)
		}), 4, "not the one that was there"},
		{"a space", at(3, func(m *jetstream.RawStreamMsg) { m.Data = append(m.Data, ' ') }), 4, "not the one"},
		{"the oldest", at(1, func(m *jetstream.RawStreamMsg) { m.Data = append(m.Data, ' ') }), 2, "not the one"},
		{"something before the oldest", at(1, func(m *jetstream.RawStreamMsg) {
			m.Data = bytes.Replace(m.Data, []byte(`"prev":""`), []byte(`"prev":"00"`), 1)
		}), 1, "not the one"},
		{"one for another", at(3, func(m *jetstream.RawStreamMsg) { m.Data = bytes.Replace(m.Data, []byte("aaa-3"), []byte("aaa-9"), 1) }), 4, "not the one"},
		{"no entry any more", at(3, func(m *jetstream.RawStreamMsg) { m.Data = m.Data[1:] }), 3, "does not decode"},
		{"another room's", at(3, func(m *jetstream.RawStreamMsg) { m.Subject = "audit.bbb" }), 3, "under another room"},
		{"one is gone", at(3, func(m *jetstream.RawStreamMsg) { m.Sequence++ }), 3, "it is gone"},
		{"the newest is gone", func(m *jetstream.RawStreamMsg) error {
			if m.Sequence == 5 {
				return jetstream.ErrMsgNotFound
			}
			return nil
		}, 5, "it is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, f := start(t)
			for n := 1; n <= 5; n++ {
				mustAppend(t, l, numbered("aaa", n))
			}
			mustHold(t, l, 5)
			f.get = c.change
			whole, err := l.Verify(t.Context())
			var broken *audit.BrokenError
			if !errors.As(err, &broken) || broken.Seq != c.seq || !strings.Contains(broken.Why, c.why) ||
				whole.Entries != int(c.seq)-1 || whole.Last != c.seq-1 {
				t.Errorf("%+v are whole, %v; want %d and %q", whole, err, c.seq, c.why)
			}
		})
	}
}

// TestAttest: the same in sentences.
func TestAttest(t *testing.T) {
	l, f := start(t)
	must := func(what, whole string, wrong string) {
		t.Helper()
		got, err := l.Attest(t.Context())
		if !strings.HasPrefix(got, whole) || (err == nil) != (wrong == "") || err != nil && !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: says %q, %v; want %q, %q", what, got, err, whole, wrong)
		}
	}
	must("nothing", "There are no entries yet.", "")
	mustAppend(t, l, numbered("aaa", 1))
	newest := func() string { all := mustRead(t, l); return all[len(all)-1].Digest }
	must("one", "Entries 1 to 2 are whole. The digest of entry 2, which holds all before it, is ", "") // an anchor for the one is the second
	must("one, again", "Entries 1 to 2 are whole. The digest of entry 2, which holds all before it, is "+newest(), "")
	mustAppend(t, l, numbered("aaa", 2), numbered("aaa", 3), numbered("aaa", 4))
	must("four", "Entries 1 to 6 are whole. The digest of entry 6, which holds all before it, is ", "")
	must("four, again", "Entries 1 to 6 are whole. The digest of entry 6, which holds all before it, is "+newest(), "")
	f.get = at(1, func(*jetstream.RawStreamMsg) { // while it is read another comes
		f.get = nil
		mustAppend(t, l, numbered("aaa", 5))
	})
	must("five", "Entries 1 to 7 are whole. The digest of entry 6, which holds all before it, is ", "")
	f.get = at(3, func(m *jetstream.RawStreamMsg) { m.Data = m.Data[1:] })
	must("broken later", "Entries 1 to 2 are whole.", "broken at entry 3: it does not decode; compare with a backup")
	f.get = at(1, func(m *jetstream.RawStreamMsg) { m.Data = m.Data[1:] })
	must("broken at once", "No entry is known to be whole.", "broken at entry 1")
	f.get = func(m *jetstream.RawStreamMsg) error { return errors.New("disk on fire") }
	must("unreadable", "No entry is known to be whole.", "cannot be read to its end just now; try again in a moment, and if it fails again look into the server's log")
}

// at changes one message.
func at(seq uint64, change func(*jetstream.RawStreamMsg)) func(*jetstream.RawStreamMsg) error {
	return func(m *jetstream.RawStreamMsg) error {
		if m.Sequence == seq {
			change(m)
		}
		return nil
	}
}

// TestDamagedPage: an entry that does not decode is named, and can be passed over.
func TestDamagedPage(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, numbered("aaa", 1), numbered("aaa", 2), numbered("aaa", 3))
	f.get = at(2, func(m *jetstream.RawStreamMsg) { m.Data = []byte("{") })
	var broken *audit.BrokenError
	if _, _, err := l.Read(t.Context(), 0, "", 10); !errors.As(err, &broken) || broken.Seq != 2 {
		t.Errorf("%v", err)
	}
	if page, _, err := l.Read(t.Context(), 2, "", 10); err != nil || len(page) != 1 {
		t.Errorf("after it: %v, %v", page, err)
	}
}

// TestAge: entries that go by age take nothing from the chain, be it while it is
// read, or all of them.
func TestAge(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, numbered("aaa", 1), numbered("aaa", 2), numbered("aaa", 3))
	f.get = at(1, func(*jetstream.RawStreamMsg) {
		f.get = nil
		age(t, f)
		mustAppend(t, l, numbered("aaa", 4), numbered("aaa", 5))
	})
	mustHold(t, l, 3)
	mustHold(t, l, 2)
	age(t, f)
	mustHold(t, l, 0)
	mustAppend(t, open(t, f), numbered("aaa", 6), numbered("aaa", 7))
	mustAppend(t, l, numbered("aaa", 8))
	mustHold(t, l, 3)
	if all := mustRead(t, l); len(all) != 3 || all[0].Seq != 6 || all[0].Prev != "" {
		t.Errorf("read %+v", all)
	}
}

// age lets all entries grow old.
func age(t *testing.T, f *faulty) {
	t.Helper()
	stream, err := f.Stream(t.Context(), "AUDIT")
	if err != nil {
		t.Fatal(err)
	}
	kept := stream.CachedInfo().Config
	brief := kept
	brief.MaxAge, brief.Duplicates = 100*time.Millisecond, 100*time.Millisecond
	if _, err := f.UpdateStream(t.Context(), brief); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		info, err := stream.Info(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if info.State.Msgs == 0 {
			break
		}
	}
	if _, err := f.UpdateStream(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
}
