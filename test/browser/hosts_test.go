package browser

import (
	"net/url"
	"slices"
	"sync"
)

// hostSet is the hosts that a page spoke to.
type hostSet struct {
	mu    sync.Mutex
	hosts []string
}

func (h *hostSet) add(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return // data:, blob: and the like stay in the browser
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.hosts, u.Host) {
		h.hosts = append(h.hosts, u.Host)
	}
}

func (h *hostSet) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.hosts)
}
