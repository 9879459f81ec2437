package uitest

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"overtime/internal/client"
)

// Session records what is wanted of it. It is for one goroutine.
type Session struct {
	Shown client.View
	// Moment is the server's time; if zero, it is the (synthetic) clock's.
	Moment time.Time
	// Zone is that of whoever looks; nil: UTC.
	Zone client.Zone
	// Calls are the intents, in order, as "Extend 15".
	Calls []string

	subscribers []*func(client.View)
}

// View is the present view.
func (s *Session) View() client.View { return s.Shown.Complete() }

// Subscribe calls back at once, then at each Show.
func (s *Session) Subscribe(f func(client.View)) (stop func()) {
	s.subscribers = append(s.subscribers, &f)
	f(s.View())
	return func() {
		s.subscribers = slices.DeleteFunc(s.subscribers, func(have *func(client.View)) bool { return have == &f })
	}
}

// Show changes the view.
func (s *Session) Show(v client.View) {
	s.Shown = v.Copy() // the test may go on to change what it shows
	for _, f := range slices.Clone(s.subscribers) {
		(*f)(s.Shown)
	}
}

// Now is the server's time.
func (s *Session) Now() time.Time {
	if s.Moment.IsZero() {
		return time.Now()
	}
	return s.Moment
}

// Local is t in UTC, unless the test has a zone.
func (s *Session) Local(t time.Time) time.Time {
	if s.Zone == nil {
		return t.UTC()
	}
	return s.Zone.Local(t)
}

// Do records an intent as its name and what it says.
func (s *Session) Do(i client.Intent) {
	v := reflect.ValueOf(i)
	call := v.Type().Name()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() != reflect.Func && !(f.Kind() == reflect.String && f.Len() == 0) {
			call += fmt.Sprint(" ", f.Interface())
		}
	}
	s.Calls = append(s.Calls, call)
}

// Close is recorded, too.
func (s *Session) Close() { s.Calls = append(s.Calls, "Close") }
