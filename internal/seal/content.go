package seal

import "os"

// content is what the blocks of a stream hold together.
type content struct {
	last       uint64 // the newest number
	newest     int64  // the time of the newest record of the block that was added last
	after      int    // how many records came after the seal
	tombstones uint64 // how many of these say that something was deleted
}

// walk adds a block of which the seal knows the first bytes, and returns what of it
// is no record.
func (c *content) walk(p parser, text []byte, known int) []gap {
	c.newest = 0
	return p.walk(text, func(at int, r record) {
		c.newest = max(c.newest, r.time)
		c.last = max(c.last, r.seq)
		if at < known {
			return
		}
		c.after++
		if r.deleted {
			c.tombstones++
		}
	})
}

// count is how many messages there are in the blocks of a stream, as many of each
// subject as the stream keeps of it (0 is all), and how many bytes of messages each
// block has, deleted later or not. It reads everything once more, and is asked where
// something is missing only.
func count(s stream, each int) (n uint64, bytes map[int]int, err error) {
	indices, err := s.blocks()
	if err != nil {
		return 0, nil, err
	}
	bytes = map[int]int{}
	deleted, subjects := map[uint64]bool{}, map[uint64]string{}
	of := map[string]int{}
	for _, index := range indices {
		text, err := os.ReadFile(s.path(blockName(index)))
		if err != nil {
			return 0, nil, err
		}
		newParser(s.name, index).walk(text, func(_ int, r record) {
			switch {
			case r.deleted:
				deleted[r.seq] = true
			case !r.empty:
				subjects[r.seq] = string(r.subject)
				bytes[index] += r.length
			}
		})
	}
	for seq, subject := range subjects {
		if deleted[seq] || each > 0 && of[subject] >= each {
			continue
		}
		of[subject]++
		n++
	}
	return n, bytes, nil
}
