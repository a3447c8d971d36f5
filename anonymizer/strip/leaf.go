package strip

import "encoding/binary"

// entrySize is that of the tables whose count is their second word; what follows the entries is not copied.
var entrySize = map[string]int{
	"stts": 8, "ctts": 8, "stsc": 12, "stco": 4, "co64": 8, "stss": 4, "stps": 4,
}

// copyLeaf copies what a box without boxes in it is known to hold: no times, no names, no languages, nothing past its end.
func (r *reel) copyLeaf(b box) error {
	out, size := r.out[b.body:b.end], b.end-b.body
	if size < 4 {
		return errBroken
	}
	// Version 1 has times and durations of 64 bits.
	wide := 0
	if r.raw[b.body] == 1 {
		wide = 1
	}
	length := size
	switch b.kind {
	case "mvhd":
		length = 100 + 12*wide
	case "tkhd":
		length = 84 + 12*wide
	case "mdhd":
		length = 24 + 12*wide
	case "hdlr":
		length = 12
	case "vmhd", "clef", "prof", "enof":
		length = 12
	case "smhd", "mfhd":
		length = 8
	case "mehd", "tfdt":
		length = 8 + 4*wide
	case "trex":
		if length = 24; length <= size {
			r.defaults[binary.BigEndian.Uint32(r.raw[b.body+4:])] = binary.BigEndian.Uint32(r.raw[b.body+16:])
		}
	case "stsz":
		if length = 12; length <= size && binary.BigEndian.Uint32(r.raw[b.body+4:]) == 0 {
			length = int(min(uint64(size)+1, 12+4*uint64(binary.BigEndian.Uint32(r.raw[b.body+8:]))))
		}
	case "tfhd", "trun":
		length = r.fragmentLength(b)
	case "cslg":
		length = 24 + 20*wide
	case "elst":
		_, n, ok := table(r.raw, b, 12+8*wide)
		if !ok {
			return errBroken
		}
		length = 8 + n*(12+8*wide)
	default:
		if entry, known := entrySize[b.kind]; known {
			_, n, ok := table(r.raw, b, entry)
			if !ok {
				return errBroken
			}
			length = 8 + n*entry
		}
	}
	if length > size {
		return errBroken
	}
	r.keep(b.body, b.body+length)

	switch b.kind {
	case "ftyp":
		clear(out[min(4, size):min(8, size)]) // the minor version is often a date
	case "mvhd":
		clear(out[4 : 12+8*wide])
		clear(out[26+12*wide : 36+12*wide])
		clear(out[72+12*wide : 96+12*wide]) // QuickTime's preview, poster and selection
	case "tkhd":
		clear(out[4 : 12+8*wide])
		clear(out[24+12*wide : 32+12*wide])
	case "mdhd":
		clear(out[4 : 12+8*wide])
		binary.BigEndian.PutUint16(out[20+12*wide:], 0x55c4) // "und": the phone's language says something of its owner
	case "hdlr":
		if class := string(out[4:8]); class != "mhlr" && class != "dhlr" {
			clear(out[4:8])
		}
	case "dref":
		return r.clearReferences(b)
	}
	return nil
}

// clearReferences keeps that data lie in this very file, and no path to it. Data elsewhere cannot be cleaned.
func (r *reel) clearReferences(b box) error {
	if b.end-b.body < 8 {
		return errBroken
	}
	clear(r.out[b.body+8 : b.end])
	at := b.body + 8
	for range binary.BigEndian.Uint32(r.raw[b.body+4:]) {
		entry, ok := nextBox(r.raw, at, b.end, false)
		if !ok || entry.end-entry.body < 4 || r.raw[entry.body+3]&1 == 0 {
			return errBroken
		}
		r.keep(entry.at, entry.body+4)
		at = entry.end
	}
	return nil
}
