package scrub

// findChains finds what stands in a row with the reporter's name or numbers: "Achmad / 6371... / 0511-3267118 / Jl. Kuripan No. 12". The
// row goes on as long as each part is divided from the last by a comma or a stroke.
func findChains(p *page) {
	if len(p.hits) == 0 {
		return
	}
	for i := 0; i < len(p.tokens); i++ {
		switch p.covered[i] {
		case SelfName, NIK, KK:
			i = p.chain(i) - 1
		case RelativeName:
			if p.covered[min(i+1, len(p.covered)-1)] != RelativeName {
				p.birthBehind(i + 1)
			}
		}
	}
}

// chain follows the row that begins at token i, and gives where it ends.
func (p *page) chain(i int) int {
	for i < len(p.tokens) {
		kind := p.covered[i]
		for i < len(p.tokens) && p.covered[i] == kind {
			i++
		}
		if kind == SelfName && p.birthBehind(i) {
			return i
		}
		if end := p.numberInBrackets(i); kind == SelfName && end > 0 { // "Alifia (185020101), Bima (185020177)"
			p.take(WorkplaceID, i+1, end)
			if start, last := p.nameAt(end+2, capitals); p.punct(end+1, ",") && start == end+2 && start < last && p.numberInBrackets(last) > 0 && !p.taken(start, last) {
				p.takeName(SelfName, start, last)
				i = start
				continue
			}
			return end
		}
		if !p.punct(i, ",/;|") || p.at(i+1).newline {
			return i
		}
		k := i + 1
		for k < i+4 && p.is(k, nPhone|nNumber|nNIK|cContact) && p.covered[k] == "" || p.punct(k, ":") {
			k++
		}
		if k < len(p.covered) && p.covered[k] != "" {
			i = k
			continue
		}
		if end := p.dateAt(k); end > k+2 && p.closes(end) && p.fullDate(k, end) {
			p.take(Birthdate, k, end)
			i = k
			continue
		}
		if p.addressHead(k) || p.placeHead(k) {
			if end := p.addressEnd(k); p.hasFigure(k, end) && p.closes(end) && (!p.punct(i, ",") || kind != SelfName && !p.punct(end, ",")) {
				p.take(HomeAddress, k, end)
				i = k
				continue
			}
		}
		return i + 1
	}
	return i
}

// birthBehind takes the date behind a name that ends before token i: "Rafathar (11/02/2017)", "Nursida, Parepare, 1-1-1990".
func (p *page) birthBehind(i int) bool {
	if !p.punct(i, "(,") {
		return false
	}
	start, k := i+1, i+1
	if t := p.at(k); t.kind == word && t.capital && !t.newline && t.class&(cMonth|cStop|cTitle|cRole) == 0 && p.punct(k+1, ",") {
		k += 2
	}
	end := p.dateAt(k)
	if end <= k+1 || !p.fullDate(k, end) || !(p.punct(i, "(") && p.punct(end, "),") || k > start && p.closes(end)) {
		return false
	}
	p.take(Birthdate, start, end)
	return true
}

// numberInBrackets gives where the code in brackets at token i ends; 0 if there is none, or it is something else.
func (p *page) numberInBrackets(i int) int {
	if !p.punct(i, "(") {
		return 0
	}
	if end := p.code(i+1, 5); end > 0 && p.punct(end, ")") && !p.taken(i+1, end) && p.dateAt(i+1) == 0 {
		return end
	}
	return 0
}

// fullDate reports whether the date in tokens [k, end) has a year in which people who write reports were born.
func (p *page) fullDate(k, end int) bool {
	for ; k < end; k++ {
		if t := p.tokens[k]; t.kind == number && t.end-t.start == 4 {
			year := p.text[t.start:t.end]
			return year >= "1930" && year <= "2026"
		}
	}
	return false
}
