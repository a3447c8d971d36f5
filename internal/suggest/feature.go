package suggest

import (
	"math"
	"unicode"
)

// buckets is how many hashes are told apart.
const buckets = 1 << 16

// mostFeatures bounds what one text costs: the first 600 or so, that is a hundred words. What a report is about is said at its beginning.
const mostFeatures = 600

// feature is something that a text has: a word, two neighbours, or some letters.
type feature struct {
	bucket uint32
	weight float32
}

// Stretches of letters are shortest to longest long, with the ends of the word counted as letters.
const (
	shortest, longest = 4, 5
	ofWord            = 1.0
	ofPair            = 0.7
	ofStretch         = 0.35
)

// featuresOf appends what the text has to into. All weights together have the length 1, so that long texts do not shout.
func featuresOf(text string, into []feature) []feature {
	start := len(into)
	var room [longestWord + 2]rune
	before := uint64(0)
	for word := room[:1]; len(text) > 0 && len(into)-start < mostFeatures; word = room[:1] {
		word[0] = ' '
		if word, text = nextWord(text, word); len(word) == 1 {
			continue
		}
		whole := hash(1, word[1:])
		into = append(into, feature{bucketOf(whole), ofWord})
		if before != 0 {
			into = append(into, feature{bucketOf(before*31 ^ whole), ofPair})
		}
		before = whole
		if len(word)-1 < shortest {
			continue
		}
		word = append(word, ' ')
		for size := shortest; size <= longest; size++ {
			for i := 0; i+size <= len(word); i++ {
				into = append(into, feature{bucketOf(hash(2, word[i:i+size])), ofStretch})
			}
		}
	}
	var square float64
	for _, f := range into[start:] {
		square += float64(f.weight * f.weight)
	}
	if square > 0 {
		for i := range into[start:] {
			into[start+i].weight /= float32(math.Sqrt(square))
		}
	}
	return into
}

const longestWord = 40

// nextWord appends the next letters of the text to word, in lower case, as far as longestWord; none at the end. Numbers say where and
// when, not what, and are passed over.
func nextWord(text string, word []rune) (found []rune, rest string) {
	empty := len(word)
	for i, r := range text {
		switch {
		case unicode.IsLetter(r):
			if len(word) < empty+longestWord {
				word = append(word, unicode.ToLower(r))
			}
		case len(word) > empty:
			return word, text[i:]
		}
	}
	return word, ""
}

// hash is FNV-1a; kind keeps words and stretches apart.
func hash(kind uint64, letters []rune) uint64 {
	h := uint64(14695981039346656037) ^ kind
	h *= 1099511628211
	for _, r := range letters {
		h ^= uint64(r)
		h *= 1099511628211
	}
	return h
}

func bucketOf(h uint64) uint32 { return uint32((h^h>>29)*0x9E3779B97F4A7C15>>40) % buckets }
