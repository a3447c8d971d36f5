package fingerprint

import "slices"

// A word is every second bit of a spot's hash, as far as wordBits go: an even and an odd one for each of the strongest spots. Two spots
// that are one have an equal word more often than not, two that have nothing in common hardly ever; and of 32 spots one is enough.
const (
	indexed  = 32
	bands    = 2
	wordBits = 28
)

// Words is what an index keeps for the print: up to 64 numbers, sorted, each once, none negative.
func (p Print) Words() []int32 {
	return distinct(p.appendWords(make([]int32, 0, bands*indexed)))
}

// Probes is what to look for in an index to find prints of the same picture, mirrored ones too: up to 128 numbers, sorted, each once.
func (p Print) Probes() []int32 {
	return distinct(p.mirrored().appendWords(p.appendWords(make([]int32, 0, 2*bands*indexed))))
}

func (p Print) appendWords(words []int32) []int32 {
	for _, q := range p.points[:min(indexed, len(p.points))] {
		for band := range bands {
			word := int32(band) << wordBits
			for bit := range wordBits {
				word |= int32(q.hash>>(bit*bands+band)&1) << bit
			}
			words = append(words, word)
		}
	}
	return words
}

func distinct(words []int32) []int32 {
	slices.Sort(words)
	return slices.Compact(words)
}
