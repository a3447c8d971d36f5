package scrub

import (
	_ "embed"
	"iter"
	"strings"
)

// wake is the set of rules that a token may concern. Most words concern none: a rule looks only at the tokens that wake it, and
// not at all at a text that has none of them.
type wake uint32

const (
	wNumber  wake = 1 << iota // figures, words for digits, letters that pass for figures
	wMail                     // "@" and words that spell it
	wSpelled                  // words that make one of those likely to be an address
	wHome
	wName
	wRelative
	wListed
	wSignoff
	wCode
	wWork
	wBirth
	wAccount
	wWarning
	wTag
)

var (
	//go:embed lexicon/cues.txt
	cueFile string

	wakeNames = map[string]wake{
		"home": wHome, "name": wName, "relative": wRelative, "listed": wListed, "signoff": wSignoff, "mail": wMail, "spelled": wSpelled,
		"code": wCode, "work": wWork, "birth": wBirth, "account": wAccount, "warning": wWarning, "tag": wTag,
	}
)

// readCues reads which words wake which rules.
func readCues() map[string]wake {
	cues := make(map[string]wake, 512)
	for line := range strings.Lines(cueFile) {
		name, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		w, known := wakeNames[name]
		if !known {
			panic("scrub: cues for an unknown rule " + name)
		}
		for _, word := range strings.Fields(list) {
			cues[word] |= w
		}
	}
	for _, a := range "oil" { // "o812", "8l2", "oo8"
		for _, b := range " oil" {
			for _, c := range " oil" {
				cues[strings.ReplaceAll(string([]rune{a, b, c}), " ", "")] |= wNumber
			}
		}
	}
	return cues
}

// woken is which rules a word wakes by its class.
func (c class) woken() (w wake) {
	if c&cSelf != 0 {
		w |= wName | wHome
	}
	if c&(cKin|cWitness|cRole) != 0 {
		w |= wRelative
	}
	if c&(nWork|nNIP|nWorkHead) != 0 {
		w |= wWork
	}
	if c&(cLives|cDwelling) != 0 {
		w |= wHome
	}
	if c&cDigit != 0 {
		w |= wNumber
	}
	if c&cRole != 0 {
		w |= wWarning
	}
	return w
}

// awoken is a token that wakes a rule.
type awoken struct {
	at   int32
	wake wake
}

// awake goes over the tokens that wake a rule, in order.
func (p *page) awake(w wake) iter.Seq[int] {
	return func(yield func(int) bool) {
		if p.woken&w == 0 {
			return
		}
		for _, a := range p.awoken {
			if a.wake&w != 0 && !yield(int(a.at)) {
				return
			}
		}
	}
}
