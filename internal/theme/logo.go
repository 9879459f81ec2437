package theme

import (
	"net/url"
	"strings"
)

// The longest that a logo's address may be, and a picture in an address.
const (
	longestAddress = 2048
	longestPicture = 64 << 10
)

// pictures are the kinds of image that may come in an address. A script in an
// SVG does not run in an <img>.
var pictures = []string{"png", "jpeg", "gif", "webp", "avif", "svg+xml"}

// checkLogo says what is the matter with a logo's address, or nothing. It is
// put into an <img> as an attribute, so it need be harmless as an address only.
func checkLogo(text string) (trouble string) {
	for _, r := range text {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune("\"'<>\\`{}|^", r) {
			return "its address holds a character that has to be written with %"
		}
	}
	if kind, found := strings.CutPrefix(text, "data:image/"); found {
		switch {
		case len(text) > longestPicture:
			return "it is larger than 64 KiB, so give its address instead"
		case !isPicture(kind):
			return "it is not a PNG, JPEG, GIF, WebP, AVIF or SVG"
		}
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case len(text) > longestAddress:
		return "its address is too long"
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return "its address has to begin with https:, http: or data:image/"
	case u.User != nil:
		return "its address holds a password"
	}
	return ""
}

func isPicture(kind string) bool {
	name, _, found := strings.Cut(kind, ",")
	name, _, _ = strings.Cut(name, ";")
	for _, known := range pictures {
		if found && name == known {
			return true
		}
	}
	return false
}
