package chatlog_test

import (
	"fmt"
	"testing"

	"overtime/internal/chatlog"
)

// TestIndices: whoever asks for chats that nobody wrote leaves nothing in memory.
func TestIndices(t *testing.T) {
	l, _ := start(t)
	for i := range 5 {
		mustPage(t, l, chatlog.Session{Room: fmt.Sprint("room", i), Number: 1}, all)
	}
	if indices, weight := l.Indexed(); indices != 0 || weight != 0 {
		t.Errorf("%d indices of %d", indices, weight)
	}
	mustAppend(t, l, here, draft("op", "text"))
	if indices, weight := l.Indexed(); indices != 1 || weight != 2 {
		t.Errorf("with a message %d indices of %d", indices, weight)
	}
}
