package kill_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
	"overtime/internal/testkit"
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
	ws, err := testkit.Connect(ctx, "ws://"+v.act.server.address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return
	}
	defer ws.Cut()
	called, known := v.act.history.call()
	if ws.Write("peek", protocol.Peek{Room: v.act.room.ID, Token: v.ticket}) != nil {
		return
	}
	f, err := ws.Read()
	if errors.Is(err, testkit.ErrNoMessage) {
		v.act.broken("%s was sent %v", visitorName, err)
	}
	if err != nil {
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
