package client

// standing is where this tab stands on its way into the meeting and out of it.
// The entry alone changes it.
type standing struct {
	phase   Phase
	trouble Trouble
}

// final reports whether the phase needs no connection.
func (p Phase) final() bool { return p == PhaseEnded || p == PhaseLeft || p == PhaseClosed }

func (w *standing) inRoom() bool { return w.phase == PhaseRoom }

func (w *standing) final() bool { return w.phase.final() }

// move goes to a phase; t is why, if something is the matter.
func (w *standing) move(to Phase, t Trouble) { w.phase, w.trouble = to, t }
