package audit

import (
	"context"
	"errors"
	"fmt"
)

// Whole is the part of the chain in which each entry is followed by the one that
// was written after it.
type Whole struct {
	Entries     int
	First, Last uint64 // the numbers of the oldest and of the newest
	// Anchor is the number of the newest anchor, 0 if there is none, and Digest its
	// digest: it holds everything before it, which another entry does not.
	Anchor uint64
	Digest string
}

// String is that in sentences.
func (w Whole) String() string {
	text := "There are no entries yet."
	switch {
	case w.Entries == 1:
		text = fmt.Sprintf("Entry %d is whole.", w.Last)
	case w.Entries > 1:
		text = fmt.Sprintf("Entries %d to %d are whole.", w.First, w.Last)
	}
	if w.Anchor > 0 {
		text += fmt.Sprintf(" The digest of entry %d, which holds all before it, is %s: note it elsewhere, and it shows as well if entries are cut off after it, or all are written anew.", w.Anchor, w.Digest)
	}
	return text
}

// Attest is Verify in sentences for the operator.
func (l *Log) Attest(ctx context.Context) (whole string, err error) {
	if err := l.anchor(ctx); err != nil { // so that the newest entry holds all the others
		l.log.Warn("audit: it could not be anchored", "error", err)
	}
	w, err := l.Verify(ctx)
	var broken *BrokenError
	switch {
	case err == nil:
		return w.String(), nil
	case !errors.As(err, &broken):
		l.log.Error("audit: it cannot be read", "after", w.Last, "error", err)
		err = errors.New("the audit cannot be read to its end just now; try again in a moment, and if it fails again look into the server's log")
	}
	switch w.Entries {
	case 0:
		return "No entry is known to be whole.", err
	case 1:
		return fmt.Sprintf("Entry %d is whole.", w.Last), err
	}
	return fmt.Sprintf("Entries %d to %d are whole.", w.First, w.Last), err
}

// Verify reads everything and checks that each entry follows the one that it was
// written after, and that what was anchored is as it was. A BrokenError names the
// first that is not what it should be.
func (l *Log) Verify(ctx context.Context) (whole Whole, err error) {
	var at chains
	for {
		m, err := l.next(ctx, everything, at.last.seq+1)
		switch {
		case errors.Is(err, errNone):
			return whole, l.reached(ctx, at.last)
		case err != nil:
			return whole, err
		}
		if anew, err := l.begunAnew(ctx, at.last, m.Sequence); err != nil {
			return whole, err
		} else if anew {
			at = chains{}
		}
		if err := at.follow(m.Sequence, m.Subject, m.Data); err != nil {
			return whole, err
		}
		if whole.Entries == 0 {
			whole.First = at.last.seq
		}
		whole.Entries++
		whole.Last = at.last.seq
		whole.Anchor, whole.Digest = at.heads[anchorSubject].seq, at.heads[anchorSubject].digest
	}
}

// begunAnew reports whether seq is the oldest entry by now, though others were read:
// what was between has gone by age, while we read or when nothing else was written
// for so long.
func (l *Log) begunAnew(ctx context.Context, at link, seq uint64) (bool, error) {
	if at.seq == 0 || seq == at.seq+1 {
		return false, nil
	}
	info, err := l.info(ctx)
	return err == nil && info.State.FirstSeq >= seq, err
}

// reached checks that there is nothing after at that cannot be read.
func (l *Log) reached(ctx context.Context, at link) error {
	info, err := l.info(ctx)
	if err != nil {
		return err
	}
	if info.State.Msgs > 0 && info.State.LastSeq > at.seq {
		if _, err := l.next(ctx, everything, at.seq+1); errors.Is(err, errNone) {
			return &BrokenError{at.seq + 1, "it is gone"}
		}
	}
	return nil
}
