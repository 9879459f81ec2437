package client

import "overtime/internal/protocol"

// Do has the session do what is wanted, and returns at once.
func (s *Session) Do(i Intent) { s.post(func() { s.do(i) }) }

func (s *Session) do(i Intent) {
	switch i := i.(type) {
	case SetName:
		s.setName(i.Name)
	case Join:
		s.join()
	case Leave:
		s.leave()
	case Rejoin:
		s.rejoin()
	case ToggleDevice:
		s.toggleDevice(i.Device)
	case SetDevice:
		s.setDevice(i.Device, i.On)
	case ChooseDevice:
		s.chooseDevice(i.Device, i.ID)
	case Resize:
		s.media.width, s.media.height = i.Width, i.Height
		s.show()
	case Extend:
		s.extend(i)
	case HideNotice:
		s.hideNotice()
	case End:
		s.endForAll(i)
	case Remove:
		s.remove(i.Participant)
	case Admit:
		s.answer(i.Waiting, protocol.Admit{Waiting: i.Waiting})
	case Deny:
		s.answer(i.Waiting, protocol.Deny{Waiting: i.Waiting})
	case SetLocked:
		s.setLocked(i.Locked)
	case RenewLink:
		s.renewLink()
	case CopyGuestsLink:
		s.copyGuestsLink()
	case DismissToast:
		s.dismissToast(i.ID)
	}
}

func (s *Session) setName(name string) {
	s.lobby.typed = name
	if s.phase == PhaseLobby {
		s.trouble = Trouble{}
	}
}

func (s *Session) copyGuestsLink() {
	link := s.place.guests
	if link == "" {
		return
	}
	s.work(func() func() {
		err := s.browser.Page.Copy(s.ctx, link)
		return func() { s.copied(err) }
	})
}

func (s *Session) copied(err error) {
	switch {
	case s.closing:
	case err != nil:
		s.refused(protocol.Error{Code: TroubleCopy})
	default:
		s.toast(Toast{Kind: ToastCopied})
	}
}
