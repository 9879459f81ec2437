package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
)

// A room's chain does not show that its newest entry was changed, nor one of a room
// that nothing happened in any more. So from time to time an entry is added that
// holds a digest of all entries since the one of that kind before: an anchor.
// Anchors are a chain of their own.

// Anchored is the kind of such an entry.
const Anchored event.Kind = "audit.anchored"

const (
	// anchorSubject is no room's: none may be named so.
	anchorSubject = "audit.@"
	// anchorEvery is how long an entry may be without one.
	anchorEvery = time.Minute
	// anchorTimeout bounds the making of one.
	anchorTimeout = 30 * time.Second
)

// span is what an anchor holds: the entries behind From, up to Through.
type span struct {
	From    uint64 `json:"from"`
	Through uint64 `json:"through"`
	Digest  string `json:"digest"` // SHA-256 of their digests, each on a line of its own
}

// anchoring is what is not anchored yet while the list is read.
type anchoring struct {
	open []link
	any  bool // there was an anchor
}

// follow checks an anchor, or notes what one is to come for.
func (a *anchoring) follow(at link, first uint64, w written) error {
	if w.Kind != Anchored {
		if w.Version <= chainedToList && !a.any {
			a.open = nil // the entry itself holds all those before it
		}
		a.open = append(a.open, at)
		return nil
	}
	var said span
	if json.Unmarshal(w.Data, &said) != nil || said.Through >= at.seq || said.From > said.Through {
		return &BrokenError{at.seq, "it anchors nothing"}
	}
	sum := newSpan(said.From)
	for len(a.open) > 0 && a.open[0].seq <= said.Through {
		if l := a.open[0]; l.seq > said.From {
			sum.add(l)
		}
		a.open = a.open[1:]
	}
	a.open, a.any = append(a.open, at), true
	if said.From+1 >= first && sum.span() != said { // else some have gone by age
		return &BrokenError{said.From + 1, fmt.Sprintf("it, or one of those up to %d, is not what it was when they were anchored by entry %d", said.Through, at.seq)}
	}
	return nil
}

// spanSum makes the digest of a span.
type spanSum struct {
	from, through uint64
	sum           hash.Hash
}

func newSpan(from uint64) *spanSum { return &spanSum{from, from, sha256.New()} }

func (s *spanSum) add(l link) {
	_, _ = io.WriteString(s.sum, l.digest+"\n") // a hash takes everything
	s.through = l.seq
}

func (s *spanSum) span() span {
	return span{s.from, s.through, hex.EncodeToString(s.sum.Sum(nil))}
}

// keepAnchoring anchors what was appended, until stop.
func (l *Log) keepAnchoring(stop <-chan struct{}) {
	ticks := time.NewTicker(anchorEvery)
	defer ticks.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticks.C:
			l.tryAnchor(context.Background())
		}
	}
}

// tryAnchor is anchor where nobody waits for it.
func (l *Log) tryAnchor(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, anchorTimeout)
	defer cancel()
	if err := l.anchor(ctx); err != nil {
		l.log.Debug("audit: it could not be anchored; that is tried again", "error", err)
	}
}

// anchor adds an anchor for all that has none, if there is anything. If another node
// does at the same time, one of the two does.
func (l *Log) anchor(ctx context.Context) error {
	last, from, err := l.lastAnchor(ctx)
	if err != nil {
		return err
	}
	sum, others := newSpan(from), false
	for {
		m, err := l.next(ctx, everything, sum.through+1)
		if errors.Is(err, errNone) {
			break
		}
		if err != nil {
			return err
		}
		others = others || m.Subject != anchorSubject
		sum.add(link{m.Sequence, digest(m.Data)})
	}
	if !others {
		return nil
	}
	data, err := json.Marshal(sum.span())
	if err != nil {
		return err
	}
	text, err := last.text(Entry{Kind: Anchored, Data: data}.fit(l.now()))
	if err != nil {
		return err
	}
	m := nats.NewMsg(anchorSubject)
	m.Data = text
	if _, err = l.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(last.seq)); isWrongLast(err) {
		return nil
	}
	return err
}

// lastAnchor is the newest anchor, and up to where everything is anchored. Before the
// first that is the entry before the newest: entries of the first version hold all
// those before them.
func (l *Log) lastAnchor(ctx context.Context) (last link, through uint64, err error) {
	m, err := l.lastOf(ctx, anchorSubject)
	if err != nil || m == nil {
		return link{}, l.unanchored, err
	}
	w, err := decodeWritten(m.Sequence, m.Data)
	var said span
	if err == nil {
		err = json.Unmarshal(w.Data, &said)
	}
	return link{m.Sequence, digest(m.Data)}, said.Through, err
}

// findUnanchored is where the first anchor begins, if there is none yet.
func (l *Log) findUnanchored(ctx context.Context) (uint64, error) {
	oldest, err := l.next(ctx, everything, 1)
	if errors.Is(err, errNone) {
		info, err := l.info(ctx)
		if err != nil {
			return 0, err
		}
		return info.State.LastSeq, nil
	}
	if err != nil {
		return 0, err
	}
	if w, err := decodeWritten(oldest.Sequence, oldest.Data); err == nil && w.Version > chainedToList {
		return oldest.Sequence - 1, nil
	}
	info, err := l.info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq - 1, nil
}
