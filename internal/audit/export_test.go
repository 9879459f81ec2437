package audit

import (
	"context"
	"log/slog"
	"time"
)

// Soon is what AppendSoon fills.
type Soon struct{ *soon }

// StartSoon starts one that writes by write.
func StartSoon(write func(context.Context, Entry) error, now func() time.Time) Soon {
	return Soon{startSoon(write, now, slog.New(slog.DiscardHandler))}
}

// Put is AppendSoon, and Close is Close.
func (s Soon) Put(e Entry)                     { s.put(e) }
func (s Soon) Close(ctx context.Context) error { return s.close(ctx) }

// Anchor anchors at once.
func (l *Log) Anchor(ctx context.Context) error { return l.anchor(ctx) }

// Waiting is how many entries wait to be written.
func (l *Log) Waiting() int { return l.queue.Waiting() }

// Patient has no batch be given up because the machine is busy.
func (l *Log) Patient() { l.queue.Patience = time.Hour }
