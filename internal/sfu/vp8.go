package sfu

import "encoding/binary"

// vp8 is what a seat must know of a VP8 payload descriptor (RFC 7741 section 4.2).
// The offsets are into the payload; 0 means that the field is absent, which is
// unambiguous because byte 0 is always the flags.
type vp8 struct {
	start bool // first packet of a frame
	key   bool // and that frame is a key frame

	pictureAt int
	pictureID uint16
	wide      bool // the picture id has 15 bits, not 7

	tl0At int
	tl0   uint8
}

// parseVP8 reads the descriptor. A payload that is cut short gives the fields
// that were whole; it never panics.
func parseVP8(payload []byte) (d vp8) {
	if len(payload) == 0 {
		return d
	}
	first := payload[0]
	at := 1
	if first&0x80 != 0 { // X: extension byte
		var whole bool
		if at, whole = d.parseExtension(payload); !whole {
			return d
		}
	}
	// S set and partition index 0: the frame's first packet. The lowest bit of the
	// frame's first byte is 0 in a key frame (RFC 7741 section 4.3).
	if first&0x10 != 0 && first&0x07 == 0 && at < len(payload) {
		d.start = true
		d.key = payload[at]&0x01 == 0
	}
	return d
}

// parseExtension reads the optional fields and gives the offset behind them.
func (d *vp8) parseExtension(payload []byte) (at int, whole bool) {
	if len(payload) < 2 {
		return 0, false
	}
	flags := payload[1]
	at = 2
	if flags&0x80 != 0 { // I: picture id
		if at >= len(payload) {
			return 0, false
		}
		if payload[at]&0x80 == 0 {
			d.pictureAt, d.pictureID = at, uint16(payload[at]&0x7f)
			at++
		} else {
			if at+1 >= len(payload) {
				return 0, false
			}
			d.pictureAt, d.wide = at, true
			d.pictureID = binary.BigEndian.Uint16(payload[at:]) & 0x7fff
			at += 2
		}
	}
	if flags&0x40 != 0 { // L: TL0PICIDX
		if at >= len(payload) {
			return 0, false
		}
		d.tl0At, d.tl0 = at, payload[at]
		at++
	}
	if flags&0x30 != 0 { // T or K: one byte for both
		at++
	}
	return at, true
}

// patch writes other ids into a payload that d was parsed from. The widths stay.
func (d vp8) patch(payload []byte, pictureID uint16, tl0 uint8) {
	if d.pictureAt != 0 {
		if d.wide {
			binary.BigEndian.PutUint16(payload[d.pictureAt:], pictureID|0x8000)
		} else {
			payload[d.pictureAt] = byte(pictureID) & 0x7f
		}
	}
	if d.tl0At != 0 {
		payload[d.tl0At] = tl0
	}
}
