package strip

import "encoding/binary"

// box is a box of the ISO base media file format (ISO/IEC 14496-12): where it begins, where its content begins, and where it ends.
type box struct {
	kind          string
	at, body, end int
}

// nextBox reads the head of the box at a place. It is false when there is none that lies within end: sizes are only what a file claims.
func nextBox(raw []byte, at, end int, outermost bool) (box, bool) {
	if end-at < 8 {
		return box{}, false
	}
	b := box{kind: string(raw[at+4 : at+8]), at: at, body: at + 8}
	size := uint64(binary.BigEndian.Uint32(raw[at:]))
	switch size {
	case 0: // to the end of the file
		if !outermost {
			return b, false
		}
		size = uint64(end - at)
	case 1:
		if end-at < 16 {
			return b, false
		}
		size = binary.BigEndian.Uint64(raw[at+8:])
		b.body = at + 16
	}
	if size < uint64(b.body-at) || size > uint64(end-at) {
		return b, false
	}
	b.end = at + int(size)
	return b, true
}

// children gives the boxes in a stretch, up to the first that is none.
func children(raw []byte, at, end int, each func(box)) {
	for {
		b, ok := nextBox(raw, at, end, false)
		if !ok {
			return
		}
		each(b)
		at = b.end
	}
}

// child is the first box of a kind inside another.
func child(raw []byte, parent box, kind string) (found box, ok bool) {
	children(raw, parent.body, parent.end, func(b box) {
		if !ok && b.kind == kind {
			found, ok = b, true
		}
	})
	return found, ok
}

// table reads a box of version, flags, count and entries, as far as its entries are really there.
func table(raw []byte, b box, entry int) (entries []byte, count int, ok bool) {
	content := raw[b.body:b.end]
	if len(content) < 8 {
		return nil, 0, false
	}
	n := uint64(binary.BigEndian.Uint32(content[4:]))
	if n*uint64(entry) > uint64(len(content)-8) {
		return nil, 0, false
	}
	return content[8 : 8+int(n)*entry], int(n), true
}
