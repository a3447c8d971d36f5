package strip

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// nal is what differs between H.264 (ITU-T H.264, 7.3.1) and H.265 (ITU-T H.265, 7.3.1) in the units that a sample is made of.
type nal struct {
	head   int // bytes before the content
	kindOf func(unit []byte) int
	filler func(unit []byte) // makes the unit one that decoders pass over
	kept   []int             // kinds of units that are or steer the picture
	sei    []int             // kinds that carry supplemental information
	known  []int             // of which these are about decoding and showing; clock times and user data are not
}

var (
	avc = &nal{
		head: 1, kindOf: func(unit []byte) int { return int(unit[0] & 31) },
		filler: func(unit []byte) { unit[0] = 12 },
		kept:   []int{1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 19, 20}, sei: []int{6},
		known: []int{0, 6, 45, 47, 137, 144, 147},
	}
	hevc = &nal{
		head: 2, kindOf: func(unit []byte) int { return int(unit[0] >> 1 & 63) },
		filler: func(unit []byte) { unit[0], unit[1] = 38<<1, 1 },
		kept:   []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 21, 32, 33, 34, 35, 36, 37}, sei: []int{39, 40},
		known: []int{0, 6, 45, 47, 128, 129, 130, 132, 137, 144, 147},
	}
)

func nalOf(codec string) *nal {
	switch codec {
	case "avc1", "avc3":
		return avc
	case "hvc1", "hev1":
		return hevc
	}
	return nil
}

// cleanUnits goes through a sample of units with their lengths before them. From where it cannot be read on it is zeroed.
func cleanUnits(sample []byte, lengthSize int, n *nal) {
	for len(sample) > 0 {
		if len(sample) < lengthSize {
			clear(sample)
			return
		}
		var length uint64
		for _, b := range sample[:lengthSize] {
			length = length<<8 | uint64(b)
		}
		if length > uint64(len(sample)-lengthSize) {
			clear(sample)
			return
		}
		n.clean(sample[lengthSize : lengthSize+int(length)])
		sample = sample[lengthSize+int(length):]
	}
}

// clean leaves a unit as it is, or takes out of it in place what does not belong.
func (n *nal) clean(unit []byte) {
	if len(unit) < n.head {
		clear(unit)
		return
	}
	kind := n.kindOf(unit)
	switch {
	case slices.Contains(n.kept, kind):
	case slices.Contains(n.sei, kind):
		n.cleanSEI(unit)
	default:
		n.blank(unit)
	}
}

func (n *nal) blank(unit []byte) {
	n.filler(unit)
	for i := n.head; i < len(unit); i++ {
		unit[i] = 0xff
	}
	if len(unit) > n.head {
		unit[len(unit)-1] = 0x80
	}
}

// cleanSEI keeps the messages that are about decoding, and fills the room of the others with filler messages of ones.
func (n *nal) cleanSEI(unit []byte) {
	messages := bytes.TrimRight(unescape(unit[n.head:]), "\x00")
	if len(messages) == 0 || messages[len(messages)-1] != 0x80 {
		n.blank(unit)
		return
	}
	messages = messages[:len(messages)-1]
	var keep []byte
	removed := false
	for len(messages) > 0 {
		kind, rest, ok := number(messages)
		size, rest, ok2 := number(rest)
		if !ok || !ok2 || size > len(rest) {
			n.blank(unit)
			return
		}
		if slices.Contains(n.known, kind) {
			keep = append(keep, messages[:len(messages)-len(rest)+size]...)
		} else {
			removed = true
		}
		messages = rest[size:]
	}
	if !removed {
		return
	}
	room := len(unit) - n.head - 1
	for slack := room - len(escape(keep)); slack >= 2; slack-- { // escaping may need a byte or two of the room
		filled := append(fill(slices.Clone(keep), slack), 0x80)
		if packed := escape(filled); len(packed) == room+1 {
			copy(unit[n.head:], packed)
			return
		}
	}
	n.blank(unit)
}

// fill adds filler messages (type 3) that take exactly size bytes, or one less where no message is that long.
func fill(messages []byte, size int) []byte {
	for size >= 2 {
		content := min(size-2, 254) // so that its size takes one byte
		if size-2-content == 1 {
			content--
		}
		messages = append(messages, 3, byte(content))
		for range content {
			messages = append(messages, 0xff)
		}
		size -= 2 + content
	}
	return messages
}

// number reads a type or size: 255 as often as it fits, then the rest.
func number(raw []byte) (value int, rest []byte, ok bool) {
	for len(raw) > 0 {
		value += int(raw[0])
		if raw[0] != 0xff {
			return value, raw[1:], true
		}
		raw = raw[1:]
	}
	return 0, nil, false
}

// unescape takes out the bytes that keep start codes from showing up by chance.
func unescape(raw []byte) []byte {
	plain := make([]byte, 0, len(raw))
	for i, b := range raw {
		if b == 3 && i >= 2 && raw[i-1] == 0 && raw[i-2] == 0 {
			continue
		}
		plain = append(plain, b)
	}
	return plain
}

func escape(plain []byte) []byte {
	raw := make([]byte, 0, len(plain)+8)
	zeros := 0
	for _, b := range plain {
		if zeros == 2 && b <= 3 {
			raw = append(raw, 3)
			zeros = 0
		}
		if raw = append(raw, b); b == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return raw
}

// cleanAVCSetup goes through the parameter sets of an avcC box (ISO/IEC 14496-15, 5.3.3.1).
func cleanAVCSetup(setup []byte) {
	if len(setup) < 6 {
		return
	}
	at := 6
	for list, count := 0, int(setup[5]&31); list < 2; list++ {
		at = cleanSets(setup, at, count, avc)
		if at >= len(setup) {
			return
		}
		count = int(setup[at])
		at++
	}
}

// cleanHEVCSetup goes through the arrays of a hvcC box (ISO/IEC 14496-15, 8.3.3.1). Some encoders put their settings there.
func cleanHEVCSetup(setup []byte) {
	if len(setup) < 23 {
		return
	}
	at := 23
	for range setup[22] {
		if at+3 > len(setup) {
			return
		}
		at = cleanSets(setup, at+3, int(binary.BigEndian.Uint16(setup[at+1:])), hevc)
	}
}

func cleanSets(setup []byte, at, count int, n *nal) int {
	for range count {
		if at+2 > len(setup) {
			return len(setup)
		}
		length := int(binary.BigEndian.Uint16(setup[at:]))
		if at += 2; at+length > len(setup) {
			clear(setup[at:])
			return len(setup)
		}
		n.clean(setup[at : at+length])
		at += length
	}
	return at
}
