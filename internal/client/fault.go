package client

// MediaTrouble is why there is neither sound nor picture although the server
// can be reached. The words about it differ, because the cures do.
type MediaTrouble string

const (
	MediaFine MediaTrouble = ""
	// MediaInterrupted: they are being brought back.
	MediaInterrupted MediaTrouble = "interrupted"
	// MediaBlocked: the server answers, and again and again no way to its media
	// port is found: something between keeps it shut.
	MediaBlocked MediaTrouble = "blocked"
	// MediaMissing: this browser has no WebRTC, or has it turned off.
	MediaMissing MediaTrouble = "missing"
)

// blockedAfter is how many peer connections in a row have to come to nothing
// although the server answered each: one may be a matter of a slow machine.
const blockedAfter = 2

// fault is what is the matter with the peer connection. The zero fault is none.
type fault struct {
	interrupted bool
	missing     bool
	unreached   int // peer connections in a row that were answered and never connected
}

func (f fault) why() MediaTrouble {
	switch {
	case f.missing:
		return MediaMissing
	case f.interrupted && f.unreached >= blockedAfter:
		return MediaBlocked
	case f.interrupted:
		return MediaInterrupted
	}
	return MediaFine
}
