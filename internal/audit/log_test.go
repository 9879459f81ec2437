package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/audit"
	"overtime/internal/event"
	"overtime/internal/meeting"
)

// TestGolden: what is kept outlives this version, and others check the chain by
// its bytes.
func TestGolden(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, audit.Entry{Kind: event.APIRefused, Outcome: audit.Refused, Code: "too_many", Who: event.Who{Address: "192.0.2.1"}},
		audit.Entry{
			ID: "aaa-7", At: now.Add(time.Hour + 1500*time.Microsecond), Room: "aaa", Kind: event.SessionExtended, Outcome: audit.Granted, Epoch: 3,
			Who:  event.Who{Sub: "p", Name: "Ada", Role: meeting.RoleModerator, Ticket: "j", Address: "192.0.2.2", Key: "k", Op: "o"},
			Data: json.RawMessage(`{"extended_minutes": 15}`),
		})
	stream, err := f.Stream(t.Context(), "AUDIT")
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, audit.Entry{ID: "aaa-8", At: now, Room: "aaa", Kind: event.SessionEnded})
	prev := ""
	for i, want := range []string{
		`{"v":2,"prev":"","at":"2026-03-04T09:00:00Z","kind":"api.refused","who":{"address":"192.0.2.1"},"outcome":"refused","code":"too_many"}`,
		`{"v":2,"prev":"","id":"aaa-7","at":"2026-03-04T10:00:00.001Z","room":"aaa","kind":"session.extended",` +
			`"who":{"sub":"p","name":"Ada","role":"moderator","ticket":"j","address":"192.0.2.2","key":"k","op":"o"},` +
			`"outcome":"granted","epoch":3,"data":{"extended_minutes":15}}`,
		`{"v":2,"prev":"%s","after":2,"id":"aaa-8","at":"2026-03-04T09:00:00Z","room":"aaa","kind":"session.ended"}`,
	} {
		m, err := stream.GetMsg(t.Context(), uint64(i+1))
		if err != nil {
			t.Fatal(err)
		}
		want = strings.Replace(want, "%s", prev, 1)
		if subject := []string{"audit.-", "audit.aaa", "audit.aaa"}[i]; string(m.Data) != want || m.Subject != subject {
			t.Errorf("kept as %s\n%s\nwant\n%s", m.Subject, m.Data, want)
		}
		prev = fmt.Sprintf("%x", sha256.Sum256(m.Data))
	}
	all := mustRead(t, l)
	if len(all) != 3 || all[2].Prev != all[1].Digest || all[2].Digest != prev || all[0].Seq != 1 || all[2].Seq != 3 || all[1].Who.Op != "o" {
		t.Errorf("read %+v", all)
	}
	mustHold(t, l, 3)
}

// TestRestart: the chain goes on where it was.
func TestRestart(t *testing.T) {
	folder := t.TempDir()
	for i := range 3 {
		b := mustBus(t, folder)
		l := open(t, b.JetStream())
		mustHold(t, l, 3*i)
		mustAppend(t, l, numbered("aaa", 2*i), numbered("aaa", 2*i+1))
		mustHold(t, l, 3*i+2)
		mustClose(t, l) // with an anchor
		b.Close()
	}
}

// TestTogether: several append on several nodes; nothing is lost, and each room has
// one chain.
func TestTogether(t *testing.T) {
	const nodes, writers, each = 3, 4, 10
	b := mustBus(t, t.TempDir())
	defer b.Close()
	var all sync.WaitGroup
	var last *audit.Log
	for node := range nodes {
		l := open(t, b.JetStream())
		last = l
		for writer := range writers {
			all.Go(func() {
				for n := range each {
					if err := l.Append(t.Context(), numbered(fmt.Sprintf("room%d-%d", node, writer), n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	mustHold(t, last, nodes*writers*each)
	next := map[string]int{}
	for _, s := range mustRead(t, last) {
		if want := fmt.Sprintf("%s-%d", s.Room, next[s.Room]); s.ID != want {
			t.Errorf("read %s, want %s", s.ID, want)
		}
		next[s.Room]++
	}
}

// TestOnce: an entry that is appended again is kept once, whoever does it and
// whatever came between, and the chain holds.
func TestOnce(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	l, other := open(t, b.JetStream()), open(t, b.JetStream())
	mustAppend(t, l, numbered("aaa", 1), numbered("aaa", 2), numbered("aaa", 1), numbered("aaa", 3))
	mustAppend(t, other, numbered("aaa", 2), numbered("aaa", 4), numbered("aaa", 3))
	mustAppend(t, l, numbered("aaa", 4), numbered("aaa", 5))
	var ids []string
	for _, s := range mustRead(t, l) {
		ids = append(ids, s.ID)
	}
	if got := strings.Join(ids, " "); got != "aaa-1 aaa-2 aaa-3 aaa-4 aaa-5" {
		t.Errorf("kept %s", got)
	}
	mustHold(t, l, 5)
	nameless := audit.Entry{Kind: event.APIRefused}
	mustAppend(t, l, nameless, nameless)
	mustHold(t, l, 7)
}

// TestUnknownOutcome: a write that lands though its answer does not is not made
// twice, with an id or without.
func TestUnknownOutcome(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, numbered("aaa", 1))
	for _, e := range []audit.Entry{numbered("aaa", 2), {Kind: event.APIRefused}} {
		attempts := 0
		f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
			ack, err := real()
			if attempts++; attempts == 1 && err == nil {
				return nil, context.DeadlineExceeded
			}
			return ack, err
		}
		mustAppend(t, l, e)
		if attempts != 2 {
			t.Errorf("%d attempts", attempts)
		}
	}
	f.publish = nil
	mustAppend(t, l, numbered("aaa", 3))
	mustHold(t, l, 4)
}

// TestUnavailable: an audit that does not answer holds nobody up for longer than
// they wait, and is right again when it answers.
func TestUnavailable(t *testing.T) {
	l, f := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	unplugged := errors.New("unplugged")
	f.publish = func(func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
		cancel()
		return nil, unplugged
	}
	if err := l.Append(ctx, numbered("aaa", 1)); !errors.Is(err, audit.ErrUnavailable) || !errors.Is(err, unplugged) {
		t.Errorf("unplugged: %v", err)
	}
	if err := l.Append(ctx, numbered("aaa", 1)); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("after giving up: %v", err)
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
		close(entered)
		<-leave
		return real()
	}
	first := make(chan error, 1)
	go func() { first <- l.Append(context.Background(), numbered("aaa", 1)) }()
	<-entered
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := l.Append(short, numbered("aaa", 2)); !errors.Is(err, audit.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("behind one that is stuck: %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Errorf("the one that was stuck: %v", err)
	}
	f.publish = nil
	mustAppend(t, l, numbered("aaa", 2))
	mustHold(t, l, 2)
}

// TestKept: the stream lets nobody take anything out, and is as durable as the
// server, which syncs every write.
func TestKept(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, numbered("aaa", 1), numbered("aaa", 2))
	stream, err := f.Stream(t.Context(), "AUDIT")
	if err != nil {
		t.Fatal(err)
	}
	c := stream.CachedInfo().Config
	if !c.DenyDelete || !c.DenyPurge || c.AllowRollup || c.Storage != jetstream.FileStorage || c.PersistMode != jetstream.DefaultPersistMode ||
		c.Retention != jetstream.LimitsPolicy || c.MaxAge != 90*24*time.Hour || c.MaxBytes > 0 || c.MaxMsgs > 0 || c.Replicas != 1 || c.Duplicates != 30*time.Minute {
		t.Errorf("kept as %+v", c)
	}
	if stream.DeleteMsg(t.Context(), 1) == nil || stream.SecureDeleteMsg(t.Context(), 1) == nil {
		t.Error("an entry could be deleted")
	}
	if stream.Purge(t.Context()) == nil {
		t.Error("all could be purged")
	}
	c.DenyDelete, c.DenyPurge = false, false
	if _, err := f.UpdateStream(t.Context(), c); err == nil {
		t.Error("it could be allowed")
	}
	mustHold(t, l, 2)
}

// TestRead: pages, of all and of one room.
func TestRead(t *testing.T) {
	l, _ := start(t)
	if page, more, err := l.Read(t.Context(), 0, "", 10); len(page) != 0 || more || err != nil {
		t.Errorf("of none: %v, %v, %v", page, more, err)
	}
	strange := audit.Entry{ID: "s", Room: "a.b c", Kind: event.APIRefused}
	mustAppend(t, l, numbered("aaa", 1), numbered("bbb", 1), strange, numbered("aaa", 2), audit.Entry{ID: "n", Kind: event.APIRefused}, numbered("aaa", 3))
	for _, c := range []struct {
		after uint64
		room  string
		limit int
		want  string
		more  bool
	}{
		{0, "", 10, "aaa-1 bbb-1 s aaa-2 n aaa-3", false},
		{0, "", 6, "aaa-1 bbb-1 s aaa-2 n aaa-3", false},
		{0, "", 5, "aaa-1 bbb-1 s aaa-2 n", true},
		{5, "", 5, "aaa-3", false},
		{6, "", 5, "", false},
		{1000, "", 5, "", false},
		{0, "", 0, "aaa-1", true},
		{0, "", -1, "aaa-1", true},
		{0, "aaa", 2, "aaa-1 aaa-2", true},
		{4, "aaa", 2, "aaa-3", false},
		{0, "bbb", 2, "bbb-1", false},
		{0, "ccc", 2, "", false},
		{0, "-", 9, "s n", false},
		{0, "a.b c", 9, "", false},
		{0, "*", 9, "", false},
		{0, ">", 9, "", false},
	} {
		page, more, err := l.Read(t.Context(), c.after, c.room, c.limit)
		var ids []string
		for _, s := range page {
			ids = append(ids, s.ID)
		}
		if got := strings.Join(ids, " "); got != c.want || more != c.more || err != nil {
			t.Errorf("%+v: %s, %v, %v", c, got, more, err)
		}
	}
	page, _, err := l.Read(t.Context(), 2, "", 1)
	if err != nil || !reflect.DeepEqual(page[0].Entry, audit.Entry{ID: "s", At: now, Room: "a.b c", Kind: event.APIRefused}) {
		t.Errorf("read %+v, %v", page, err)
	}
}
