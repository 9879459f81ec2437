package embed

import "overtime/internal/client"

// Frame is the browser as the session of an embedded page sees it: the token
// came by message, and what is remembered belongs to one slot of the page, so
// that two meetings side by side are two people, also after a reload.
func Frame(b client.Browser, e Entry) client.Browser {
	b.Page = framePage{b.Page, e.Token}
	b.Tab = slotStorage{b.Tab, "overtime.slot." + e.Slot + "."}
	b.Badge = noBadge{} // it would be that of an app of ours, of which this page is none
	return b
}

type noBadge struct{}

// Mark implements client.Badge.
func (noBadge) Mark(bool) {}

type framePage struct {
	client.Page
	token string
}

// Address has the token where a link has it.
func (p framePage) Address() (path, fragment string) {
	path, _ = p.Page.Address()
	return path, p.token
}

// HideFragment has nothing to hide: the token stands in no address.
func (framePage) HideFragment() {}

type slotStorage struct {
	client.Storage
	slot string
}

func (s slotStorage) Get(key string) string      { return s.Storage.Get(s.slot + key) }
func (s slotStorage) Set(key, value string) bool { return s.Storage.Set(s.slot+key, value) }

// WithNotify is the tab of an embedded page for the components: notifications
// go to the page around, which may show them, and its title is its own.
func WithNotify(p client.Page, notify func(title, body string)) client.Page {
	return notifyPage{p, notify}
}

type notifyPage struct {
	client.Page
	notify func(title, body string)
}

func (p notifyPage) Notify(title, body string) { p.notify(title, body) }

// Notifying: whether the person is told is for the page around to ask.
func (notifyPage) Notifying() client.Notifying { return client.NotifyNever }
