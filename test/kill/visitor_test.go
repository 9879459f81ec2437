package kill_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
)

// visitor looks at the room again and again, as a lobby does, and knows nothing
// of what was before: whatever a node tells it must be true.
type visitor struct {
	act    *act
	n      int
	ticket string
}

const (
	visitorName = "Hal"
	// longestPause is between two looks.
	longestPause = 20 * time.Millisecond
)

// live looks until ctx ends.
func (v *visitor) live(ctx context.Context) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	for ctx.Err() == nil {
		v.look(ctx, &http.Client{Transport: transport})
		<-time.After(rand.N(longestPause)) // any moment will do
	}
}

// look asks once; a server that is killed meanwhile does not answer.
func (v *visitor) look(ctx context.Context, client *http.Client) {
	ws, _, err := websocket.Dial(ctx, "ws://"+v.act.server.address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return
	}
	defer ws.CloseNow() //nolint:errcheck // it may be closed already
	ws.SetReadLimit(longestFrame)
	called, known := v.act.history.call()
	peek := protocol.ClientFrame{ID: "peek", Message: protocol.Peek{Room: v.act.room.ID, Token: v.ticket}}
	if ws.Write(ctx, websocket.MessageText, peek.Encode()) != nil {
		return
	}
	_, text, err := ws.Read(ctx)
	if err != nil {
		return
	}
	f, err := protocol.DecodeServer(text)
	if err != nil {
		v.act.broken("%s was sent what is no message: %v", visitorName, err)
		return
	}
	v.act.history.heard(f.Epoch)
	switch m := f.Message.(type) {
	case protocol.RoomState:
		if m.Session != nil {
			v.act.looked(v.n, visitorName, called, f.Epoch >= known, *m.Session)
		}
	case protocol.Error:
		if m.Code != protocol.CodeUnavailable && m.Code != protocol.CodeUnknown {
			v.act.broken("%s was refused a look: %v", visitorName, m)
		}
	default:
		v.act.broken("%s was told %+v", visitorName, f.Message)
	}
}
