package sfu

import (
	"strings"

	"github.com/pion/sdp/v3"
)

// shapeAnswer makes of pion's answer the one that the browser gets: with our
// candidates instead of pion's, and with DTX asked for on the microphone. Pion writes
// the offer's own fmtp line into the answer, whatever the codec was registered with.
func shapeAnswer(answer string, candidates []string, sections []section) (string, error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(answer); err != nil {
		return "", err
	}
	dropCandidates(&d)
	microphone := ""
	for _, s := range sections {
		if s.source == Microphone {
			microphone = s.mid
		}
	}
	for i, m := range d.MediaDescriptions {
		if i == 0 { // all sections are bundled with the first
			for _, c := range candidates {
				m.WithValueAttribute("candidate", c)
			}
			m.WithPropertyAttribute(sdp.AttrKeyEndOfCandidates)
		}
		if mid, _ := m.Attribute(sdp.AttrKeyMID); mid == microphone && microphone != "" {
			askForDTX(m)
		}
	}
	shaped, err := d.Marshal()
	return string(shaped), err
}

// askForDTX adds usedtx=1 (RFC 7587 section 6.1): a silent microphone then sends 7
// packets a second, not 50.
func askForDTX(m *sdp.MediaDescription) {
	for i, a := range m.Attributes {
		if a.Key == "fmtp" && !strings.Contains(a.Value, "usedtx") {
			m.Attributes[i].Value += ";usedtx=1"
		}
	}
}
