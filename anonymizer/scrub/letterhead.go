package scrub

// findLetterhead finds the sender at the head of a letter: a first line that is a name and nothing else, an address in the line below it, and
// something that identifies in one of the next.
func findLetterhead(p *page) {
	if len(p.hits) == 0 || len(p.tokens) == 0 {
		return
	}
	start, end := p.nameAt(0, capitals)
	if start == end || end-start < 2 || !p.at(end).newline || !p.nameLike(start, end) || p.taken(start, end) {
		return
	}
	home := p.addressEnd(end)
	if !p.addressHead(end) || !p.hasFigure(end, home) || !p.at(home).newline {
		home = end
	}
	for k := home; k < home+6; k++ {
		if p.taken(k, k+1) {
			p.takeName(SelfName, start, end)
			p.take(HomeAddress, end, home)
			return
		}
	}
}
