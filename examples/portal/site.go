package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"log"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

//go:embed pages assets
var files embed.FS

// site is everything that the portal serves.
type site struct {
	overtime *overtime
	diary    *diary
	seal     seal
	pages    *template.Template
	log      *log.Logger
}

func newSite(s settings, out io.Writer) (*site, error) {
	seal, err := newSeal(s.secret)
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	return &site{newOvertime(s.overtime, s.key), newDiary(), seal, pages, log.New(out, "portal: ", log.LstdFlags)}, nil
}

// policy is the Content-Security-Policy of our pages. What a page with a meeting in
// it needs of another host is the Overtime server, three times: the script, the
// frame, and the question why a frame stays silent.
func policy(overtime string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' " + overtime,
		"frame-src " + overtime,
		"connect-src 'self' " + overtime,
		"style-src 'self'",
		"img-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showList)
	mux.HandleFunc("POST /bookings", s.book)
	mux.HandleFunc("GET /appointments/{id}", s.showAppointment)
	mux.HandleFunc("GET /appointments/{id}/outcome", s.tellOutcome)
	mux.HandleFunc("POST /webhooks", s.takeWebhook)
	mux.Handle("GET /assets/", http.FileServerFS(files))
	// No other site books in the name of somebody who is here. Webhooks do not come
	// from browsers, so they pass.
	guarded := http.NewCrossOriginProtection().Handler(mux)
	rules := policy(s.overtime.origin)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", rules)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store") // there are people's names and tokens in pages
		guarded.ServeHTTP(w, r)
	})
}

// show writes a page.
func (s *site) show(w http.ResponseWriter, status int, page string, data any) {
	var text bytes.Buffer
	if err := s.pages.ExecuteTemplate(&text, page, data); err != nil {
		s.log.Print("a page cannot be written: ", err)
		http.Error(w, "The page cannot be shown. It is our mistake.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // whoever asked may be gone
}

// list is what list.html shows.
type list struct {
	Bookings     []booking
	Lengths      []int
	Practitioner person
	Form         booking // as it was sent, if it could not be done
	Trouble      string
}

func (s *site) newList() list {
	next := time.Now().Truncate(15 * time.Minute).Add(15 * time.Minute)
	return list{Bookings: s.diary.all(), Lengths: lengths, Practitioner: practitioner,
		Form: booking{ID: newBookingID(), At: next.Format("15:04"), Client: "Asha Rao", Subject: "Follow-up", Minutes: 15}}
}

func (s *site) showList(w http.ResponseWriter, r *http.Request) {
	s.show(w, http.StatusOK, "list.html", s.newList())
}

// book takes the form. Whatever happens on the way, sending the same form again
// ends with one booking and one room.
func (s *site) book(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	minutes, _ := strconv.Atoi(r.PostFormValue("minutes")) // check finds what is no number
	b := booking{
		ID: r.PostFormValue("booking"), At: r.PostFormValue("at"), Minutes: minutes,
		Client:  strings.TrimSpace(r.PostFormValue("client")),
		Subject: strings.TrimSpace(r.PostFormValue("subject")),
	}
	status, err := http.StatusUnprocessableEntity, b.check()
	if err == nil {
		status, err = s.keep(r, b)
	}
	if err != nil {
		page := s.newList()
		page.Form, page.Trouble = b, err.Error()
		s.show(w, status, "list.html", page)
		return
	}
	http.Redirect(w, r, "/#"+b.ID, http.StatusSeeOther)
}

func (s *site) keep(r *http.Request, b booking) (status int, err error) {
	made, err := s.overtime.makeRoom(r.Context(), b)
	switch {
	case refused(err, "conflict") || refused(err, "deleted"):
		return http.StatusConflict, errOther
	case err != nil:
		s.log.Print("booking: ", err)
		return http.StatusBadGateway, fmt.Errorf("%w. Nothing is lost: book again in a moment", err)
	}
	b.RoomID = made.ID
	return http.StatusConflict, s.diary.add(b)
}

// whoAsks is who opens the page of an appointment. Here they say so themselves, so
// that both can be tried side by side in one browser. A real portal knows it from
// its login, and from nothing that stands in an address.
func whoAsks(r *http.Request, b booking) (person, bool) {
	switch r.URL.Query().Get("as") {
	case "practitioner":
		return practitioner, true
	case "client":
		return b.client(), true
	}
	return person{}, false
}

// appointment is what appointment.html shows.
type appointment struct {
	Booking  booking
	You      person
	Other    person
	Overtime string // the origin that embed.js comes from
	Pass     *pass  // none if there is nothing to come into any more
	Trouble  string
}

func (s *site) showAppointment(w http.ResponseWriter, r *http.Request) {
	b, ok := s.diary.get(r.PathValue("id"))
	if !ok {
		s.show(w, http.StatusNotFound, "missing.html", "There is no such appointment. The portal forgets them when it is stopped.")
		return
	}
	you, ok := whoAsks(r, b)
	if !ok {
		s.show(w, http.StatusForbidden, "missing.html", "Only those whose appointment it is may come in. Open it from the list.")
		return
	}
	page, status := appointment{Booking: b, You: you, Other: practitioner, Overtime: s.overtime.origin}, http.StatusOK
	if you.Practitioner {
		page.Other = b.client()
	}
	if b.Ended == nil {
		made, err := s.overtime.admit(r.Context(), b.RoomID, you)
		switch {
		case refused(err, "over"): // the webhook is still on its way
		case err != nil:
			s.log.Print("a token: ", err)
			page.Trouble, status = err.Error(), http.StatusBadGateway
		default:
			page.Pass = &made
		}
	}
	s.show(w, status, "appointment.html", page)
}

// outcome is what came of an appointment, from the two that tell it.
type outcome struct {
	REST    *session      `json:"rest"`    // as asked for
	Webhook *sessionEnded `json:"webhook"` // as told, with a good signature
	Same    bool          `json:"same"`    // both have the same ledger
	Trouble string        `json:"trouble,omitempty"`
}

func (s *site) tellOutcome(w http.ResponseWriter, r *http.Request) {
	b, ok := s.diary.get(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	o := outcome{Webhook: b.Ended}
	read, err := s.overtime.session(r.Context(), b.RoomID)
	switch {
	case refused(err, "not_started"): // nobody came yet
	case err != nil:
		o.Trouble = err.Error()
	default:
		o.REST = &read
	}
	o.Same = o.REST != nil && o.Webhook != nil && reflect.DeepEqual(o.REST.Ledger, o.Webhook.Ledger)
	text, err := json.Marshal(o)
	if err != nil {
		s.log.Print("an outcome cannot be written: ", err)
		http.Error(w, "that cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // whoever asked may be gone
}
