package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// booking is one appointment. What a person wrote is at the top; the rest is what
// Overtime told.
type booking struct {
	ID      string // ours, and the room's external_id
	At      string // 15:04
	Subject string
	Client  string
	Minutes int

	RoomID string

	// From the webhooks, in their order.
	Inside    map[string]bool // participants by id
	StartedAt time.Time
	EndsAt    time.Time
	Window    string // first or final while anyone may extend
	Ended     *sessionEnded
}

// lengths are what can be booked, in minutes.
var lengths = []int{10, 15, 30, 45, 60}

const (
	maxName    = 64  // what Overtime takes as a person's name
	maxSubject = 100 // and as a room's
)

var bookingID = regexp.MustCompile(`^[a-z2-7]{16}$`)

// newBookingID makes the id of a booking before there is one: it is in the form, so
// the same form sent twice is the same booking.
func newBookingID() string { return strings.ToLower(rand.Text()[:16]) }

// check says what is wrong with what a person wrote.
func (b booking) check() error {
	if _, err := time.Parse("15:04", b.At); err != nil {
		return errors.New("write the time like 15:30")
	}
	switch {
	case !bookingID.MatchString(b.ID):
		return errors.New("the form is not one of ours; open the page anew")
	case b.Client == "" || utf8.RuneCountInString(b.Client) > maxName:
		return fmt.Errorf("write who comes, in up to %d characters", maxName)
	case b.Subject == "" || utf8.RuneCountInString(b.Subject) > maxSubject:
		return fmt.Errorf("write what it is about, in up to %d characters", maxSubject)
	case !slices.Contains(lengths, b.Minutes):
		return errors.New("choose one of the lengths offered")
	}
	return nil
}

// person is somebody at an appointment.
type person struct {
	Ref          string // who it is to us; Overtime gives it back in webhooks and ledgers
	Name         string
	Practitioner bool
}

// practitioner is who the clinic is.
var practitioner = person{Ref: "practitioner-1", Name: "Dr Maya Lind", Practitioner: true}

func (b booking) client() person { return person{Ref: "client-" + b.ID, Name: b.Client} }

// role is what a person may do in the meeting: moderators end it for everybody.
func (p person) role() string {
	if p.Practitioner {
		return "moderator"
	}
	return "participant"
}

// diary is all bookings. It is a map where a portal has a database.
type diary struct {
	mu       sync.Mutex
	bookings map[string]*booking
	had      map[string]time.Time // the ids of the webhooks that were taken, and when
}

func newDiary() *diary {
	return &diary{bookings: map[string]*booking{}, had: map[string]time.Time{}}
}

var errOther = errors.New("there is another booking of that id; open the page anew and book again")

// add keeps a booking. Once more the same is the same; the first one stays.
func (d *diary) add(b booking) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if was, ok := d.bookings[b.ID]; ok {
		if was.At != b.At || was.Subject != b.Subject || was.Client != b.Client || was.Minutes != b.Minutes || was.RoomID != b.RoomID {
			return errOther
		}
		return nil
	}
	b.Inside = map[string]bool{}
	d.bookings[b.ID] = &b
	return nil
}

// get gives a copy of a booking.
func (d *diary) get(id string) (booking, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, ok := d.bookings[id]
	if !ok {
		return booking{}, false
	}
	return b.clone(), true
}

// all gives copies of all bookings, by time of day.
func (d *diary) all() []booking {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []booking
	for _, b := range d.bookings {
		list = append(list, b.clone())
	}
	slices.SortFunc(list, func(a, b booking) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return list
}

func (b *booking) clone() booking {
	c := *b
	c.Inside = nil
	if len(b.Inside) > 0 {
		c.Inside = make(map[string]bool, len(b.Inside))
		for id := range b.Inside {
			c.Inside[id] = true
		}
	}
	return c
}

// Overtime sends an event again for three days.
const remembered = 4 * 24 * time.Hour

// take notes that a webhook was had and what it says, in one step: in a database
// they are one transaction, so that neither is there without the other. An id that
// was had changes nothing.
func (d *diary) take(id string, e event, now time.Time) (first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, had := d.had[id]; had {
		return false
	}
	for old, at := range d.had {
		if now.Sub(at) > remembered {
			delete(d.had, old)
		}
	}
	d.had[id] = now
	if b, ok := d.bookings[e.Data.ExternalID]; ok && b.RoomID == e.Data.RoomID {
		b.hear(e)
	}
	return true
}
