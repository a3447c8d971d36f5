package scrub

import "strings"

// longestDisguise is how many letters may pass for figures.
const longestDisguise = 3

// atom is one group of digits as written: a run of figures, figures with letters that pass for them (o812, 77l2), or a digit word.
type atom struct {
	first, last int // tokens, inclusive
	digits      string
	word        bool // written as a word
}

// run is a row of atoms that separators alone stand between.
type run struct {
	p      *page
	atoms  []atom
	joined [2*longestNumber + 1]byte // the digits of the atoms that are looked at
}

// Bounds that keep the scan linear: atoms of one run, digits of one number and bytes between two atoms.
const (
	longestRun    = 48
	longestNumber = 20
	widestGap     = 4
)

// findNumbers looks at every run, from the left: the first rule that fits takes the longest number it can.
func findNumbers(p *page) {
	past := 0
	for i := range p.awake(wNumber) {
		if i < past || p.lone(i) {
			continue
		}
		r := p.runAt(i)
		if len(r.atoms) == 0 {
			continue
		}
		if r.size() >= shortestNumber {
			r.scan()
		}
		past = r.atoms[len(r.atoms)-1].last + 1
	}
}

// lone reports whether too few figures stand together from token i on for a number of anybody, seen without reading the run.
func (p *page) lone(i int) bool {
	for digits := 0; i < len(p.tokens); i++ {
		switch t := &p.tokens[i]; {
		case t.kind == number:
			digits += int(t.end - t.start)
		case t.wake&wNumber != 0:
			digits += longestDisguise
		case t.kind == word:
			return true
		}
		if digits >= shortestNumber {
			return false
		}
	}
	return true
}

// numberKind is a rule for numbers. fits looks at atoms [i, j] with their digits joined.
type numberKind struct {
	kind Kind
	fits func(r *run, i, j int, digits string, cue class) bool
}

// The order matters where one number could be two things; the surest come first.
var numberKinds = []numberKind{
	{NIP, fitsNIP}, {NPWP, fitsNPWP}, {SIM, fitsSIM}, {BPJS, fitsBPJS}, {KK, fitsKK}, {NIK, fitsNIK},
	{Card, fitsCard}, {Phone, fitsPhone}, {BankAccount, fitsAccount},
}

func (r *run) scan() {
	for i := 0; i < len(r.atoms); {
		if last, kind := r.longest(i); last >= 0 {
			r.p.take(kind, r.opening(i), r.atoms[last].last+1)
			i = last + 1
		} else {
			i++
		}
	}
}

// shortestNumber is below every number that a rule knows.
const shortestNumber = 8

// longest finds the first rule that fits from atom i on, and how far the number goes.
func (r *run) longest(i int) (last int, kind Kind) {
	var cue class
	joined := r.joined[:0]
	digits := ""
	asked := false
	var ends [16]int // by rule; 0 is none yet, else one more than the last atom
	var closed [16]bool
	for j := i; j < len(r.atoms); j++ {
		if joined = append(joined, r.atoms[j].digits...); len(joined) > longestNumber {
			break
		}
		if len(joined) < shortestNumber {
			continue
		}
		if !asked {
			asked, cue = true, r.p.cueBefore(r.atoms[i].first)
		}
		digits = view(joined)
		for n, rule := range numberKinds {
			switch {
			case closed[n]:
			case ends[n] > 0 && r.loose(i, ends[n]-1, j, rule.kind):
				closed[n] = true
			case rule.fits(r, i, j, digits, cue) && !r.counted(i, j):
				ends[n] = j + 1
			}
		}
	}
	for n, end := range ends {
		if end > 0 {
			return end - 1, numberKinds[n].kind
		}
	}
	return -1, ""
}

// loose reports whether atom j is no part of the number [i, last] that is complete without it: it follows a wider gap than those
// inside, or is a lone digit behind whole groups, as only accounts have.
func (r *run) loose(i, last, j int, kind Kind) bool {
	gap := r.gap(j)
	if pair := len(r.atoms[i].digits) == 2 && len(r.atoms[j].digits) == 2; gap == " " && !pair && len(r.atoms[j].digits)+len(r.atoms[last].digits) > 2 {
		for k := i + 1; k <= last; k++ {
			if g := r.gap(k); g != " " && g != "" && g != ") " && g != " (" {
				return true
			}
		}
	}
	if strings.Contains(gap, "\n") && last > i && r.gap(last) != gap {
		return true
	}
	if r.atoms[j].word {
		return false
	}
	return kind != BankAccount && len(r.atoms[j].digits) == 1 && len(r.atoms[last].digits) > 1
}

// counted reports whether atom j counts what the word behind it says: "15 orang", "2 unit".
func (r *run) counted(i, j int) bool {
	if i == j || r.atoms[j].word || r.gap(j) != " " || len(r.atoms[j].digits) > 3 {
		return false
	}
	next := r.atoms[j].last + 1
	return r.p.is(next, cUnit) || r.p.punct(next, "%")
}

// gap is what stands between atoms j-1 and j.
func (r *run) gap(j int) string {
	return r.p.text[r.p.tokens[r.atoms[j-1].last].end:r.p.tokens[r.atoms[j].first].start]
}

// opening is the token where the number begins as written: a bracket or a plus belongs to it.
func (r *run) opening(i int) int {
	first := r.atoms[i].first
	for first > 0 && r.p.tokens[first].glued && r.p.punct(first-1, "+(") && r.p.covered[first-1] == "" {
		first--
	}
	return first
}

// plus reports whether the number at atom i is written with a plus.
func (r *run) plus(i int) bool {
	return r.p.punct(r.atoms[i].first-1, "+") || r.p.punct(r.atoms[i].first-1, "(") && r.p.punct(r.atoms[i].first-2, "+")
}

// size is how many digits the run has.
func (r *run) size() (digits int) {
	for i := range r.atoms {
		digits += len(r.atoms[i].digits)
	}
	return digits
}

// runAt reads the run at token i into the page's own atoms.
func (p *page) runAt(i int) *run {
	r := &p.run
	r.p, r.atoms = p, r.atoms[:0]
	for len(r.atoms) < longestRun {
		a, ok := p.atomAt(i)
		if !ok {
			break
		}
		if a.word && !r.spelled(a) {
			break
		}
		r.atoms = append(r.atoms, a)
		next := a.last + 1
		for next < len(p.tokens) && p.tokens[next].kind == mark && p.separator(next) && next-a.last <= widestGap {
			next++
		}
		if next >= len(p.tokens) || !p.narrow(a.last, next) {
			break
		}
		i = next
	}
	return r
}

// spelled keeps words out of runs of figures unless several stand together: "dua" alone is only a word.
func (r *run) spelled(a atom) bool {
	if len(r.atoms) > 0 && r.atoms[len(r.atoms)-1].word {
		return true
	}
	next, ok := r.p.atomAt(a.last + 1)
	if !ok && r.p.tokens[min(a.last+1, len(r.p.tokens)-1)].kind == mark {
		next, ok = r.p.atomAt(a.last + 2)
	}
	return ok && (next.word || len(r.atoms) > 0 || a.digits == "0")
}

func (p *page) separator(i int) bool { return p.punct(i, ".-/_()~*|,") }

// narrow reports whether the gap between tokens a and b still belongs inside a number. A comma must be glued on both sides.
func (p *page) narrow(a, b int) bool {
	gap := p.text[p.tokens[a].end:p.tokens[b].start]
	if len(gap) > widestGap {
		return false
	}
	lines := 0
	for k, c := range []byte(gap) {
		switch c {
		case '\n':
			lines++
		case ',':
			if (len(gap) > 1 || k > 0) && !(p.is(a, cDigit) && p.is(b, cDigit)) {
				return false
			}
		}
	}
	return lines < 2
}

var digitWords = map[string]string{
	"nol": "0", "kosong": "0", "zero": "0", "oh": "0", "satu": "1", "hiji": "1", "siji": "1", "one": "1",
	"dua": "2", "loro": "2", "duo": "2", "two": "2", "tiga": "3", "tilu": "3", "telu": "3", "three": "3",
	"empat": "4", "pat": "4", "opat": "4", "papat": "4", "four": "4", "lima": "5", "limo": "5", "five": "5",
	"enam": "6", "nem": "6", "genep": "6", "enem": "6", "six": "6", "tujuh": "7", "pitu": "7", "seven": "7",
	"delapan": "8", "lapan": "8", "dalapan": "8", "wolu": "8", "eight": "8",
	"sembilan": "9", "sblan": "9", "salapan": "9", "sanga": "9", "songo": "9", "nine": "9", "limau": "5", "nembilan": "9",
}

// atomAt reads the atom at token i: figures and the letters glued to them that pass for figures, or a digit word.
func (p *page) atomAt(i int) (atom, bool) {
	if i >= len(p.tokens) {
		return atom{}, false
	}
	if p.tokens[i].kind == word && p.tokens[i].class&cDigit != 0 {
		if d := digitWords[p.lower(i)]; d != "" {
			return atom{i, i, d, true}, true
		}
	}
	if !p.figure(i) && !p.disguised(i) {
		return atom{}, false
	}
	a := atom{first: i, last: i}
	for ; a.last < len(p.tokens); a.last++ {
		if a.last > i && !p.tokens[a.last].glued || !p.figure(a.last) && !p.disguised(a.last) {
			break
		}
		part := p.low[p.tokens[a.last].start:p.tokens[a.last].end]
		if !p.figure(a.last) {
			part = figures(part)
		}
		a.digits += part
		if len(a.digits) > longestNumber {
			a.last++
			break
		}
	}
	a.last--
	return a, true
}

func (p *page) figure(i int) bool { return p.tokens[i].kind == number }

// disguised reports whether the word at i is one or two letters that pass for figures, glued to figures.
func (p *page) disguised(i int) bool {
	t := p.tokens[i]
	if t.kind != word || t.end-t.start > longestDisguise {
		return false
	}
	for _, c := range []byte(p.low[t.start:t.end]) {
		if c != 'o' && c != 'l' && c != 'i' {
			return false
		}
	}
	return t.glued && i > 0 && p.figure(i-1) || i+1 < len(p.tokens) && p.tokens[i+1].glued && p.figure(i+1)
}

func figures(low string) string {
	out := []byte(low)
	for i, c := range out {
		switch c {
		case 'o':
			c = '0'
		case 'l', 'i':
			c = '1'
		}
		out[i] = c
	}
	return string(out)
}
