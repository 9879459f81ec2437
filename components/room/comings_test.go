package room

import (
	"strings"
	"testing"

	"overtime/internal/client"
)

// TestWhoComesAndGoesIsSpoken: gathered, once, after what else there is to say,
// and again if it happens again.
func TestWhoComesAndGoesIsSpoken(t *testing.T) {
	w := mount(t, with(calm(), func(v *client.View) { v.News.Comings = client.Comings{ID: 3, Joined: []string{"Early"}} }), at(52))
	if w.room.attention.spoken != "" {
		t.Errorf("whoever comes is told what was before: %q", w.room.attention.spoken)
	}
	came := func(id int) client.View {
		return with(calm(), func(v *client.View) { v.News.Comings = client.Comings{ID: id, Joined: []string{"A", "B", "C", "D"}} })
	}
	w.show(came(4))
	if w.room.attention.spoken != "4 people joined." {
		t.Errorf("said %q", w.room.attention.spoken)
	}
	w.show(came(4))
	first := w.room.attention.spoken
	w.show(came(5))
	if w.room.attention.spoken == first || strings.TrimSpace(w.room.attention.spoken) != "4 people joined." {
		t.Errorf("four others: said %q after %q", w.room.attention.spoken, first)
	}
	w.show(with(came(6), func(v *client.View) { v.News.Toasts = []client.Toast{{ID: 1, Kind: client.ToastLocked}} }))
	if want := "The meeting is locked: nobody new can come in 4 people joined."; w.room.attention.spoken != want {
		t.Errorf("said %q, want %q", w.room.attention.spoken, want)
	}
	first = w.room.attention.spoken
	w.show(with(came(7), func(v *client.View) { v.News.Toasts = []client.Toast{{ID: 2, Kind: client.ToastLocked}} }))
	if again := w.room.attention.spoken; again == first || strings.TrimSpace(again) != first {
		t.Errorf("both again: said %q after %q", again, first)
	}
	if got := w.MustRole("status", "").Text(); got != w.room.attention.spoken {
		t.Errorf("the live region says %q", got)
	}
}
