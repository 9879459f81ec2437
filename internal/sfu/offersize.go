package sfu

import (
	"strings"

	"github.com/pion/sdp/v3"
)

// checkSize refuses an offer that is larger than any browser's, in whatever way,
// before anything parses it. It stops at the first thing that is too much.
func checkSize(text string) error {
	if len(text) > maxOfferBytes {
		return badOffer("the offer is too long")
	}
	sections, candidates, ssrcs, lines, ends := 0, 0, 0, 0, 0
	for text != "" {
		line := text
		if end := strings.IndexAny(text, "\r\n"); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = ""
		}
		switch {
		case strings.HasPrefix(line, "m="):
			sections++
			lines = 0
		case strings.HasPrefix(line, "a=candidate"):
			candidates++
		case strings.HasPrefix(line, "a=ssrc"):
			ssrcs++
		}
		if line != "" {
			lines++
		}
		switch ends++; {
		case sections > maxSections:
			return badOffer("the offer has too many sections")
		case candidates > maxCandidates:
			return badOffer("the offer has too many candidates")
		case ssrcs > maxSSRCLines:
			return badOffer("the offer has too many sources")
		case lines > maxSectionLines, ends > 2*maxLines, len(line) > maxLine: // each line may have two ends
			return badOffer("the offer has too many lines, or too long ones")
		}
	}
	return nil
}

// checkFormats refuses a section with more formats than there are, or one twice.
func checkFormats(formats []string) error {
	if len(formats) > maxFormats {
		return badOffer("a section has too many formats")
	}
	seen := map[string]bool{}
	for _, f := range formats {
		if seen[f] {
			return badOffer("a section has a format twice")
		}
		seen[f] = true
	}
	return nil
}

// dropCandidates takes the browser's candidates out.
func dropCandidates(d *sdp.SessionDescription) {
	drop := func(attributes []sdp.Attribute) []sdp.Attribute {
		kept := attributes[:0]
		for _, a := range attributes {
			if !a.IsICECandidate() && a.Key != sdp.AttrKeyEndOfCandidates {
				kept = append(kept, a)
			}
		}
		return kept
	}
	d.Attributes = drop(d.Attributes)
	for _, m := range d.MediaDescriptions {
		m.Attributes = drop(m.Attributes)
	}
}
