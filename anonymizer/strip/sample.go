package strip

import (
	"encoding/binary"
	"sort"
)

// samples are the tables that say where a track's data lie. They are read where they stand; nothing is made in the size they claim.
type samples struct {
	chunks  []byte // offsets
	wide    bool   // of 64 bits
	runs    []byte // from which chunk on, how many samples each, which entry
	sizes   []byte
	bits    int // of a size: 0 if all are the same, 4, 8, 16 or 32
	same    uint32
	count   int
	claimed bool // tables are there but do not hold what they claim
}

// readSamples is nil for a track whose samples are all in fragments.
func readSamples(raw []byte, stbl box) *samples {
	s := &samples{}
	ok := true
	children(raw, stbl.body, stbl.end, func(b box) {
		content := raw[b.body:b.end]
		good := true
		switch b.kind {
		case "stco":
			s.chunks, _, good = table(raw, b, 4)
		case "co64":
			s.chunks, _, good = table(raw, b, 8)
			s.wide = true
		case "stsc":
			s.runs, _, good = table(raw, b, 12)
		case "stsz", "stz2":
			if len(content) < 12 {
				ok = false
				return
			}
			s.bits, s.sizes = 32, content[12:]
			s.count = int(binary.BigEndian.Uint32(content[8:]))
			if b.kind == "stz2" {
				s.bits = int(content[7])
				good = s.bits == 4 || s.bits == 8 || s.bits == 16
			} else if s.same = binary.BigEndian.Uint32(content[4:]); s.same != 0 {
				s.bits = 0
			}
			good = good && uint64(s.count)*uint64(s.bits) <= uint64(len(s.sizes))*8
		}
		ok = ok && good
	})
	if !ok {
		return &samples{claimed: true}
	}
	if s.count == 0 || len(s.chunks) == 0 {
		return nil
	}
	return s
}

func (s *samples) sizeOf(i int) uint64 {
	switch s.bits {
	case 4:
		if i%2 == 0 {
			return uint64(s.sizes[i/2] >> 4)
		}
		return uint64(s.sizes[i/2] & 15)
	case 8:
		return uint64(s.sizes[i])
	case 16:
		return uint64(binary.BigEndian.Uint16(s.sizes[2*i:]))
	case 32:
		return uint64(binary.BigEndian.Uint32(s.sizes[4*i:]))
	}
	return uint64(s.same)
}

// copySamples copies a track's samples, chunk by chunk.
func (r *reel) copySamples(t *track) error {
	s := t.samples
	if s.claimed || len(s.runs) == 0 {
		return errBroken
	}
	width := 4
	if s.wide {
		width = 8
	}
	run, next := s.runs, 0
	for chunk := 0; chunk < len(s.chunks)/width && next < s.count; chunk++ {
		for len(run) >= 24 && binary.BigEndian.Uint32(run[12:]) <= uint32(chunk+1) {
			run = run[12:]
		}
		var at uint64
		if s.wide {
			at = binary.BigEndian.Uint64(s.chunks[8*chunk:])
		} else {
			at = uint64(binary.BigEndian.Uint32(s.chunks[4*chunk:]))
		}
		number := min(int(binary.BigEndian.Uint32(run[4:])), s.count-next)
		which := int(binary.BigEndian.Uint32(run[8:])) - 1
		if which < 0 || which >= len(t.entries) {
			return errBroken
		}
		e := t.entries[which]
		if s.bits == 0 && e.frame > 0 { // sound of even size goes by the chunk; old files count single bytes where a frame has more
			size := uint64(s.same)
			if size == 1 {
				size = uint64(e.frame)
			}
			if err := r.copySample(e, at, uint64(number)*size); err != nil {
				return err
			}
			next += number
			continue
		}
		for range number {
			size := s.sizeOf(next)
			if err := r.copySample(e, at, size); err != nil {
				return err
			}
			at += size
			next++
		}
	}
	return nil
}

// copySample copies a stretch that lies within recorded data and belongs to no other sample: what one track shows could be what another
// hides, and tables that point to the same place again and again would make work without end.
func (r *reel) copySample(e entry, at, size uint64) error {
	if size == 0 {
		return nil
	}
	// The first stretch of data that ends after the sample begins is the one that it must lie in.
	i := sort.Search(len(r.data), func(i int) bool { return uint64(r.data[i].end) > at })
	if i == len(r.data) || at < uint64(r.data[i].body) || size > uint64(r.data[i].end)-at {
		return errBroken
	}
	for i := at; i < at+size; i++ {
		if r.sampled[i/64]&(1<<(i%64)) != 0 {
			return errBroken
		}
		r.sampled[i/64] |= 1 << (i % 64)
	}
	r.keep(int(at), int(at+size))
	cleanSample(e, r.out[at:at+size])
	return nil
}

// cleanSample takes out what an encoder or a camera says beside the picture.
func cleanSample(e entry, sample []byte) {
	switch {
	case nalOf(e.codec) != nil:
		cleanUnits(sample, e.lengthSize, nalOf(e.codec))
	case e.codec == "av01":
		cleanAV1(sample)
	case e.codec == "mp4a":
		cleanAAC(sample)
	}
}
