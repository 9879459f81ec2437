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
	Digest      string // of the newest
}

// String is that in sentences.
func (w Whole) String() string {
	const note = " %s: note it elsewhere, and it shows as well if entries are cut off after it, or all are written anew."
	switch w.Entries {
	case 0:
		return "There are no entries yet."
	case 1:
		return fmt.Sprintf("Entry %d is whole. Its digest is"+note, w.Last, w.Digest)
	}
	return fmt.Sprintf("Entries %d to %d are whole. The digest of the newest is"+note, w.First, w.Last, w.Digest)
}

// Attest is Verify in sentences for the operator.
func (l *Log) Attest(ctx context.Context) (whole string, err error) {
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

// Verify reads everything and checks that each entry is followed by the one that
// was written after it. A BrokenError names the first that is not what it should
// be.
func (l *Log) Verify(ctx context.Context) (whole Whole, err error) {
	var at link
	for {
		m, err := l.next(ctx, everything, at.seq+1)
		switch {
		case errors.Is(err, errNone):
			return whole, l.reached(ctx, at)
		case err != nil:
			return whole, err
		}
		if at, err = l.oldest(ctx, at, m.Sequence); err != nil {
			return whole, err
		}
		if at, err = at.follow(m.Sequence, m.Subject, m.Data); err != nil {
			return whole, err
		}
		if whole.Entries == 0 {
			whole.First = at.seq
		}
		whole.Entries++
		whole.Last, whole.Digest = at.seq, at.digest
	}
}

// oldest is at, or where the chain begins anew because seq is the oldest entry by
// now: what was between has gone by age, while we read or when nothing else was
// written for so long.
func (l *Log) oldest(ctx context.Context, at link, seq uint64) (link, error) {
	if at.seq == 0 || seq == at.seq+1 {
		return at, nil
	}
	info, err := l.info(ctx)
	if err != nil {
		return at, err
	}
	if info.State.FirstSeq >= seq {
		return link{}, nil
	}
	return at, nil
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
