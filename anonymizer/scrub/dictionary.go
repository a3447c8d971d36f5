package scrub

import (
	"encoding/binary"
	"math/bits"
)

// longestWord is beyond every word of the dictionary and the vocabulary; what is longer is not looked up.
const longestWord = 24

// key is a word of up to longestWord bytes, padded with zeros.
type key struct{ a, b, c uint64 }

// meaning is what is known about a word.
type meaning struct {
	class class
	wake  wake
}

// dictionary is a hash table made for one question: what is the word in these bytes? Every word of every text asks, so an answer costs one
// look into memory: a slot holds 48 bits of a word's hash and, in the lowest 16, which meaning it has; 0 for none. That another word passes
// for it is as unlikely as it is harmless.
type dictionary struct {
	slots    []uint64 // a power of two
	shift    int      // takes a hash down to a slot
	meanings []meaning
	numbers  map[meaning]uint64
}

func newDictionary(words int) *dictionary {
	size := bits.Len(uint(2 * words))
	return &dictionary{make([]uint64, 1<<size), 64 - size, make([]meaning, 1), map[meaning]uint64{}}
}

func (d *dictionary) add(word string, m meaning) {
	number, ok := d.numbers[m]
	if !ok {
		number = uint64(len(d.meanings))
		d.numbers[m], d.meanings = number, append(d.meanings, m)
	}
	hash := hashed(word)
	slot := hash >> d.shift
	for d.slots[slot] != 0 {
		slot = (slot + 1) % uint64(len(d.slots))
	}
	d.slots[slot] = hash&^0xffff | number
}

// find looks up the first n bytes of text, which goes on for longestWord bytes at least. The meaning of a word not known is empty.
func (d *dictionary) find(text []byte, n int) *meaning {
	if n > longestWord {
		return &d.meanings[0]
	}
	hash := keyOf(text, n).hash()
	for slot := hash >> d.shift; ; slot = (slot + 1) % uint64(len(d.slots)) {
		if at := d.slots[slot]; at == 0 || (at^hash)>>16 == 0 {
			return &d.meanings[at&0xffff]
		}
	}
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

func (k key) hash() uint64 { return mixed(k.a, k.b^bits.RotateLeft64(k.c, 29)*0xd6e8feb86659fd93) }

// mixed spreads every bit over all the others, as wyhash does it.
func mixed(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xc2b2ae3d27d4eb4f)
	return high ^ low
}

// hashed is the hash of a word, or of its first longestWord bytes.
func hashed(word string) uint64 {
	var padded [longestWord]byte
	return keyOf(padded[:], copy(padded[:], word)).hash()
}

// hash is the hash of the word at token i, in small letters.
func (p *page) hash(i int) uint64 {
	t := &p.tokens[i]
	return keyOf(p.lowBytes[t.start:], min(int(t.end-t.start), longestWord)).hash()
}
