package client

import "context"

// Screens captures what is on this device's screen, or in one of its windows or
// tabs, as the person chooses.
type Screens interface {
	// Supported reports whether this browser can, and the page around this one
	// lets it.
	Supported() bool
	// Capture has the browser ask the person what to share. Call it while a press
	// of theirs counts, which browsers take for some seconds. sound is nil where
	// there is none. Errors are DeviceTroubles; DeviceRefused is also the person
	// who changed their mind.
	Capture(ctx context.Context) (picture, sound Track, err error)
}

// Screen is a screen that somebody shares. The zero value is a free slot.
type Screen struct{ Participant, Name string }

// ScreenView is this person's screen, as far as they share it.
type ScreenView struct {
	On, Sound bool
	Choosing  bool // the browser asks what to share
	Supported bool // by the browser and the page around
	Allowed   bool // by the person's role and the room
}
