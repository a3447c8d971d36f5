package scrub

// cueWords is how far back a passport or an account may be named.
const cueWords = 7

// findPassports finds one or two capitals and six or seven digits where a passport is spoken of.
func findPassports(p *page) {
	if p.seen&nPassport == 0 {
		return
	}
	for i := range p.tokens {
		t := p.tokens[i]
		if t.kind != word || t.end-t.start > 2 || t.glued && i > 0 && p.tokens[i-1].kind != mark {
			continue
		}
		n := p.at(i + 1)
		if n.kind != number || n.end-n.start < 6 || n.end-n.start > 8 || p.at(i+2).glued && p.at(i+2).kind != mark {
			continue
		}
		if p.namedBefore(i, nPassport) {
			p.take(Passport, i, i+2)
		}
	}
}

// namedBefore reports whether a word of class c stands a few words before token i, in the same sentence.
func (p *page) namedBefore(i int, c class) bool {
	words := 0
	for k := i - 1; k >= 0 && i-k < lookBack && words < cueWords; k-- {
		if p.tokens[k].kind == word {
			if words++; p.tokens[k].class&c != 0 {
				return true
			}
		}
		if p.opens(k) && !p.punct(k, ".") {
			return false
		}
	}
	return false
}

// findAccountCodes finds accounts whose number begins with letters, like that of a cooperative: "rekening koperasi saya KSP-00718-2".
func findAccountCodes(p *page) {
	for i := range p.awake(wCode) {
		if !p.is(i, nBank) || p.lower(i) != "rekening" && p.lower(i) != "rek" && p.lower(i) != "norek" {
			continue
		}
		if p.lower(i-1) == "kode" {
			continue
		}
		for k := i + 1; k <= i+6 && k < len(p.tokens); k++ {
			if end := p.code(k, 5); end > 0 {
				if !p.taken(k, end) {
					p.take(BankAccount, k, end)
				}
				break
			}
			if p.punct(k, ".;!?") && !p.abbreviation(k) {
				break
			}
		}
	}
}

// code reads a code at token i, letters and figures joined by dashes, dots and strokes with at least digits figures; 0 if there is none.
func (p *page) code(i, digits int) int {
	if p.at(i).kind == mark || p.at(i).kind == 0 {
		return 0
	}
	end, figures := i, 0
	for end < len(p.tokens) && end-i < longestAddress && (end == i || p.tokens[end].glued) && (p.tokens[end].kind != mark || p.punct(end, "-./_")) {
		if p.tokens[end].kind == number {
			figures += int(p.tokens[end].end - p.tokens[end].start)
		}
		end++
	}
	for end > i && p.tokens[end-1].kind == mark {
		end--
	}
	if figures < digits {
		return 0
	}
	return end
}
