package sfu

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLogs sends pion's log to ours, one level down and never above Debug: what it
// calls an error is usually a browser that went away.
type pionLogs struct{ log *slog.Logger }

func (f pionLogs) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{f.log.With("pion", scope)}
}

type pionLog struct{ log *slog.Logger }

// levelPion is below Debug: pion at this level writes a line for many packets.
const levelPion = slog.LevelDebug - 4

func (l pionLog) write(level slog.Level, format string, args []any) {
	if !l.log.Enabled(context.Background(), level) {
		return
	}
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	l.log.Log(context.Background(), level, format)
}

func (l pionLog) Trace(msg string)             { l.write(levelPion-4, msg, nil) }
func (l pionLog) Tracef(f string, args ...any) { l.write(levelPion-4, f, args) }
func (l pionLog) Debug(msg string)             { l.write(levelPion, msg, nil) }
func (l pionLog) Debugf(f string, args ...any) { l.write(levelPion, f, args) }
func (l pionLog) Info(msg string)              { l.write(levelPion, msg, nil) }
func (l pionLog) Infof(f string, args ...any)  { l.write(levelPion, f, args) }
func (l pionLog) Warn(msg string)              { l.write(slog.LevelDebug, msg, nil) }
func (l pionLog) Warnf(f string, args ...any)  { l.write(slog.LevelDebug, f, args) }
func (l pionLog) Error(msg string)             { l.write(slog.LevelDebug, msg, nil) }
func (l pionLog) Errorf(f string, args ...any) { l.write(slog.LevelDebug, f, args) }
