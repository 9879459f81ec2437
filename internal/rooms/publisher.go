package rooms

import (
	"overtime/internal/bus"
	"overtime/internal/protocol"
)

// publisher says what the room says, numbered. It belongs to the actor's goroutine.
type publisher struct {
	*env
	conn RoomConn
	seq  uint64 // of the last numbered event
}

// delivery stamps a message; a numbered event takes the next number.
func (p *publisher) delivery(kind bus.Kind, id string, m protocol.ServerMessage) bus.Delivery {
	f := protocol.ServerFrame{ID: id, Epoch: p.epoch, Message: m}
	if f.Event() {
		p.seq++
	}
	f.Seq = p.seq
	return bus.Delivery{Kind: kind, Frame: f.Encode(), Epoch: f.Epoch, Seq: f.Seq}
}

// publish tells everyone, and then closes their connections if there is a code.
func (p *publisher) publish(m protocol.ServerMessage, code protocol.CloseCode) {
	d := p.delivery(bus.KindEvent, "", m)
	d.Close = code
	p.conn.Publish(d)
}

// push tells one connection, and then closes it if there is a code.
func (p *publisher) push(conn string, m protocol.ServerMessage, code protocol.CloseCode) {
	d := p.delivery(bus.KindPush, "", m)
	d.Close = code
	p.conn.Push(conn, d)
}

// answer answers a request, and then closes the connection if there is a code.
func (p *publisher) answer(r request, m protocol.ServerMessage, code protocol.CloseCode) {
	kind := bus.KindAnswer
	if _, in := m.(protocol.Welcome); in {
		kind = bus.KindWelcome
	}
	d := p.delivery(kind, r.id, m)
	d.Close = code
	p.conn.Answer(r.Asked, d)
}

// nobody sends a request to the room's new owner: it was not carried out here.
func (p *publisher) nobody(q bus.Asked) { p.conn.Answer(q, bus.Delivery{Kind: bus.KindNobody}) }

// restart sends everybody to the next actor.
func (p *publisher) restart() {
	p.conn.Publish(bus.Delivery{Kind: bus.KindEvent, Close: protocol.CloseRestart})
}
