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
