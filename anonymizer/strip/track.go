package strip

import (
	"encoding/binary"
	"slices"
)

// track is one that shows or sounds; all others (places, telemetry, texts, chapters, time codes) are left out.
type track struct {
	id      uint32
	entries []entry
	samples *samples // nil if there are none outside of fragments
}

// A track has one entry, or a few where it was cut together.
const maxEntries = 64

// entry is how samples are encoded.
type entry struct {
	codec      string
	at         box
	lengthSize int // bytes before each NAL unit
	frame      int // bytes of a frame of uncompressed sound
}

// Codecs whose samples are understood far enough to know what they may carry along.
var (
	pictureCodecs = []string{"avc1", "avc3", "hvc1", "hev1", "vp08", "vp09", "av01"}
	soundCodecs   = []string{"mp4a", ".mp3", "samr", "sawb", "Opus", "alac", "ac-3", "ec-3", "lpcm", "sowt", "twos", "in24", "ulaw", "alaw", "ipcm"}
)

// readTrack is false for a track that is left out.
func (r *reel) readTrack(trak box) (*track, bool) {
	find := func(in box, path ...string) (box, bool) {
		ok := true
		for _, kind := range path {
			if in, ok = child(r.raw, in, kind); !ok {
				return box{}, false
			}
		}
		return in, true
	}
	head, headOK := find(trak, "tkhd")
	handler, handlerOK := find(trak, "mdia", "hdlr")
	list, listOK := find(trak, "mdia", "minf", "stbl", "stsd")
	if !headOK || !handlerOK || !listOK || handler.end-handler.body < 12 || head.end-head.body < 96-12 {
		return nil, false
	}
	wide := 0
	if r.raw[head.body] == 1 {
		if wide = 12; head.end-head.body < 96 {
			return nil, false
		}
	}
	t := &track{id: binary.BigEndian.Uint32(r.raw[head.body+12+wide*2/3:])}
	if _, twice := r.tracks[t.id]; twice {
		return nil, false
	}
	codecs := pictureCodecs
	picture := string(r.raw[handler.body+8:handler.body+12]) == "vide"
	if !picture {
		if codecs = soundCodecs; string(r.raw[handler.body+8:handler.body+12]) != "soun" {
			return nil, false
		}
	}
	if list.end-list.body < 8 {
		return nil, false
	}
	children(r.raw, list.body+8, list.end, func(b box) {
		if len(t.entries) <= maxEntries {
			t.entries = append(t.entries, r.readEntry(b, picture))
		}
	})
	if len(t.entries) == 0 || len(t.entries) > maxEntries || slices.ContainsFunc(t.entries, func(e entry) bool { return !slices.Contains(codecs, e.codec) }) {
		return nil, false
	}
	stbl, _ := find(trak, "mdia", "minf", "stbl")
	t.samples = readSamples(r.raw, stbl)
	if picture && r.width == 0 {
		first := t.entries[0].at
		r.width, r.height = int(binary.BigEndian.Uint16(r.raw[first.body+24:])), int(binary.BigEndian.Uint16(r.raw[first.body+26:]))
		// The matrix begins a b u c d: a quarter turn has neither a nor d.
		matrix := r.raw[head.body+40+wide:]
		if binary.BigEndian.Uint32(matrix) == 0 && binary.BigEndian.Uint32(matrix[16:]) == 0 && binary.BigEndian.Uint32(matrix[4:]) != 0 {
			r.width, r.height = r.height, r.width
		}
	}
	return t, true
}
