package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"

	"github.com/minio/highwayhash"
)

// A block of a stream is records one after the other, in little endian:
//
//	length 4 (its highest bit: has headers), sequence 8, time 8, subject's length 2,
//	subject, [headers' length 4, headers,] content, checksum 8
//
// The checksum, HighwayHash with the stream's name and the block's number as the
// key, is of everything but the three lengths.
const (
	recordHead = 22
	recordSum  = 8
	// longestRecord is what NATS takes for damage if it is exceeded.
	longestRecord = 32 << 20
	withHeaders   = 1 << 31
	// tombstone marks a record that says of a sequence that it was deleted.
	tombstone = 1 << 62
	// erased marks one whose content was overwritten.
	erased = 1 << 63
)

// record is one of a block. Its subject is part of the block's buffer.
type record struct {
	length  int
	seq     uint64
	time    int64 // in nanoseconds
	subject []byte
	deleted bool // it is no message, but tells that seq was deleted
	empty   bool // it is no message, but stands where there is none
}

// newSum is NATS's checksum of what belongs to a name.
func newSum(name string) hash.Hash64 {
	key := sha256.Sum256([]byte(name))
	sum, err := highwayhash.New64(key[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	return sum
}

// parser reads records of one block. It is for one goroutine.
type parser struct{ sum hash.Hash64 }

func newParser(stream string, block int) parser {
	return parser{newSum(stream + "-" + strconv.Itoa(block))}
}

// read is the record at the beginning of text; ok if there is a whole one, as it
// was written.
func (p parser) read(text []byte) (r record, ok bool) {
	if len(text) < recordHead {
		return r, false
	}
	length := binary.LittleEndian.Uint32(text)
	headers := length&withHeaders != 0
	r.length = int(length &^ withHeaders)
	subject, body := int(binary.LittleEndian.Uint16(text[20:])), recordHead
	least := body + subject + recordSum
	if headers {
		least += 4
	}
	if r.length < least || r.length > longestRecord || r.length > len(text) {
		return r, false
	}
	r.subject = text[body : body+subject]
	content := text[body+subject : r.length-recordSum]
	if headers {
		size := binary.LittleEndian.Uint32(content)
		content = content[4:]
		if !endsHeaders(content, size) {
			return r, false
		}
	}
	// Before the checksum, so that a block of noise is not summed up from each byte
	// on.
	if !possible(r.subject) || subject == 0 && r.length != recordHead+recordSum && !isErased(text) {
		return r, false
	}
	p.sum.Reset()
	for _, part := range [][]byte{text[4:20], r.subject, content} {
		_, _ = p.sum.Write(part) // a hash takes everything
	}
	if p.sum.Sum64() != binary.LittleEndian.Uint64(text[r.length-recordSum:]) {
		return r, false
	}
	r.seq, r.time = binary.LittleEndian.Uint64(text[4:]), int64(binary.LittleEndian.Uint64(text[12:]))
	r.deleted, r.empty = r.seq&tombstone != 0, r.seq&erased != 0
	r.seq &^= tombstone | erased
	return r, true
}

// isErased reports whether a record begins like one whose content was overwritten: it
// has the length that it had, and neither subject nor time.
func isErased(text []byte) bool {
	return binary.LittleEndian.Uint64(text[4:])&erased != 0 && binary.LittleEndian.Uint64(text[12:]) == 0
}

// endsHeaders reports whether the first size bytes are headers and nothing else:
// where they end is not part of the checksum.
func endsHeaders(content []byte, size uint32) bool {
	end := bytes.Index(content, []byte("\r\n\r\n"))
	return end >= 0 && uint32(end)+4 == size
}

// possible reports whether a subject can be one: where it ends is not part of the
// checksum, and what comes after is mostly JSON.
func possible(subject []byte) bool {
	return !bytes.ContainsFunc(subject, func(r rune) bool { return r <= ' ' || r > '~' || r == '{' || r == '"' })
}

// gap is bytes of a block that are no records.
type gap struct {
	at, length    int
	before, after uint64 // the sequences around it; 0 if there is none
	subject       string // what one of its records seems to have, if that can be read
}

// walk gives each record of a block to see, and returns what is between them.
func (p parser) walk(text []byte, see func(at int, r record)) (gaps []gap) {
	var last uint64
	for at := 0; at < len(text); {
		if r, ok := p.read(text[at:]); ok {
			see(at, r)
			if !r.deleted {
				last = r.seq
			}
			at += r.length
			continue
		}
		g := gap{at: at, before: last, subject: guess(text[at:])}
		for at++; at < len(text); at++ {
			if r, ok := p.read(text[at:]); ok {
				g.after = r.seq
				break
			}
		}
		g.length = at - g.at
		gaps = append(gaps, g)
	}
	return gaps
}

// guess is the subject of a record whose checksum is wrong, as far as it can be
// one.
func guess(text []byte) string {
	if len(text) < recordHead {
		return ""
	}
	end := recordHead + int(binary.LittleEndian.Uint16(text[20:]))
	if end > len(text) || end-recordHead > 128 || !possible(text[recordHead:end]) {
		return ""
	}
	return string(text[recordHead:end])
}
