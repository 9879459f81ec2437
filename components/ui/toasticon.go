package ui

import "overtime/internal/client"

// ToastIcon is the icon that tells kinds of news apart without colour.
func ToastIcon(kind client.ToastKind) string {
	switch kind {
	case client.ToastExtended:
		return "clock"
	case client.ToastRefused:
		return "warning"
	case client.ToastJoined, client.ToastLeft, client.ToastRemoved:
		return "people"
	case client.ToastLocked:
		return "lock"
	case client.ToastUnlocked:
		return "unlock"
	case client.ToastBooked:
		return "clock"
	case client.ToastRenewed:
		return "link"
	}
	return "check"
}
