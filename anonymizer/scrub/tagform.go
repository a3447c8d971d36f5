package scrub

import (
	"math/bits"
	"strings"
)

// The beginnings and ends of words that tell how they are built, longer ones first.
var (
	wordBeginnings = []string{"meng", "meny", "mem", "men", "me", "di", "ber", "ter", "peng", "pem", "pen", "ke", "se", "nge", "ny", "ng"}
	wordEnds       = []string{"kan", "nya", "an", "in", "ku", "ing", "ed", "ake", "keun"}
	// formSymbols are by beginning and end, 0 for none, else one more than where it stands in the lists.
	formSymbols = func() (all [17][10]symbol) {
		for a, beginning := range append([]string{""}, wordBeginnings...) {
			for b, end := range append([]string{""}, wordEnds...) {
				all[a][b] = symbolOf("<" + beginning + "-" + end + ">")
			}
		}
		return all
	}()
	// Which beginnings have a first letter, and which ends a last: a bit for each, by its place in the list.
	beginningsWith, endsWith = func() (first, last [256]uint32) {
		for a, beginning := range wordBeginnings {
			first[beginning[0]] |= 1 << a
		}
		for b, end := range wordEnds {
			last[end[len(end)-1]] |= 1 << b
		}
		return first, last
	}()
)

// formOf is how a word is built, by its beginning and end.
func formOf(low string) symbol {
	a, b := 0, 0
	for set := beginningsWith[low[0]]; set != 0; set &= set - 1 {
		k := bits.TrailingZeros32(set)
		if beginning := wordBeginnings[k]; len(low) > len(beginning)+2 && strings.HasPrefix(low, beginning) {
			a = k + 1
			break
		}
	}
	for set := endsWith[low[len(low)-1]]; set != 0; set &= set - 1 {
		k := bits.TrailingZeros32(set)
		if end := wordEnds[k]; len(low) > len(end)+2 && strings.HasSuffix(low, end) {
			b = k + 1
			break
		}
	}
	return formSymbols[a][b]
}
