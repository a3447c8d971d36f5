package scrub

// What says which number follows, and what says that it is no number of anybody.
const (
	numberCues = nNIK | nKK | nNPWP | nPassport | nSIM | nBPJS | nNIP | nPhone | nCard | nBank | nWork | nWorkHead | nMoney | nRef | nIP
	// cueReach is how many words before a number may name it.
	cueReach = 8
	// lookBack is how many tokens any rule looks back over, whatever they are: it keeps the work linear.
	lookBack = 64
)

// cueBefore is the nearest word before token i that names a number, in the same sentence or line before. Between the two may stand
// words that name nothing, like "saya", "nomor" or "a.n. suami saya Iwan".
func (p *page) cueBefore(i int) class {
	words := 0
	var fallback class
	for k := i - 1; k >= 0 && i-k < lookBack && words < cueReach; k-- {
		t := p.tokens[k]
		switch {
		case t.kind == number && t.end-t.start >= 6:
			return fallback // another number: what names it names not this one, unless nothing else does
		case t.kind == word:
			words++
			if c := t.class & numberCues; c != 0 {
				return p.sharpened(k, c)
			}
			if t.class&nNumber != 0 && fallback == 0 {
				fallback = nNumber
			}
		case p.punct(k, "!?;") || p.punct(k, ".") && !p.at(k+1).glued && !p.abbreviation(k) && p.at(k+1).capital && words > 1:
			return fallback
		}
	}
	return fallback
}

// sharpened looks one or two words further back where a cue could be two things: "kartu keluarga", "buku tabungan", "kartu BPJS".
func (p *page) sharpened(k int, c class) class {
	if c&nBank != 0 && p.lower(k-1) == "kode" {
		return nRef // the code of a budget line
	}
	if c&nBank != 0 && p.is(k-1, nCard) {
		return nCard | nBank // "kartu Jenius", "ATM BCA"
	}
	if c&(nCard|nKK) == c && p.is(k-1, nKK|nBPJS|nSIM|nCard) {
		c |= p.at(k-1).class & (nKK | nBPJS | nSIM | nCard)
	}
	return c
}

// bankAfter reports whether what follows token i says that the number before was an account: "(BCA)", "a.n. Budi".
func (p *page) bankAfter(i int) bool {
	for k := i + 1; k <= i+3 && k < len(p.tokens); k++ {
		if p.is(k, nBank) {
			return true
		}
	}
	return p.lower(i+1) == "a" && p.punct(i+2, ".") && p.lower(i+3) == "n" || p.lower(i+1) == "an"
}
