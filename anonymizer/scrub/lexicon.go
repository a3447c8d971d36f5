package scrub

import (
	_ "embed"
	"iter"
	"strings"
)

// class is the set of roles a word can play.
type class uint64

const (
	cSelf       class = 1 << iota // the reporter
	cKin                          // family and friends
	cWitness                      // people a reporter offers as contacts
	cTitle                        // goes before a name
	cStop                         // never part of a name
	cMonth                        //
	cDay                          //
	cRole                         // what people are by trade or office
	cBoss                         // of those, the ones a reporter accuses rather than names as family
	cStreet                       // part of an address
	cStreetHead                   // begins an address
	cShort                        // abbreviation that a full stop may follow
	cContact                      // begins contact details
	cOrg                          // begins the name of an organisation
	cVehicle                      //
	cOwned                        // "milik", "punya"
	cUnit                         // what numbers count
	cDigit                        // a digit as a word
	cLives                        // says that somebody lives or stays somewhere
	cDwelling                     // where one lives
	cOrigin                       // "from", of people
	cRank                         // of soldiers and the police
	cName                         // given or family name
	cCommon                       // everyday word
	cHarm                         // what people are reported for
	cKu                           // ended in -ku: mine
	cNya                          // ended in -nya: his, hers, theirs, the

	// What the number after it is.
	nNIK
	nKK
	nNPWP
	nPassport
	nSIM
	nBPJS
	nNIP
	nPhone
	nNumber
	nCard
	nBank
	nWork
	nWorkHead
	nMoney
	nRef
	nIP
)

var classNames = map[string]class{
	"self": cSelf, "kin": cKin, "witness": cWitness, "title": cTitle, "stop": cStop, "month": cMonth, "day": cDay, "role": cRole,
	"boss": cBoss, "street": cStreet, "streethead": cStreetHead, "short": cShort, "contact": cContact, "org": cOrg, "vehicle": cVehicle,
	"own": cOwned, "unit": cUnit, "digit": cDigit, "lives": cLives, "dwelling": cDwelling, "origin": cOrigin, "rank": cRank, "harm": cHarm,
	"nNIK": nNIK, "nKK": nKK, "nNPWP": nNPWP, "nPassport": nPassport, "nSIM": nSIM, "nBPJS": nBPJS, "nNIP": nNIP, "nPhone": nPhone,
	"nNumber": nNumber, "nCard": nCard, "nBank": nBank, "nWork": nWork, "nWorkHead": nWorkHead, "nMoney": nMoney, "nRef": nRef, "nIP": nIP,
}

var (
	//go:embed lexicon/lexicon.txt
	lexiconFile string
	//go:embed lexicon/names.txt
	nameFile string
	//go:embed lexicon/names_faker.txt
	otherNameFile string
	//go:embed lexicon/common.txt
	commonFile string

	lexicon = readLexicon()
)

func readLexicon() *dictionary {
	words := make(map[string]class, 16384)
	for line := range strings.Lines(lexiconFile) {
		name, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		c, known := classNames[name]
		if !known {
			panic("scrub: lexicon has an unknown class " + name)
		}
		for _, word := range strings.Fields(list) {
			words[word] |= c
		}
	}
	for word := range listed(nameFile + otherNameFile) {
		words[word] |= cName
	}
	for word := range listed(commonFile) {
		words[word] |= cCommon
	}
	for word, c := range words {
		if c == cCommon {
			for _, s := range suffixes {
				if stem, ok := strings.CutSuffix(word, s.letters); ok && words[stem] != 0 {
					words[word] |= words[stem] | s.class
					break
				}
			}
		}
	}
	cues := readCues()
	d := newDictionary(len(words) + len(cues))
	for word, c := range words {
		d.add(word, meaning{c, c.woken() | cues[word]})
		delete(cues, word)
	}
	for word, w := range cues {
		d.add(word, meaning{0, w})
	}
	return d
}

// listed gives the words of a file that is a list; lines that begin with # say where it is from.
func listed(file string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(file) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for word := range strings.FieldsSeq(line) {
				if !yield(word) {
					return
				}
			}
		}
	}
}

// suffixes say whose something is.
var suffixes = []struct {
	letters string
	class   class
}{{"nya", cNya}, {"ku", cKu}}

// recognise looks up the lower-case word in the first n bytes of text, or else its stem with whose it is.
func recognise(text []byte, n int) (class, wake) {
	m := lexicon.find(text, n)
	if m.class != 0 {
		return m.class, m.wake
	}
	c, w := stemmed(text, n)
	return c, w | m.wake
}

func stemmed(text []byte, n int) (class, wake) {
	for _, s := range suffixes {
		size := n - len(s.letters)
		if size > 0 && n <= longestWord && text[n-1] == s.letters[len(s.letters)-1] && string(text[size:n]) == s.letters {
			if m := lexicon.find(text, size); m.class != 0 {
				c := m.class | s.class
				return c, c.woken() | m.wake
			}
		}
	}
	return 0, 0
}
