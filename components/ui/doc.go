// Package ui holds the small parts that the pages are made of: icons, the
// mark, the ring, the story bar, the countdown, and the one place that turns
// codes into sentences of the catalogue.
//
// It is called by the pages (home, lobby, room, ended). It must not know a
// page, nor decide anything about a meeting.
package ui
