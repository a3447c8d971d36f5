package scrub

// findSmallNames finds own names in small letters that no list has, by where they stand: "saya babu kemu, silakan ...", "ini yuyun dari
// ...", "salam, dharma", "- tono wage". What tells them from words is that the vocabulary does not have them.
func findSmallNames(p *page) {
	for i := range p.awake(wName | wSignoff) {
		k := i + 1
		switch low := p.lower(i); {
		case p.is(i, cSelf) && !p.is(i, cKu) && (p.opens(i) || p.punct(i-1, ",") || p.is(i-1, cStop)):
			if low == "i'm" || p.punct(k, ",") && !p.at(k).newline || low == "i" && p.lower(k) == "am" {
				k++
			}
			if end := p.smallNameEnd(k); end > k && p.punct(end, ",") {
				p.takeName(SelfName, k, end)
			}
		case low == "ini" && (p.opens(i) || p.punct(i-1, ",")):
			if end := p.smallNameEnd(k); end > k && (p.lower(end) == "dari" || p.lower(end) == "dr" || p.lower(end) == "warga" || p.punct(end, ",") && !p.tokens[k].capital) {
				p.takeName(SelfName, k, end)
			}
		case low == "salam" || low == "dari" || low == "an" || low == "dr" || low == "ttd":
			for p.punct(k, ".,:") {
				k++
			}
			if p.opens(i) || p.punct(i-1, ",.-") || low == "salam" {
				p.smallSignature(k)
			}
		}
	}
	for i := max(0, len(p.tokens)-shortSentence); i < len(p.tokens); i++ {
		if p.punct(i, "-~") && !(p.tokens[i].glued && p.at(i+1).glued) {
			p.smallSignature(i + 1)
		}
	}
}

// smallSignature takes a name at token k that ends the text.
func (p *page) smallSignature(k int) {
	if end := p.smallNameEnd(k); end > k && p.onlySymbols(end) {
		p.takeName(SelfName, k, end)
	}
}

// smallNameEnd is where the name of one or two words at token k ends, that no list has as words; k if there is none. A word alone must be
// heard nowhere; of two, either may be one that is rare or of a region.
func (p *page) smallNameEnd(k int) int {
	end, unknown := k, 0
	for end < k+2 {
		t := p.at(end)
		if t.kind != word || t.class&^cName != 0 || t.end-t.start < 3 || end > k && t.newline || p.taken(end, end+1) || t.class == 0 && verbal(p.lower(end)) {
			break
		}
		switch level := p.familiar(end); {
		case t.class&cName != 0 || level == unheard:
			unknown++
		case level == everyday:
			return k
		}
		end++
	}
	if end == k || end == k+1 && unknown == 0 || p.at(end).kind == word && p.at(end).glued {
		return k
	}
	return end
}
