package scrub

import (
	"encoding/binary"
	"math/bits"
)

// longestWord is beyond every word of the dictionary; what is longer is not looked up.
const longestWord = 24

// key is a word of up to longestWord bytes, padded with zeros.
type key struct{ a, b, c uint64 }

// entry is a word and what is known about it.
type entry struct {
	key   key
	class class
	wake  wake
}

// dictionary is a hash table made for one question: what is the word in these bytes? It compares machine words where a Go map would
// hash and compare strings, and every word of every text asks.
type dictionary struct {
	slots   []uint16 // index into entries, 0 for none; a power of two
	shift   int      // takes a hash down to a slot
	entries []entry
}

func newDictionary(words int) *dictionary {
	size := bits.Len(uint(4 * words))
	return &dictionary{make([]uint16, 1<<size), 64 - size, make([]entry, 1, words+1)}
}

func (d *dictionary) add(word string, c class, w wake) {
	padded := make([]byte, longestWord)
	copy(padded, word)
	k := keyOf(padded, len(word))
	slot := d.slot(k)
	for d.slots[slot] != 0 {
		slot = (slot + 1) % uint64(len(d.slots))
	}
	d.slots[slot] = uint16(len(d.entries))
	d.entries = append(d.entries, entry{k, c, w})
}

// find looks up the first n bytes of text, which goes on for longestWord bytes at least. It returns nil for a word not known.
func (d *dictionary) find(text []byte, n int) *entry {
	if n > longestWord {
		return nil
	}
	k := keyOf(text, n)
	for slot := d.slot(k); ; slot = (slot + 1) % uint64(len(d.slots)) {
		at := d.slots[slot]
		if at == 0 {
			return nil
		}
		if e := &d.entries[at]; e.key.a == k.a && e.key.b == k.b && e.key.c == k.c {
			return e
		}
	}
}

func (d *dictionary) slot(k key) uint64 {
	hash := (k.a ^ bits.RotateLeft64(k.b, 23) ^ bits.RotateLeft64(k.c, 47)) * 0x9e3779b97f4a7c15
	return hash >> d.shift
}

func keyOf(text []byte, n int) key {
	first := binary.LittleEndian.Uint64(text)
	if n <= 8 {
		return key{a: first & lowest(n)}
	}
	second := binary.LittleEndian.Uint64(text[8:])
	if n <= 16 {
		return key{a: first, b: second & lowest(n-8)}
	}
	return key{a: first, b: second, c: binary.LittleEndian.Uint64(text[16:]) & lowest(n-16)}
}

// lowest is the mask of the n lowest bytes.
func lowest(n int) uint64 { return ^uint64(0) >> (64 - 8*uint(n)) }
