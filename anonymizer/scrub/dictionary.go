package scrub

import (
	"encoding/binary"
	"math/bits"
)

// longestWord is beyond every word of the dictionary; what is longer is not looked up.
const longestWord = 24

// entry is a word, padded with zeros, and what is known about it.
type entry struct {
	key   [3]uint64
	class class
	wake  wake
}

// dictionary is a hash table made for one question: what is the word in these bytes? It compares machine words where a Go map would
// hash and compare strings, and every word of every text asks.
type dictionary struct {
	slots   []uint16 // index into entries, 0 for none
	entries []entry
}

func newDictionary(words int) *dictionary {
	size := 1 << bits.Len(uint(4*words))
	return &dictionary{make([]uint16, size), make([]entry, 1, words+1)}
}

func (d *dictionary) add(word string, c class, w wake) {
	padded := make([]byte, longestWord)
	copy(padded, word)
	e := entry{keyOf(padded, len(word)), c, w}
	slot := d.slot(e.key)
	for d.slots[slot] != 0 {
		slot = (slot + 1) & (len(d.slots) - 1)
	}
	d.slots[slot] = uint16(len(d.entries))
	d.entries = append(d.entries, e)
}

// find looks up the first n bytes of text, which goes on for longestWord bytes at least. It returns nil for a word not known.
func (d *dictionary) find(text []byte, n int) *entry {
	if n > longestWord {
		return nil
	}
	key := keyOf(text, n)
	for slot := d.slot(key); d.slots[slot] != 0; slot = (slot + 1) & (len(d.slots) - 1) {
		if e := &d.entries[d.slots[slot]]; e.key == key {
			return e
		}
	}
	return nil
}

func (d *dictionary) slot(key [3]uint64) int {
	hash := (key[0] ^ bits.RotateLeft64(key[1], 23) ^ bits.RotateLeft64(key[2], 47)) * 0x9e3779b97f4a7c15
	return int(hash>>32) & (len(d.slots) - 1)
}

func keyOf(text []byte, n int) (key [3]uint64) {
	_ = text[longestWord-1]
	switch {
	case n <= 8:
		key[0] = binary.LittleEndian.Uint64(text) & lowest(n)
	case n <= 16:
		key[0], key[1] = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])&lowest(n-8)
	default:
		key[0], key[1] = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
		key[2] = binary.LittleEndian.Uint64(text[16:]) & lowest(n-16)
	}
	return key
}

// lowest is the mask of the n lowest bytes.
func lowest(n int) uint64 { return ^uint64(0) >> (64 - 8*uint(n)) }
