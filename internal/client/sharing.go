package client

import (
	"context"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// sharing is this person's screen, as far as they share it. The picture and its
// sound are owned here and stopped here.
type sharing struct {
	loop    *loop
	screens Screens
	news    *toasts
	// may reports whether the person may share here and now.
	may func() bool
	// send puts a track, or nothing, on a source.
	send func(protocol.Source, Track)
	// changed is told that what is seen or heard may have changed.
	changed func()

	picture, sound Track
	gen            uint64             // counts captures; what older ones bring is stopped
	cancel         context.CancelFunc // of the choice under way
}

// start has the browser ask what to share.
func (s *sharing) start() {
	if s.picture != nil || s.cancel != nil || !s.may() || !s.screens.Supported() {
		return
	}
	s.gen++
	gen := s.gen
	ctx, cancel := context.WithCancel(s.loop.ctx)
	s.cancel = cancel
	s.loop.work(func() func() {
		defer cancel()
		picture, sound, err := s.screens.Capture(ctx)
		return func() { s.captured(gen, picture, sound, err) }
	})
}

func (s *sharing) captured(gen uint64, picture, sound Track, err error) {
	switch {
	case err == nil && (gen != s.gen || !s.may()):
		stop(picture)
		stop(sound)
	case gen != s.gen:
	case err != nil && deviceTrouble(err) != DeviceRefused: // who changed their mind knows it
		s.news.show(Toast{Kind: ToastRefused, Trouble: Trouble{Code: TroubleScreen}})
	}
	if gen != s.gen {
		return
	}
	s.cancel = nil
	if err != nil || !s.may() {
		return
	}
	s.picture, s.sound = picture, sound
	// The browser's own bar stops it, and so does the end of what is shared.
	picture.OnEnded(func() { s.loop.post(func() { s.ended(gen) }) })
	s.send(protocol.Screen, picture)
	if sound != nil {
		sound.OnEnded(func() { s.loop.post(func() { s.silenced(gen) }) })
		s.send(protocol.ScreenAudio, sound)
	}
	s.changed()
}

func stop(t Track) {
	if t != nil {
		t.Stop()
	}
}

// end stops sharing, or the choice under way.
func (s *sharing) end() {
	s.gen++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	if s.picture == nil {
		return
	}
	s.silence()
	s.picture.Stop()
	s.picture = nil
	s.send(protocol.Screen, nil)
	s.changed()
}

// ended: the picture of a capture is over.
func (s *sharing) ended(gen uint64) {
	if gen == s.gen {
		s.end()
	}
}

// silenced: its sound is over; the picture may go on.
func (s *sharing) silenced(gen uint64) {
	if gen == s.gen {
		s.silence()
		s.changed()
	}
}

func (s *sharing) silence() {
	if s.sound != nil {
		s.sound.Stop()
		s.sound = nil
		s.send(protocol.ScreenAudio, nil)
	}
}

// steer ends what the person may no longer do.
func (s *sharing) steer() {
	if !s.may() {
		s.end()
	}
}

// refused: the server forbids some of what is sent. What this side knows may be
// older than that.
func (s *sharing) refused() {
	if s.picture != nil {
		s.end()
		s.news.show(Toast{Kind: ToastRefused, Trouble: Trouble{Code: protocol.CodeForbidden}})
	}
}

// sources are what others see and hear of it, as the server is told them.
func (s *sharing) sources() []protocol.Source {
	var out []protocol.Source
	if s.picture != nil {
		out = append(out, protocol.Screen)
	}
	if s.sound != nil {
		out = append(out, protocol.ScreenAudio)
	}
	return out
}

func (s *sharing) view() ScreenView {
	return ScreenView{
		On: s.picture != nil, Sound: s.sound != nil, Choosing: s.cancel != nil,
		Supported: s.screens.Supported(), Allowed: s.may(),
	}
}

// sharesScreen reports whether a role shares screens in a room of these settings.
func sharesScreen(room protocol.Room, role meeting.Role) bool {
	return role.Moderates() || role.Sends() && room.ScreenShare != meeting.ScreenByModerators
}
