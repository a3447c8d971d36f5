package scrub

// findEmails finds addresses with an @ and those that spell it out: "budi (at) gmail (dot) com", "budi at gmail dot com".
func findEmails(p *page) {
	for i := range p.awake(wMail) {
		switch {
		case p.punct(i-1, "([{"):
			i-- // "(at)", "[@]"
		case p.tokens[i].kind == word && p.woken&wSpelled == 0:
			continue // "pada" and no mail service anywhere
		}
		from, to, sure := p.atSign(i)
		if to == 0 || to >= len(p.tokens) || sure && from > 0 && p.tokens[from].glued != p.tokens[to].glued && !p.provider(to) {
			continue
		}
		start, end := p.localPart(from), p.domain(to, sure)
		if start < from && end > to {
			p.take(Email, start, end)
		}
	}
}

// atSign reads an @ around token i; the address goes on at to. sure means that nothing else is meant.
func (p *page) atSign(i int) (from, to int, sure bool) {
	switch {
	case p.punct(i, "@"):
		if p.punct(i-1, "([{") {
			return 0, 0, false
		}
		return i, i + 1, true
	case p.punct(i, "([{") && (isAt(p.lower(i+1)) || p.lower(i+1) == "@" || p.lower(i+1) == "a") && p.punct(i+2, ")]}"):
		return i, i + 3, true
	case isAt(p.lower(i)) && p.tokens[i].kind == word && !p.punct(i-1, "([{"):
		return i, i + 1, false
	}
	return 0, 0, false
}

func isAt(low string) bool {
	switch low {
	case "at", "et", "pada", "ad":
		return true
	}
	return false
}

// longestAddress is how many tokens either half of an address may have.
const longestAddress = 24

// localPart walks left over what may stand before an @. A blank ends it, unless a mark is spelled out there ("budi titik santoso at").
func (p *page) localPart(at int) int {
	start, bridged := at, true
	for k := at - 1; k >= 0 && at-k <= longestAddress; k-- {
		switch {
		case p.joiner(k) && k > 0:
			start, bridged = k, true
		case k > 1 && p.punct(k, ")]}") && p.joiner(k-1) && p.punct(k-2, "([{"):
			k -= 2
			start, bridged = k, true
		case !bridged && !p.joined(start):
			return p.pastJoiner(start)
		case p.tokens[k].kind != mark || p.punct(k, "._-+%"):
			start, bridged = k, false
		default:
			return p.pastJoiner(start)
		}
	}
	return p.pastJoiner(start)
}

// pastJoiner keeps an address from beginning with a word that only spells out a mark.
func (p *page) pastJoiner(start int) int {
	for start < len(p.tokens) && (p.joiner(start) || p.punct(start, "([{)]}")) {
		start++
	}
	return start
}

// joined reports whether token i goes with the one before it: without a blank, or both of a word that is spaced out, "b u d i . s".
func (p *page) joined(i int) bool {
	if p.tokens[i].glued || i == 0 {
		return p.tokens[i].glued
	}
	a, b := p.tokens[i-1], p.tokens[i]
	if a.end-a.start > 1 || b.end-b.start > 1 || b.newline {
		return false
	}
	return (a.kind != mark || p.punct(i-1, "._-")) && (b.kind != mark || p.punct(i, "._-"))
}

// provider reports whether the word at i is a mail service that many use.
func (p *page) provider(i int) bool {
	switch p.lower(i) {
	case "gmail", "yahoo", "ymail", "rocketmail", "outlook", "hotmail", "live", "icloud", "proton", "protonmail", "tutanota", "tuta", "aol", "gmx", "mail", "zoho":
		return true
	}
	return false
}

// joiner reports whether token i spells out a mark inside an address.
func (p *page) joiner(i int) bool {
	switch p.lower(i) {
	case "dot", "titik", "underscore", "strip", "dash":
		return true
	}
	return false
}

// domain walks right over labels and dots; it ends behind the last label and needs one that can be a top level.
func (p *page) domain(at int, sure bool) int {
	end, dots := at, 0
	sure = sure || p.provider(at)
	for k := at; k < len(p.tokens) && k-at < longestAddress; {
		label := k
		for label < len(p.tokens) && (p.tokens[label].kind != mark || p.punct(label, "-_")) && (label == k || p.joined(label)) {
			label++
		}
		if label == k {
			break
		}
		end = label
		next, spelled := p.dot(label)
		if next == 0 {
			break
		}
		if spelled {
			sure = true
		}
		dots++
		k = next
	}
	if dots == 0 || !sure || end <= at {
		return at
	}
	last := p.tokens[end-1]
	if last.kind != word || last.end-last.start < 2 && !p.joined(end-1) {
		return at
	}
	if !p.tokens[at].glued && last.end-last.start > 6 { // blanks around the @: "ketemu @ kantor. Terima"
		return at
	}
	return end
}

// dot reads a full stop inside a domain: glued, blanks on both sides, or spelled out.
func (p *page) dot(i int) (next int, spelled bool) {
	switch {
	case p.punct(i, ".") && i+1 < len(p.tokens) && p.tokens[i].glued == p.tokens[i+1].glued && p.tokens[i+1].kind == word && !p.tokens[i+1].newline:
		return i + 1, false
	case p.punct(i, "([{") && isDot(p.lower(i+1)) && p.punct(i+2, ")]}"):
		return i + 3, true
	case isDot(p.lower(i)):
		return i + 1, true
	}
	return 0, false
}

func isDot(low string) bool { return low == "dot" || low == "titik" }
