package ui_test

import (
	"testing"
	"testing/synctest"
	"time"

	"overtime/components/ui"
	"overtime/components/uitest"
)

func TestCountdownDerivesEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := uitest.Mount(t, &ui.Countdown{Clock: &uitest.Session{}, EndsAt: time.Now().Add(2500 * time.Millisecond)})
		for _, want := range []string{"0:03", "0:02", "0:01", "0:00", "0:00"} {
			if got := p.Text(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			<-time.After(900 * time.Millisecond)
			synctest.Wait()
			p.Settle()
		}
	})
}

func TestCountdownIsRightAfterASleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := uitest.Mount(t, &ui.Countdown{Clock: &uitest.Session{}, EndsAt: time.Now().Add(time.Hour)})
		<-time.After(59 * time.Minute) // nothing was painted meanwhile
		synctest.Wait()
		p.Settle()
		if got := p.Text(); got != "1:00" {
			t.Errorf("got %s, want 1:00", got)
		}
	})
}
