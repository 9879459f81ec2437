package sfu

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// Limits of an offer. They are far above what a browser sends (Chromium 156 for 14
// seats: 60 KiB in 2,000 lines, 168 of a section, 34 formats, 9 SSRCs), and low enough
// that a hostile one costs next to nothing before it is refused.
const (
	maxOfferBytes   = 256 << 10
	maxLine         = 4 << 10 // bytes
	maxLines        = 8192
	maxSectionLines = 512
	maxSections     = 128
	maxCandidates   = 64
	maxSSRCLines    = 512 // pion compares each with all before it
	maxLayerLines   = 32  // pion answers each
	maxFormats      = 128 // payload types have 7 bits; pion answers each, twice if it comes twice
	maxAudioSeats   = 16
	maxVideoSeats   = 25
	maxMidBytes     = 32
)

// The three layers of a simulcast camera, by the rid under which browsers send them: a
// quarter, half and full width and height.
const (
	ridQuarter = "q"
	ridHalf    = "h"
	ridFull    = "f"
)

// section is one media section of an offer.
type section struct {
	mid    string
	audio  bool
	seat   bool   // the browser receives here
	source Source // what it sends; "" in a seat, and in one too many
}

// plan is an offer that was read and found good.
type plan struct {
	sdp         string // without candidates
	fingerprint string // of the browser's DTLS certificate: one for each of its connections
	sections    []section
	// midID and ridID are the numbers of the header extensions by which packets name
	// their section and their layer (RFC 8285, RFC 8852); 0 is none.
	midID, ridID uint8
	repairedID   uint8 // of the one that says that a stream repairs a layer
}

// readOffer checks an offer before pion sees it. Its candidates are dropped: an
// ICE-lite server answers to where the browser's authenticated checks come from, and so
// can never be made to send to an address of somebody's choice.
func readOffer(o Offer) (p *plan, err error) {
	defer func() {
		if recover() != nil {
			p, err = nil, badOffer("the offer could not be read")
		}
	}()
	if err := checkSize(o.SDP); err != nil {
		return nil, err
	}
	var d sdp.SessionDescription
	if d.UnmarshalString(o.SDP) != nil {
		return nil, badOffer("the offer could not be read")
	}
	p = &plan{}
	if err := p.readSections(&d, o); err != nil {
		return nil, err
	}
	if p.fingerprint = fingerprintOf(&d); p.fingerprint == "" {
		return nil, badOffer("the offer has no fingerprint")
	}
	dropCandidates(&d)
	clean, merr := d.Marshal()
	if merr != nil {
		return nil, badOffer("the offer could not be read")
	}
	p.sdp = string(clean)
	return p, nil
}

func (p *plan) readSections(d *sdp.SessionDescription, o Offer) error {
	if _, lite := d.Attribute(sdp.AttrKeyICELite); lite {
		return badOffer("one side of a connection must do full ICE")
	}
	mids, used := map[string]bool{}, map[Source]bool{}
	audioSeats, videoSeats := 0, 0
	for _, m := range d.MediaDescriptions {
		s, err := readSection(m, o.Sources)
		if err != nil {
			return err
		}
		if mids[s.mid] || !s.seat && used[s.source] {
			return badOffer("the offer names a section or a source twice")
		}
		mids[s.mid] = true
		seats, given := &videoSeats, o.VideoSeats
		if s.audio {
			seats, given = &audioSeats, o.AudioSeats
		}
		if !s.seat {
			used[s.source] = true
		} else if *seats++; given > 0 && *seats > given {
			s.seat = false // and no source either
			deactivate(m)
		}
		p.sections = append(p.sections, s)
		p.readExtensions(m)
	}
	if len(p.sections) == 0 || audioSeats > maxAudioSeats || videoSeats > maxVideoSeats {
		return badOffer("the offer has no sections, or too many seats")
	}
	return nil
}

// readExtensions notes the numbers of the extensions that name layers. Within one
// connection they are the same in all sections.
func (p *plan) readExtensions(m *sdp.MediaDescription) {
	for _, a := range m.Attributes {
		if a.Key != sdp.AttrKeyExtMap {
			continue
		}
		number, uri, _ := strings.Cut(a.Value, " ")
		number, _, _ = strings.Cut(number, "/") // a direction
		id, err := strconv.ParseUint(number, 10, 8)
		switch {
		case err != nil:
		case uri == sdp.SDESMidURI:
			p.midID = uint8(id)
		case uri == sdp.SDESRTPStreamIDURI:
			p.ridID = uint8(id)
		case uri == repairedRIDURI:
			p.repairedID = uint8(id)
		}
	}
}

// names reports whether a name is of a layer that the browser may send.
func (p *plan) names(n layerName) bool {
	switch n.rid {
	case ridQuarter, ridHalf, ridFull:
	default:
		return false
	}
	return slices.ContainsFunc(p.sections, func(s section) bool { return s.mid == n.mid && !s.seat })
}

func readSection(m *sdp.MediaDescription, sources map[string]Source) (s section, err error) {
	kind := m.MediaName.Media
	mid, _ := m.Attribute(sdp.AttrKeyMID)
	if kind != "audio" && kind != "video" || mid == "" || len(mid) > maxMidBytes {
		return s, badOffer("every section must be audio or video and have a mid")
	}
	if err := checkFormats(m.MediaName.Formats); err != nil {
		return s, err
	}
	s = section{mid: mid, audio: kind == "audio"}
	_, receives := m.Attribute(sdp.AttrKeyRecvOnly)
	_, sends := m.Attribute(sdp.AttrKeySendOnly)
	switch {
	case receives && !sends:
		s.seat = true
		return s, nil
	case !sends || receives:
		return s, badOffer("every section must be sendonly or recvonly")
	}
	s.source = sources[mid]
	if !s.source.valid() || s.source.audio() != s.audio {
		return s, badOffer("every sendonly section must have a source of its kind")
	}
	return s, checkLayers(m)
}

// deactivate takes a section out of use (RFC 3264 section 5.1).
func deactivate(m *sdp.MediaDescription) {
	for i, a := range m.Attributes {
		if a.Key == sdp.AttrKeyRecvOnly {
			m.Attributes[i].Key = sdp.AttrKeyInactive
		}
	}
}

// checkLayers wants the layers of a simulcast to be ours. Some name one more than once.
func checkLayers(m *sdp.MediaDescription) error {
	named := 0
	for _, a := range m.Attributes {
		if a.Key != "rid" {
			continue
		}
		switch rid, _, _ := strings.Cut(a.Value, " "); rid {
		case ridQuarter, ridHalf, ridFull:
			named++
		default:
			return badOffer("the layers of a simulcast must be q, h and f")
		}
	}
	if named > maxLayerLines {
		return badOffer("the offer names its layers too often")
	}
	return nil
}

func fingerprintOf(d *sdp.SessionDescription) string {
	if f, ok := d.Attribute("fingerprint"); ok {
		return strings.ToLower(f)
	}
	for _, m := range d.MediaDescriptions {
		if f, ok := m.Attribute("fingerprint"); ok {
			return strings.ToLower(f)
		}
	}
	return ""
}

// same reports whether two offers have the same sections, so that one can be an ICE
// restart of the other.
func (p *plan) same(q *plan) bool {
	if p.fingerprint != q.fingerprint || len(p.sections) != len(q.sections) {
		return false
	}
	for i := range p.sections {
		if p.sections[i] != q.sections[i] {
			return false
		}
	}
	return true
}
