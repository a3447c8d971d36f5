package strip

import "encoding/binary"

// copyFragment copies the samples of a movie fragment (ISO/IEC 14496-12, 8.8). Browsers and some phones record films in fragments.
func (r *reel) copyFragment(moof box) error {
	next := uint64(moof.at) // where data begin if nothing else is said
	var failed error
	children(r.raw, moof.body, moof.end, func(traf box) {
		if traf.kind != "traf" || failed != nil {
			return
		}
		next, failed = r.copyRuns(moof, traf, next)
	})
	return failed
}

func (r *reel) copyRuns(moof, traf box, next uint64) (uint64, error) {
	head, ok := child(r.raw, traf, "tfhd")
	if !ok {
		return 0, errBroken
	}
	fields := reader{r.raw[head.body:head.end], true}
	flags := fields.uint32() & 0xffffff
	id := fields.uint32()
	t := r.tracks[id]
	base := next
	if flags&0x1 != 0 {
		base = uint64(fields.uint32())<<32 | uint64(fields.uint32())
	} else if flags&0x20000 != 0 {
		base = uint64(moof.at)
	}
	which := uint32(1)
	if flags&0x2 != 0 {
		which = fields.uint32()
	}
	if flags&0x8 != 0 {
		fields.uint32()
	}
	size := r.defaults[id]
	if flags&0x10 != 0 {
		size = fields.uint32()
	}
	if !fields.ok {
		return 0, errBroken
	}
	at := base
	var failed error
	children(r.raw, traf.body, traf.end, func(b box) {
		if b.kind == "trun" && failed == nil {
			at, failed = r.copyRun(b, t, which, base, at, size)
		}
	})
	return at, failed
}

// copyRun copies one run; t is nil for a track that is left out, whose data are only stepped over.
func (r *reel) copyRun(trun box, t *track, which uint32, base, at uint64, same uint32) (uint64, error) {
	fields := reader{r.raw[trun.body:trun.end], true}
	flags := fields.uint32() & 0xffffff
	count := fields.uint32()
	if flags&0x1 != 0 {
		at = base + uint64(int64(int32(fields.uint32())))
	}
	if flags&0x4 != 0 {
		fields.uint32()
	}
	var e entry
	if t != nil {
		if which == 0 || int(which) > len(t.entries) {
			return 0, errBroken
		}
		e = t.entries[which-1]
	}
	for range count {
		if !fields.ok {
			return 0, errBroken
		}
		size := same
		if flags&0x100 != 0 {
			fields.uint32()
		}
		if flags&0x200 != 0 {
			size = fields.uint32()
		}
		if flags&0x400 != 0 {
			fields.uint32()
		}
		if flags&0x800 != 0 {
			fields.uint32()
		}
		if size == 0 && flags&0xf00 == 0 {
			return at, nil // a count alone, of nothing
		}
		if t != nil {
			if err := r.copySample(e, at, uint64(size)); err != nil {
				return 0, err
			}
		} else if flags&0xf00 == 0 {
			return at + uint64(size)*uint64(count), nil
		}
		at += uint64(size)
	}
	return at, nil
}

// fragmentLength is what the flags of a fragment's box say that it holds.
func (r *reel) fragmentLength(b box) int {
	fields := reader{r.raw[b.body:b.end], true}
	flags := fields.uint32() & 0xffffff
	count := fields.uint32()
	length, each := 8, 0
	if b.kind == "tfhd" {
		for flag, size := range map[uint32]int{0x1: 8, 0x2: 4, 0x8: 4, 0x10: 4, 0x20: 4} {
			if flags&flag != 0 {
				length += size
			}
		}
		return length
	}
	for _, flag := range []uint32{0x1, 0x4} {
		if flags&flag != 0 {
			length += 4
		}
	}
	for _, flag := range []uint32{0x100, 0x200, 0x400, 0x800} {
		if flags&flag != 0 {
			each += 4
		}
	}
	return length + int(count)*each
}

// reader reads words until there are none; after that it gives zeros and is not ok.
type reader struct {
	raw []byte
	ok  bool
}

func (r *reader) uint32() uint32 {
	if len(r.raw) < 4 {
		r.raw, r.ok = nil, false
		return 0
	}
	v := binary.BigEndian.Uint32(r.raw)
	r.raw = r.raw[4:]
	return v
}
