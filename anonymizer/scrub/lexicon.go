package scrub

import (
	_ "embed"
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
	cName                         // given or family name
	cCommon                       // everyday word
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
	"own": cOwned, "unit": cUnit, "digit": cDigit,
	"nNIK": nNIK, "nKK": nKK, "nNPWP": nNPWP, "nPassport": nPassport, "nSIM": nSIM, "nBPJS": nBPJS, "nNIP": nNIP, "nPhone": nPhone,
	"nNumber": nNumber, "nCard": nCard, "nBank": nBank, "nWork": nWork, "nWorkHead": nWorkHead, "nMoney": nMoney, "nRef": nRef, "nIP": nIP,
}

var (
	//go:embed lexicon/lexicon.txt
	lexiconFile string
	//go:embed lexicon/names.txt
	nameFile string
	//go:embed lexicon/common.txt
	commonFile string

	lexicon = readLexicon()
)

func readLexicon() map[string]class {
	words := make(map[string]class, 4096)
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
	for _, word := range strings.Fields(nameFile) {
		words[word] |= cName
	}
	for _, word := range strings.Fields(commonFile) {
		words[word] |= cCommon
	}
	for word, c := range words {
		if c == cCommon {
			words[word] |= stemClass(word, words)
		}
	}
	return words
}

// longestWord is beyond every word of the lexicon; what is longer is not looked up.
const longestWord = 24

func classOf(low string) class {
	if len(low) > longestWord {
		return 0
	}
	if c, ok := lexicon[low]; ok {
		return c
	}
	return stemClass(low, lexicon)
}

// stemClass is the class of a word that ends in -nya or -ku: that of its stem, and whose it is.
func stemClass(low string, words map[string]class) class {
	if stem, ok := strings.CutSuffix(low, "nya"); ok && words[stem] != 0 {
		return words[stem] | cNya
	}
	if stem, ok := strings.CutSuffix(low, "ku"); ok && words[stem] != 0 {
		return words[stem] | cKu
	}
	return 0
}
