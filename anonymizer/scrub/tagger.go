package scrub

import "math/bits"

// The tagger reads what no rule has a phrase for. It is a linear chain: every token gets marks for being part of the reporter's name, of
// a relative's, of the reporter's home or of none, from the words around it, what the lexicon and the vocabulary know about them, and
// who was spoken of last; marks for what follows what make the best sequence. The marks were fitted to annotated texts (fit_test.go).

type tag uint8

const (
	tagNone tag = iota
	tagSelf
	tagRelative
	tagHome
	tags
)

var tagKinds = [tags]Kind{tagSelf: SelfName, tagRelative: RelativeName, tagHome: HomeAddress}

// marksOf says how much speaks for each tag, in hundredths.
type marksOf [tags]int32

// Templates of what is looked at. A feature is a template and up to two symbols: words, or what stands for a word that is not in the lexicon.
const (
	fBias uint8 = iota
	fWord
	fShape
	fClass
	fBefore1
	fBefore2
	fBefore3
	fAfter1
	fAfter2
	fAfter3
	fClassBefore
	fClassAfter
	fClassBefore2
	fClassAfter2
	fCue
	fCueShape
	fHead
	fFirst
	fLabel
	fPlace
	fEnd
	fPerson
	fPersonShape
	fNumber
	fStart
	fFormBefore
	fFormAfter
	fForm
	fSentence
	fBeyond
	templates
)

var templateNames = [templates]string{
	"bias", "word", "shape", "class", "before", "before2", "before3", "after", "after2", "after3", "classBefore", "classAfter", "classBefore2", "classAfter2", "cue", "cueShape", "head", "first", "label", "place", "end",
	"person", "personShape", "number", "start",
	"formBefore", "formAfter", "form", "sentence", "beyond",
}

// symbol is the hash of a word or of what stands for it.
type symbol = uint32

func symbolOf(s string) symbol { return shortened(hashed(s)) }

func shortened(hash uint64) symbol { return symbol(hash) }

// feature is the hash of a template and its symbols.
type feature uint64

func featureOf(t uint8, a, b symbol) feature {
	return feature(mixed(uint64(a)<<32|uint64(b), uint64(t)*0xd6e8feb86659fd93))
}

// sight is what the tagger makes of one token by itself.
type sight struct {
	word  symbol // the word where it is no name, else what stands for it
	shape symbol
	class symbol // the most telling class
	form  symbol // how the word is built
}

// standing is where a token stands: what was spoken of before it and behind it.
type standing struct {
	holds   uint8 // what the sentence holds: see sentenceName
	person  int8  // who was spoken of last: 1 the reporter or the family, -1 others
	since   int32 // how many tokens ago
	cue     int32 // the nearest word before, in the sentence, that is of a telling class; -1 for none
	head    int32 // the one before that
	first   int32 // where the sentence begins
	label   int32 // the word before the last colon of the line; -1 for none
	contact int32 // how many tokens off something is that identifies
}

// Classes from the most telling to the least.
var telling = []struct {
	name  string
	class class
}{
	{"self", cSelf}, {"lives", cLives}, {"dwelling", cDwelling}, {"kin", cKin}, {"head", cStreetHead}, {"street", cStreet}, {"boss", cBoss}, {"org", cOrg}, {"title", cTitle}, {"witness", cWitness},
	{"role", cRole}, {"contact", cContact}, {"month", cMonth}, {"day", cDay}, {"vehicle", cVehicle}, {"cue", numberCues}, {"unit", cUnit}, {"digit", cDigit},
	{"stop", cStop}, {"common", cCommon}, {"name", cName},
}

// How a word may be written and how well it is known.
var (
	letterNames = [...]string{"small", "capital", "shout"}
	wordNames   = [...]string{"name", "common", "unheard", "rare", "regional", "everyday", "word"}
)

// What stands for a word that says nothing by itself.
var (
	symNone, symStart, symEnd = symbolOf("<none>"), symbolOf("<start>"), symbolOf("<end>")
	classRanks                = func() (ranks [64]uint8) { // by the bit of a class: where it stands in telling
		for bit := range ranks {
			ranks[bit] = uint8(len(telling))
			for k, c := range telling {
				if c.class>>bit&1 != 0 {
					ranks[bit] = uint8(k)
				}
			}
		}
		return ranks
	}()
	classSymbols = func() (s []symbol) {
		for _, c := range telling {
			s = append(s, symbolOf("<"+c.name+">"))
		}
		return append(s, symNone)
	}()
)

var (
	letterSymbols = func() (s [3][7]symbol) {
		for a, letters := range letterNames {
			for b, what := range wordNames {
				s[a][b] = symbolOf("<" + letters + " " + what + ">")
			}
		}
		return s
	}()
	lengthSymbols = [...]symbol{symbolOf("<1>"), symbolOf("<2>"), symbolOf("<3>"), symbolOf("<4>"), symbolOf("<long>")}
	takenSymbol   = symbolOf("<taken>")
	markSymbol    = symbolOf("<mark>")
	emojiSymbol   = symbolOf("<emoji>")
	farSymbols    = [3][7]symbol{
		{symbolOf("<0 off>"), symbolOf("<1 off>"), symbolOf("<2 off>"), symbolOf("<3 off>"), symbolOf("<5 off>"), symbolOf("<8 off>"), symbolOf("<13 off>")},
		{symbolOf("<0 off me>"), symbolOf("<1 off me>"), symbolOf("<2 off me>"), symbolOf("<3 off me>"), symbolOf("<5 off me>"), symbolOf("<8 off me>"), symbolOf("<13 off me>")},
		{symbolOf("<0 off others>"), symbolOf("<1 off others>"), symbolOf("<2 off others>"), symbolOf("<3 off others>"), symbolOf("<5 off others>"), symbolOf("<8 off others>"), symbolOf("<13 off others>")},
	}
)

// farthest is beyond which all distances are one.
const farthest = 10

// off puts a distance into one of seven classes.
func off(n int) int {
	switch {
	case n <= 3:
		return max(0, n)
	case n <= 5:
		return 4
	case n <= farthest:
		return 5
	}
	return 6
}

// describe fills in what the token is by itself.
func (p *page) describe(s *sight, i int) {
	t := &p.tokens[i]
	if t.given {
		s.word, s.shape, s.class, s.form = takenSymbol, takenSymbol, takenSymbol, symNone
		return
	}
	switch t.kind {
	case number:
		n := lengthSymbols[min(int(t.end-t.start), len(lengthSymbols))-1]
		s.word, s.shape, s.class, s.form = n, n, n, symNone
		return
	case mark:
		if t.sign >= 0x80 {
			s.word, s.shape, s.class, s.form = emojiSymbol, emojiSymbol, markSymbol, symNone
			return
		}
		m := symbolOf(p.low[t.start:t.end])
		s.word, s.shape, s.class, s.form = m, m, markSymbol, symNone
		return
	}
	s.class, s.form = symNone, symNone
	if t.class != 0 {
		s.class = classSymbol(t.class)
	}
	if !t.capital {
		s.form = formOf(p.lower(i))
	}
	letters, what, level := 0, 6, unheard
	if t.capital {
		letters = 1
	}
	if t.shout {
		letters = 2
	}
	var hash uint64
	switch {
	case t.class&^cName == 0 && t.class != 0:
		what = 0
	case t.class == 0:
		hash = p.hash(i)
		level = familiarHash(hash)
		what = 2 + int(level)
	case t.class&cCommon != 0:
		what = 1
	}
	s.shape = letterSymbols[letters][what]
	s.word = s.shape
	if what == 1 || what == 6 || level >= regional {
		if hash == 0 {
			hash = p.hash(i)
		}
		s.word = shortened(hash)
	}
}

// classSymbol is the symbol of the most telling of some classes.
func classSymbol(c class) symbol {
	first := uint8(len(telling))
	for ; c != 0; c &= c - 1 {
		first = min(first, classRanks[bits.TrailingZeros64(uint64(c))])
	}
	return classSymbols[first]
}

// What a sentence holds.
const (
	holdsSelf   = 1 << iota // the reporter, before the token
	holdsKin                // family or friends, before it
	holdsHome               // a dwelling, or living, before it
	holdsOthers             // an office or the accused, before it
	holdsBehind             // the reporter, behind it
	holdsText               // the reporter, anywhere in the text before it
)

// sentenceName is the symbol for what a sentence holds.
func sentenceName(bits int) string {
	return "<holds " + string("0123456789abcdef"[bits>>4]) + string("0123456789abcdef"[bits&15]) + ">"
}

var sentenceSymbols = func() (all [64]symbol) {
	for bits := range all {
		all[bits] = symbolOf(sentenceName(bits))
	}
	return all
}()
