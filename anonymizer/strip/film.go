package strip

import (
	"encoding/binary"
	"errors"

	"github.com/jagawarga/jagawarga/civic"
)

// A film is written anew into a file of zeros in which everything keeps its place, so that no offset has to be changed: of the boxes
// only those on the list below are copied, of the recorded data only what a kept track's samples use. All else becomes a free box.
type reel struct {
	raw, out      []byte
	data          []box // where samples may lie
	tracks        map[uint32]*track
	defaults      map[uint32]uint32 // sizes of samples in fragments that do not say it themselves, by track
	sampled       []uint64          // a bit for each byte that belongs to a sample
	width, height int               // of the first track that shows something
}

// kept lists, for each container, the boxes that a player needs.
var kept = map[string][]string{
	"":     {"ftyp", "moov", "mdat", "moof"},
	"moov": {"mvhd", "trak", "mvex"},
	"trak": {"tkhd", "edts", "tapt", "mdia"},
	"edts": {"elst"},
	"tapt": {"clef", "prof", "enof"},
	"mdia": {"mdhd", "hdlr", "minf"},
	"minf": {"vmhd", "smhd", "hdlr", "dinf", "stbl"},
	"dinf": {"dref"},
	"stbl": {"stsd", "stts", "ctts", "stsc", "stsz", "stz2", "stco", "co64", "stss", "stps", "cslg"},
	"mvex": {"mehd", "trex"},
	"moof": {"mfhd", "traf"},
	"traf": {"tfhd", "tfdt", "trun"},
}

// A film in fragments has two boxes for each second or so.
const maxBoxes = 100_000

var errBroken = errors.New("the film's structure is broken")

func cleanFilm(raw []byte, limits Limits) (*Clean, error) {
	r := reel{
		raw: raw, out: make([]byte, len(raw)), sampled: make([]uint64, len(raw)/64+1),
		tracks: map[uint32]*track{}, defaults: map[uint32]uint32{},
	}
	var boxes []box
	contentType := "video/quicktime"
	var movie box
	for at := 0; ; {
		b, ok := nextBox(raw, at, len(raw), true)
		if !ok {
			if b.kind == "moov" || b.kind == "mdat" || b.kind == "moof" { // cut off; anything else is trailing bytes
				return nil, errDamaged()
			}
			break
		}
		switch b.kind {
		case "ftyp":
			if b.end-b.body >= 4 && string(raw[b.body:b.body+4]) != "qt  " {
				contentType = "video/mp4"
			}
		case "mdat":
			r.data = append(r.data, b)
		case "moov":
			if movie.kind != "" {
				return nil, errDamaged()
			}
			movie = b
		}
		if boxes = append(boxes, b); len(boxes) > maxBoxes {
			return nil, errDamaged()
		}
		at = b.end
	}
	if movie.kind == "" {
		return nil, errDamaged()
	}
	facts := filmFacts(raw, boxes, movie, limits.Zone)

	end := 0
	for _, b := range boxes {
		if err := r.copy("", b); err != nil {
			return nil, errDamaged()
		}
		if listed("", b.kind) {
			end = b.end
		}
	}
	for _, t := range r.tracks {
		if t.samples != nil {
			if err := r.copySamples(t); err != nil {
				return nil, errDamaged()
			}
		}
	}
	if r.width == 0 {
		return nil, &civic.Error{Code: civic.CodeInvalidInput, Field: field, Key: "media.film_unsupported", Allowed: []string{"H.264", "H.265", "VP9", "AV1"}}
	}
	if err := fits(r.width, r.height, limits); err != nil {
		return nil, err
	}
	return &Clean{Kind: Video, ContentType: contentType, Width: r.width, Height: r.height, Body: r.out[:end:end], Facts: facts}, nil
}

func listed(parent, kind string) bool {
	for _, k := range kept[parent] {
		if k == kind {
			return true
		}
	}
	return false
}

// copy takes a box over if its container may hold it. Containers are gone into; the list above says how deep that can be.
func (r *reel) copy(parent string, b box) error {
	if !listed(parent, b.kind) {
		r.free(b)
		return nil
	}
	r.keep(b.at, b.body)
	switch b.kind {
	case "mdat": // samples are copied one by one
		return nil
	case "trak":
		if t, ok := r.readTrack(b); ok {
			r.tracks[t.id] = t
		} else {
			r.free(b)
			return nil
		}
	case "moof":
		if err := r.copyFragment(b); err != nil {
			return err
		}
	case "stsd":
		return r.copyEntries(b)
	}
	if _, container := kept[b.kind]; !container {
		return r.copyLeaf(b)
	}
	var failed error
	at := b.body
	children(r.raw, b.body, b.end, func(inner box) {
		at = inner.end
		if err := r.copy(b.kind, inner); err != nil && failed == nil {
			failed = err
		}
	})
	if b.end-at >= 8 { // less is the end mark of old QuickTime files
		return errBroken
	}
	return failed
}

func (r *reel) keep(from, to int) { copy(r.out[from:to], r.raw[from:to]) }

// free leaves a hole of the same size, with nothing in it.
func (r *reel) free(b box) {
	clear(r.out[b.at:b.end])
	size := uint64(b.end - b.at)
	copy(r.out[b.at+4:], "free")
	if b.body-b.at == 16 {
		r.out[b.at+3] = 1
		binary.BigEndian.PutUint64(r.out[b.at+8:], size)
		return
	}
	binary.BigEndian.PutUint32(r.out[b.at:], uint32(size))
}
