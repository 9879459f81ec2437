package chatlog_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/chatlog"
	"overtime/internal/protocol"
)

// TestOrder: what was written comes in the order in which it was, page by page, and
// each session has its own.
func TestOrder(t *testing.T) {
	l, _ := start(t)
	other := chatlog.Session{Room: "aaa", Number: 2}
	for i := range 7 {
		mustAppend(t, l, here, draft(fmt.Sprint("op-", i), fmt.Sprint("text ", i+1)))
	}
	mustAppend(t, l, other, draft("op-0", "elsewhere"))
	chat := mustPage(t, l, here, all)
	first := protocol.ChatMessage{Number: 1, At: now, From: protocol.ChatAuthor{Participant: "p_1", Name: "Asha"}, Text: "text 1"}
	if chat.Last != 7 || len(chat.Messages) != 7 || chat.Messages[0] != first {
		t.Errorf("everything is %+v", chat)
	}
	for _, c := range []struct {
		r    chatlog.Range
		want string
	}{
		{chatlog.Range{Limit: 2, Bytes: 1000}, "6 text 6, 7 text 7"},
		{chatlog.Range{Before: 6, Limit: 3, Bytes: 1000}, "3 text 3, 4 text 4, 5 text 5"},
		{chatlog.Range{Before: 3, Limit: 100, Bytes: 1000}, "1 text 1, 2 text 2"},
		{chatlog.Range{Before: 1, Limit: 100, Bytes: 1000}, ""},
		{chatlog.Range{Before: 99, Limit: 1, Bytes: 1000}, "7 text 7"},
		{chatlog.Range{Limit: 100, Bytes: 3 * 6}, "5 text 5, 6 text 6, 7 text 7"},
		{chatlog.Range{Limit: 100, Bytes: 3*6 - 1}, "6 text 6, 7 text 7"},
		{chatlog.Range{Limit: 100, Bytes: 1}, "7 text 7"},
	} {
		if got := mustPage(t, l, here, c.r); texts(got) != c.want || got.Last != 7 {
			t.Errorf("%+v is %s, want %s", c.r, texts(got), c.want)
		}
	}
	if got := mustPage(t, l, other, all); texts(got) != "1 elsewhere" {
		t.Errorf("the other session has %s", texts(got))
	}
	if got := mustPage(t, l, chatlog.Session{Room: "bbb", Number: 1}, all); got.Last != 0 || got.Messages != nil {
		t.Errorf("where nothing was written is %+v", got)
	}
}

// TestOnce: one press writes once, however often and to whom it is sent, and the
// answer is the same.
func TestOnce(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	l := mustOpen(t, b.JetStream(), chatlog.Config{})
	first := mustAppend(t, l, here, draft("op", "one"))
	mustAppend(t, l, here, draft("another", "two"))
	if again := mustAppend(t, l, here, draft("op", "one")); again != first {
		t.Errorf("again is %+v, first %+v", again, first)
	}
	if again := mustAppend(t, mustOpen(t, b.JetStream(), chatlog.Config{}), here, draft("op", "one")); again != first {
		t.Errorf("of another node again is %+v, first %+v", again, first)
	}
	b.Close()
	b = mustBus(t, folder)
	defer b.Close()
	l = mustOpen(t, b.JetStream(), chatlog.Config{})
	if again := mustAppend(t, l, here, draft("op", "one")); again != first {
		t.Errorf("after a restart again is %+v, first %+v", again, first)
	}
	if _, err := l.Delete(t.Context(), here, 1, byAuthor); err != nil {
		t.Fatal(err)
	}
	if again := mustAppend(t, mustOpen(t, b.JetStream(), chatlog.Config{}), here, draft("op", "one")); again.Number != 1 || again.Text != "" {
		t.Errorf("once it was deleted, again is %+v", again)
	}
	if got := texts(mustPage(t, l, here, all)); got != "1 (author), 2 two" {
		t.Errorf("there is %s", got)
	}
}

// TestDelete: nothing of a text is left on the disk, and who wrote it is.
func TestDelete(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	l := mustOpen(t, b.JetStream(), chatlog.Config{})
	mustAppend(t, l, here, draft("op-1", "the first secret"))
	mustAppend(t, l, here, draft("op-2", "between"))
	mustAppend(t, l, here, draft("op-3", "the last secret"))
	refusal := errors.New("not yours")
	_, err := l.Delete(t.Context(), here, 2, func(m chatlog.Message) (protocol.DeletedBy, error) {
		if m.Sub != "u-1" || m.Text != "between" {
			t.Errorf("asked about %+v", m)
		}
		return "", refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("what may not be deleted: %v", err)
	}
	for _, number := range []int{0, 4, -1} {
		if _, err := l.Delete(t.Context(), here, number, byAuthor); !errors.Is(err, chatlog.ErrNotFound) {
			t.Errorf("number %d: %v", number, err)
		}
	}
	want := protocol.ChatMessage{Number: 1, At: now, From: protocol.ChatAuthor{Participant: "p_1", Name: "Asha"}, Deleted: protocol.DeletedByModerator}
	if m, err := l.Delete(t.Context(), here, 1, byModerator); err != nil || m.ChatMessage != want || m.Sub != "u-1" {
		t.Errorf("deleted: %+v, %v", m, err)
	}
	if m, err := l.Delete(t.Context(), here, 1, byAuthor); err != nil || m.ChatMessage != want {
		t.Errorf("deleted again: %+v, %v", m, err)
	}
	if _, err := mustOpen(t, b.JetStream(), chatlog.Config{}).Delete(t.Context(), here, 3, byAuthor); err != nil {
		t.Errorf("on another node: %v", err)
	}
	const left = "1 (moderator), 2 between, 3 (author)"
	if got := texts(mustPage(t, l, here, all)); got != left {
		t.Errorf("there is %s", got)
	}
	mustNotHold(t, folder, "secret")
	b.Close()
	b = mustBus(t, folder)
	defer b.Close()
	l = mustOpen(t, b.JetStream(), chatlog.Config{})
	if got := texts(mustPage(t, l, here, all)); got != left {
		t.Errorf("after a restart there is %s", got)
	}
	if m := mustAppend(t, l, here, draft("op-4", "next")); m.Number != 4 {
		t.Errorf("the next is %+v", m)
	}
	mustNotHold(t, folder, "secret")
}

// TestDeletedLater: where a text cannot be taken out at once, nobody reads it, and it
// is taken out later.
func TestDeletedLater(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	defer b.Close()
	f := &faulty{JetStream: b.JetStream(), erase: func(func() error) error { return errLost }}
	l := mustOpen(t, f, chatlog.Config{})
	mustAppend(t, l, here, draft("op-1", "the secret"))
	if m, err := l.Delete(t.Context(), here, 1, byAuthor); err != nil || m.Text != "" {
		t.Errorf("deleted: %+v, %v", m, err)
	}
	for _, l := range []*chatlog.Log{l, mustOpen(t, f, chatlog.Config{})} {
		if got := texts(mustPage(t, l, here, all)); got != "1 (author)" {
			t.Errorf("there is %s", got)
		}
	}
	f.set(func(f *faulty) { f.erase = nil })
	mustPage(t, mustOpen(t, f, chatlog.Config{}), here, all)
	mustPage(t, l, here, all) // which finds it gone
	mustNotHold(t, folder, "secret")
}

// TestFull: a session takes so many messages and so much text, and all together so
// much; what was written stays, can be deleted, and is answered again.
func TestFull(t *testing.T) {
	l, f := start(t)
	if _, err := f.JetStream.Publish(t.Context(), "chat.many.1", fmt.Appendf(nil, `{"n":%d,"op":"x","text":"the last but one"}`, chatlog.MaxMessages-1)); err != nil {
		t.Fatal(err)
	}
	many := chatlog.Session{Room: "many", Number: 1}
	last := mustAppend(t, l, many, draft("last", "the last"))
	if last.Number != chatlog.MaxMessages {
		t.Errorf("the last is %+v", last)
	}
	if _, err := l.Append(t.Context(), many, draft("more", "one more")); !errors.Is(err, chatlog.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if again := mustAppend(t, l, many, draft("last", "the last")); again != last {
		t.Errorf("the last again is %+v", again)
	}
	if _, err := l.Delete(t.Context(), many, last.Number, byAuthor); err != nil {
		t.Error(err)
	}
	if _, err := l.Append(t.Context(), many, draft("more", "one more")); !errors.Is(err, chatlog.ErrFull) {
		t.Errorf("one more, after one was deleted: %v", err)
	}

	long := strings.Repeat("€", protocol.MaxChatText)
	written := 0
	for ; (written+1)*len(long) <= chatlog.MaxBytes; written++ {
		mustAppend(t, l, here, draft(fmt.Sprint("op-", written), long))
	}
	if _, err := l.Append(t.Context(), here, draft("more", long)); !errors.Is(err, chatlog.ErrFull) {
		t.Errorf("after %d long ones: %v", written, err)
	}
	if _, err := l.Delete(t.Context(), here, 1, byAuthor); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, here, draft("more", long))

	small := mustOpen(t, f, chatlog.Config{MaxStored: chatlog.MaxBytes})
	if _, err := small.Append(t.Context(), chatlog.Session{Room: "bbb", Number: 1}, draft("op", "text")); !errors.Is(err, chatlog.ErrFull) {
		t.Errorf("where all rooms have written too much: %v", err)
	}
}

// TestSpare: on a disk that is nearly full nothing is written, and everything else
// goes on.
func TestSpare(t *testing.T) {
	_, f := start(t)
	var full error
	l := mustOpen(t, f, chatlog.Config{Spare: func() error { return full }})
	first := mustAppend(t, l, here, draft("op", "text"))
	full = errors.New("nearly full")
	if _, err := l.Append(t.Context(), here, draft("more", "text")); !errors.Is(err, chatlog.ErrUnavailable) || errors.Is(err, chatlog.ErrUnknown) || !errors.Is(err, full) {
		t.Errorf("more: %v", err)
	}
	if again := mustAppend(t, l, here, draft("op", "text")); again != first {
		t.Errorf("again is %+v", again)
	}
	if _, err := l.Delete(t.Context(), here, 1, byAuthor); err != nil {
		t.Error(err)
	}
}

// TestLostAnswers: a write whose answer is lost is there once.
func TestLostAnswers(t *testing.T) {
	l, f := start(t)
	lost := 3
	f.set(func(f *faulty) {
		f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
			if lost--; lost < 0 {
				return real()
			}
			if lost == 1 { // it was not even written
				return nil, errLost
			}
			_, err := real()
			return nil, errors.Join(errLost, err)
		}
	})
	if m := mustAppend(t, l, here, draft("op", "text")); m.Number != 1 {
		t.Errorf("written as %+v", m)
	}
	mustAppend(t, l, here, draft("op-2", "more"))
	if got := texts(mustPage(t, l, here, all)); got != "1 text, 2 more" {
		t.Errorf("there is %s", got)
	}
}

// TestUnknown: who gives up on a write is told that it may be there, and finds out by
// the same operation.
func TestUnknown(t *testing.T) {
	l, f := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.set(func(f *faulty) {
		f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
			_, err := real()
			cancel()
			return nil, errors.Join(errLost, err)
		}
	})
	if _, err := l.Append(ctx, here, draft("op", "text")); !errors.Is(err, chatlog.ErrUnknown) || !errors.Is(err, chatlog.ErrUnavailable) {
		t.Errorf("given up: %v", err)
	}
	f.set(func(f *faulty) { f.publish = nil })
	if m := mustAppend(t, l, here, draft("op", "text")); m.Number != 1 {
		t.Errorf("then it is %+v", m)
	}
	if _, err := l.Append(ctx, here, draft("op-2", "text")); !errors.Is(err, chatlog.ErrUnavailable) || errors.Is(err, chatlog.ErrUnknown) {
		t.Errorf("after the end of its time: %v", err)
	}
}

// TestBroken: where no write can succeed, nobody waits for one.
func TestBroken(t *testing.T) {
	_, f := start(t)
	why := errors.New("the disk is gone")
	l := mustOpen(t, f, chatlog.Config{Broken: func() error { return why }})
	if _, err := l.Append(t.Context(), here, draft("op", "text")); !errors.Is(err, chatlog.ErrUnavailable) || errors.Is(err, chatlog.ErrUnknown) || !errors.Is(err, why) {
		t.Errorf("broken: %v", err)
	}
	mustPage(t, l, here, all)
}

// TestTwoNodes: two that believe to have a room write into one order.
func TestTwoNodes(t *testing.T) {
	one, f := start(t)
	two := mustOpen(t, f, chatlog.Config{})
	var group sync.WaitGroup
	for writer, l := range []*chatlog.Log{one, two, one, two} {
		group.Go(func() {
			for i := range 20 {
				op := fmt.Sprintf("%d-%d", writer/2, i) // two of them press the same
				if _, err := l.Append(t.Context(), here, draft(op, op)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	got, other := mustPage(t, one, here, all), mustPage(t, two, here, all)
	if !reflect.DeepEqual(got, other) || got.Last != 40 || len(got.Messages) != 40 {
		t.Fatalf("one has %s; the other %s", texts(got), texts(other))
	}
	seen := map[string]bool{}
	for i, m := range got.Messages {
		if m.Number != i+1 || seen[m.Text] {
			t.Errorf("%d is %+v", i+1, m)
		}
		seen[m.Text] = true
	}
}

// TestForget: what is over for long is gone, and the rest is not.
func TestForget(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	l := mustOpen(t, b.JetStream(), chatlog.Config{})
	other := chatlog.Session{Room: "bbb", Number: 7}
	for i := range 3 {
		mustAppend(t, l, here, draft(fmt.Sprint(i), "here"))
		mustAppend(t, l, other, draft(fmt.Sprint(i), "there"))
	}
	sessions, err := l.Sessions(t.Context())
	slices.SortFunc(sessions, func(a, b chatlog.Session) int { return strings.Compare(a.Room, b.Room) })
	if err != nil || !slices.Equal(sessions, []chatlog.Session{here, other}) {
		t.Errorf("there are %v, %v", sessions, err)
	}
	if err := l.Forget(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	check := func(l *chatlog.Log) {
		t.Helper()
		sessions, err := l.Sessions(t.Context())
		if err != nil || !slices.Equal(sessions, []chatlog.Session{other}) {
			t.Errorf("left are %v, %v", sessions, err)
		}
		if got := mustPage(t, l, here, all); got.Last != 0 {
			t.Errorf("it is %s", texts(got))
		}
		if got := texts(mustPage(t, l, other, all)); got != "1 there, 2 there, 3 there" {
			t.Errorf("the other is %s", got)
		}
	}
	check(l)
	b.Close()
	b = mustBus(t, folder)
	defer b.Close()
	check(mustOpen(t, b.JetStream(), chatlog.Config{}))
}

// TestForgotten: a node that knows of messages which another has taken away says that
// they are gone, and goes on writing.
func TestForgotten(t *testing.T) {
	one, f := start(t)
	two := mustOpen(t, f, chatlog.Config{})
	for _, op := range []string{"a", "b"} {
		mustAppend(t, one, here, draft(op, op))
	}
	if err := two.Forget(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	if got := mustPage(t, one, here, all); got.Messages != nil {
		t.Errorf("there is %s", texts(got))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if m, err := one.Append(ctx, here, draft("c", "c")); err != nil || m.Number != 1 {
		t.Errorf("written as %+v, %v", m, err)
	}
	if got := texts(mustPage(t, two, here, all)); got != "1 c" {
		t.Errorf("the other has %s", got)
	}
}

// TestForgetWhileRead: an index that is made while a session is taken away is not kept.
func TestForgetWhileRead(t *testing.T) {
	l, f := start(t)
	mustAppend(t, l, here, draft("a", "a"))
	f.set(func(f *faulty) {
		f.publish = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
			mustPage(t, l, here, all)
			return real()
		}
	})
	if err := l.Forget(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	f.set(func(f *faulty) { f.publish = nil })
	if got := mustPage(t, l, here, all); got.Last != 0 {
		t.Errorf("there is %+v", got)
	}
}

// TestRemove: nothing is left for a version that knows no chats, and nothing is no
// error.
func TestRemove(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	mustAppend(t, mustOpen(t, b.JetStream(), chatlog.Config{}), here, draft("op", "text"))
	for _, want := range []uint64{1, 0} {
		if n, err := chatlog.Remove(t.Context(), b); n != want || err != nil {
			t.Errorf("%d messages, %v; want %d", n, err, want)
		}
	}
	if got := mustPage(t, mustOpen(t, b.JetStream(), chatlog.Config{}), here, all); got.Last != 0 {
		t.Errorf("there is %+v", got)
	}
}
