package strip

import (
	"encoding/binary"
	"slices"
)

const (
	pictureHead = 78 // bytes of a visual sample entry before its boxes
	soundHead   = 28
)

// keptInEntry are the boxes that say how to decode. Profiles with names, spatial and camera data are not among them.
var keptInEntry = []string{
	"avcC", "hvcC", "av1C", "vpcC", "colr", "pasp", "clap", "btrt", "fiel", "mdcv", "clli",
	"esds", "wave", "frma", "mp4a", "chan", "dOps", "alac", "dac3", "dec3", "damr", "pcmC",
}

// readEntry says how the samples of an entry are to be read; the codec is empty if it cannot be told.
func (r *reel) readEntry(b box, picture bool) entry {
	content := r.raw[b.body:b.end]
	if picture {
		if len(content) < pictureHead {
			return entry{}
		}
		e := entry{codec: b.kind, at: b}
		inner := box{body: b.body + pictureHead, end: b.end}
		if c, ok := child(r.raw, inner, "avcC"); ok && c.end-c.body >= 7 {
			e.lengthSize = int(r.raw[c.body+4]&3) + 1
		}
		if c, ok := child(r.raw, inner, "hvcC"); ok && c.end-c.body >= 23 {
			e.lengthSize = int(r.raw[c.body+21]&3) + 1
		}
		if nalOf(e.codec) != nil && e.lengthSize == 0 {
			return entry{}
		}
		return e
	}
	if len(content) < soundHead {
		return entry{}
	}
	return entry{codec: b.kind, at: b, frame: int(binary.BigEndian.Uint16(content[16:])) * int(binary.BigEndian.Uint16(content[18:])) / 8}
}

// copyEntries copies a sample description: numbers and decoder set-up, no vendor, no name of an encoder.
func (r *reel) copyEntries(list box) error {
	if list.end-list.body < 8 {
		return errBroken
	}
	r.keep(list.body, list.body+8)
	var failed error
	children(r.raw, list.body+8, list.end, func(b box) {
		out := r.out[b.at:b.end]
		r.keep(b.at, b.body)
		head := 0
		switch content := r.raw[b.body:b.end]; {
		case slices.Contains(pictureCodecs, b.kind) && len(content) >= pictureHead:
			head = pictureHead
			r.keep(b.body, b.body+head)
			clear(r.out[b.body+8 : b.body+16])  // version, revision, vendor
			clear(r.out[b.body+42 : b.body+74]) // name of the compressor
		case slices.Contains(soundCodecs, b.kind) && len(content) >= soundHead:
			head = soundHead
			switch version := binary.BigEndian.Uint16(content[8:]); {
			case version == 1 && r.raw[list.body] == 0: // QuickTime's
				head += 16
			case version == 2:
				head += 36
			}
			if head > len(content) {
				failed = errBroken
				return
			}
			r.keep(b.body, b.body+head)
			clear(r.out[b.body+10 : b.body+16])
		default:
			clear(out)
			failed = errBroken
			return
		}
		r.copySetup(b.body+head, b.end, b.kind)
	})
	return failed
}

// copySetup copies decoder set-up. It goes no deeper than QuickTime's wave atom.
func (r *reel) copySetup(at, end int, codec string) {
	children(r.raw, at, end, func(b box) {
		content := r.raw[b.body:b.end]
		if !slices.Contains(keptInEntry, b.kind) || b.kind == "colr" && !plainColour(content) || b.kind == "wave" && codec == "wave" {
			r.free(b)
			return
		}
		r.keep(b.at, b.body)
		if b.kind == "wave" {
			r.copySetup(b.body, b.end, "wave")
			return
		}
		r.keep(b.body, b.end)
		out := r.out[b.body:b.end]
		switch b.kind {
		case "avcC":
			cleanAVCSetup(out)
		case "hvcC":
			cleanHEVCSetup(out)
		case "av1C":
			if len(out) > 4 {
				cleanAV1(out[4:])
			}
		case "damr":
			clear(out[:min(5, len(out))]) // vendor and version
		}
	})
}

// plainColour is true for colours said in numbers; the other types hold an ICC profile, which has names and texts.
func plainColour(content []byte) bool {
	return len(content) >= 4 && (string(content[:4]) == "nclx" || string(content[:4]) == "nclc")
}
