package client

import (
	"time"

	"overtime/internal/protocol"
)

// leaveWait is how long a farewell waits for the server to have heard it.
const leaveWait = 2 * time.Second

// retire goes to a phase without connection, devices and place. The token
// stays with the tab, so that a reload shows how things stand: the server
// answers it with the lobby, or with over. The caller hangs up.
func (e *entry) retire(to Phase, t Trouble) {
	e.requests.forgetAll()
	e.forget()
	e.news.clear()
	e.where.move(to, t)
	e.steer()
}

// close: this tab cannot be in the meeting. Who was removed keeps the secret
// of the place, so that a reload says so again instead of offering to join.
func (e *entry) close(t Trouble) {
	if t.Code != protocol.CodeRemoved {
		e.ticket.setResume("")
	}
	e.ticket.again.forget(e.ticket.resume)
	e.ticket.setReplaced(false)
	e.stop(t)
}

// stop is close where what the tab holds stays good.
func (e *entry) stop(t Trouble) {
	e.retire(PhaseClosed, t)
	e.link.hangUp()
}

// replaced: the same person is in the meeting elsewhere. The secret of the
// place stays, for Rejoin.
func (e *entry) replaced() {
	e.ticket.setReplaced(true)
	e.stop(Trouble{Code: protocol.CodeReplaced})
}

// over: the meeting has ended; the server said so.
func (e *entry) over(room protocol.Room, session protocol.Session) {
	e.ticket.setResume("")
	e.ticket.again.forget(e.ticket.again.secret())
	e.retire(PhaseEnded, Trouble{})
	e.link.hangUp()
	e.room.room, e.timeline.session = room, session
}

// tooLate offers to try again instead of trying. The secret of the place stays:
// if the meeting was extended, it still leads back.
func (e *entry) tooLate() {
	e.stop(Trouble{Code: TroubleTimeUp, EndsAt: e.timeline.session.EndsAt})
}

// unreachable: this page cannot connect, however often it tries.
func (e *entry) unreachable(why protocol.Reach) {
	if e.where.final() {
		return
	}
	t := Trouble{Code: TroubleProxy}
	switch why.Problem {
	case protocol.WrongAddress:
		t = Trouble{Code: TroubleAddress, Open: e.ticket.linkAt(why.Open)}
	case protocol.UnknownName:
		t = Trouble{Code: protocol.CodeUnknownName, Open: e.room.page.Origin()}
	}
	e.stop(t)
}

// lastWords are the close codes that say the same as a last word.
var lastWords = map[protocol.CloseCode]protocol.Code{
	protocol.CloseReplaced:     protocol.CodeReplaced,
	protocol.CloseRemoved:      protocol.CodeRemoved,
	protocol.CloseDenied:       protocol.CodeDenied,
	protocol.CloseTooMuchMedia: protocol.CodeTooMuchMedia,
}

// closed acts on a close code that says not to come back.
func (e *entry) closed(code protocol.CloseCode) {
	word, said := lastWords[code]
	switch {
	case said:
		e.lastWord(word)
	case code == protocol.CloseBadToken:
		e.refused(protocol.Error{Code: protocol.CodeBadToken})
	default:
		e.close(Trouble{Code: protocol.CodeBadMessage})
	}
}

// lastWord acts on the server's last word before it closes the connection. The
// close code says the same; it may get lost, as may the word.
func (e *entry) lastWord(code protocol.Code) {
	switch code {
	case protocol.CodeRemoved, protocol.CodeDenied, protocol.CodeTooMuchMedia:
		e.close(Trouble{Code: code})
	case protocol.CodeReplaced:
		e.replaced()
	case protocol.CodeNotJoined:
		e.link.lost(nil) // this tab was too slow to say hello; what it holds is good
	}
}

// leave gives the place up; the page changes at once, and the connection lives
// on until the server knows.
func (e *entry) leave() {
	if e.where.final() {
		return
	}
	heard := e.link.joined || e.where.phase == PhaseWaiting && e.link.connected()
	e.ticket.setResume("")
	e.retire(PhaseLeft, Trouble{})
	if !heard {
		e.link.hangUp()
		return
	}
	e.parting = true
	e.loop.set(&e.patience, leaveWait, e.link.hangUp)
	e.requests.ask(protocol.Leave{}, func(protocol.ServerFrame) { e.link.hangUp() })
}

// shut has the session end now, or as soon as the server has heard a farewell.
func (e *entry) shut() (now bool) {
	if e.parting {
		e.closeAfter = true
		return false
	}
	e.retire(PhaseLeft, Trouble{}) // not published, and the tab keeps the way back
	e.link.hangUp()
	return true
}

// rejoin goes back into a meeting that was left, or tries again.
func (e *entry) rejoin() {
	switch {
	case e.where.final():
		e.ticket.setReplaced(false)
		e.open()
	case e.link.waits():
		e.link.connect()
	}
}
