package operator_test

import (
	"strings"
	"testing"

	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// TestDowngrade: the rooms go back to where the version before looks for them, from
// where this one takes them again.
func TestDowngrade(t *testing.T) {
	folder, data := mustFolder(t)
	nats, kept := mustStore(t, folder)
	room, err := meeting.Room{ID: "first", Duration: 60}.Validate()
	if err == nil {
		err = kept.Create(t.Context(), room)
	}
	if err != nil {
		t.Fatal(err)
	}
	nats.Close()
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	open := openStopped
	for _, want := range []string{"1 rooms are kept", "0 rooms are kept"} {
		if said := mustRun(t, &config.Downgrade{Folder: in(data)}, open); !strings.Contains(said, want) {
			t.Errorf("says %s", said)
		}
	}
	again, err := datafolder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() }) // the test is over
	nats, err = openBus(again)
	if err != nil {
		t.Fatal(err)
	}
	defer nats.Close()
	if _, err := nats.JetStream().KeyValue(t.Context(), "rooms"); err != nil {
		t.Errorf("the version before finds no rooms: %v", err)
	}
	if n, err := store.Convert(t.Context(), nats, func(int) {}); n != 1 || err != nil {
		t.Errorf("converted again: %d rooms, %v", n, err)
	}
}
