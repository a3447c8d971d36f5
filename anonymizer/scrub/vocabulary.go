package scrub

import (
	_ "embed"
	"strings"
	"sync"
)

// familiarity is how well a word is known that the lexicon does not have.
type familiarity uint8

const (
	unheard familiarity = iota // no word of any list: a name, a place, or slip of the pen
	rare
	regional
	everyday
)

//go:embed lexicon/vocabulary.txt
var vocabularyFile string

// vocabulary are the listed words in a hash table, each with thirty bits of its hash and the familiarity in the lowest two; 0 for none.
// That a word of no list passes for one of these is as unlikely as it is harmless.
var vocabulary = sync.OnceValue(func() []uint32 {
	levels := map[string]familiarity{"rare": rare, "regional": regional, "everyday": everyday}
	words := make([]uint32, 1<<vocabularyBits)
	for line := range strings.Lines(vocabularyFile) {
		name, list, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		level, known := levels[name]
		if !known {
			panic("scrub: vocabulary has an unknown level " + name)
		}
		for word := range strings.FieldsSeq(list) {
			slot := vocabularySlot(words, hashed(word))
			words[slot] = max(words[slot], uint32(hashed(word)>>32)&^3|uint32(level))
		}
	}
	return words
})

// vocabularyBits makes the table three times as large as the vocabulary.
const vocabularyBits = 17

// vocabularySlot is where the word of a hash stands, or would.
func vocabularySlot(words []uint32, hash uint64) uint32 {
	for slot := uint32(hash) % (1 << vocabularyBits); ; slot = (slot + 1) % (1 << vocabularyBits) {
		if word := words[slot]; word == 0 || word&^3 == uint32(hash>>32)&^3 {
			return slot
		}
	}
}

// familiar looks the word at token i up in the vocabulary.
func (p *page) familiar(i int) familiarity { return familiarHash(p.hash(i)) }

// familiarHash looks up the word of a hash.
func familiarHash(hash uint64) familiarity {
	words := vocabulary()
	return familiarity(words[vocabularySlot(words, hash)] & 3)
}
