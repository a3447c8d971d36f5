package scrub

import "strings"

// A blank stands in a text for something that was taken out before the text came here, by somebody who knows whose it is: see Known.
// It is three characters long, no longer than what it stands for, and holds one that Unicode sets aside for use inside programs. To the
// rules it is what it stands for: found already, and of its kind.
const (
	blankName  = "[\ufdd0]"
	blankPhone = "[\ufdd1]"
)

// blankLength is in code points.
const blankLength = 3

// blankAt is the blank that s begins with; "" if it is none.
func blankAt(s string) string {
	for _, blank := range [...]string{blankName, blankPhone} {
		if strings.HasPrefix(s, blank) {
			return blank
		}
	}
	return ""
}

// inner is what the front makes of a blank: its middle alone, so that no brackets stand between a name and what belongs to it.
func inner(blank string) string { return blank[1 : len(blank)-1] }

// fillBlanks marks the blanks as found.
func (p *page) fillBlanks() {
	for i := range p.tokens {
		t := &p.tokens[i]
		switch p.text[t.start:t.end] {
		case inner(blankName):
			t.kind, t.capital, t.class, t.sign = word, true, cName, 0
			p.seen |= cName
			p.take(SelfName, i, i+1)
		case inner(blankPhone):
			t.sign = 0
			p.take(Phone, i, i+1)
		}
	}
}
