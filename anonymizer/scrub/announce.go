package scrub

// pastFillers skips what stands between a cue and a name.
func (p *page) pastFillers(k int) int {
	for range 6 {
		switch p.lower(k) {
		case "si", "adalah", "ialah", "yaitu", "yakni", "itu", "sih", "tuh", "is", "s", "nih", "ini", "atas", "bernama", "namanya", "an", "sendiri", "dengan", "pribadi", "nami", "nama", "teh", "mah", "sebut", "saja", "sebutlah", "cukup", "aja", "called", "spelled":
			if p.lower(k) != "atas" || p.lower(k+1) == "nama" {
				k++
				continue
			}
		}
		if p.punct(k, ":,=(-\"'*") && !p.at(k).newline {
			k++
			continue
		}
		if p.lower(k) == "a" && p.punct(k+1, ".") && p.lower(k+2) == "n" {
			k += 3
			if p.punct(k, ".") {
				k++
			}
			continue
		}
		break
	}
	return k
}

// pastForm skips what stands behind the colon of a form.
func (p *page) pastForm(k int) int {
	for range 3 {
		if p.punct(k, ":=-.\"'*_") {
			k++
		}
	}
	return k
}

// announce takes the name at token k, announced by the words before.
func (p *page) announce(kind Kind, k int) bool { return p.announceAs(kind, k, announced) }

func (p *page) announceAs(kind Kind, k int, mode nameMode) bool {
	start, end := p.nameAt(k, mode)
	if start == end || p.taken(start, end) {
		return false
	}
	p.takeName(kind, start, end)
	return true
}

// takeName marks a name with the titles before it and the degrees behind it, which tell sex, faith and schooling.
func (p *page) takeName(kind Kind, start, end int) {
	if kind == RelativeName && p.accusedKin(start, end) {
		return
	}
	for start > 0 && !p.tokens[start].newline {
		k := start - 1
		if p.punct(k, ".") && p.tokens[k].glued && k > 0 {
			k--
		}
		if p.punct(k, ")") && p.lower(k-1) == "purn" && p.punct(k-2, "(") { // "Peltu (Purn) Sudrajat"
			start = k - 2
			continue
		}
		if p.is(k, cRank) && p.tokens[k].capital && p.covered[k] == "" {
			start = k
			continue
		}
		if !p.is(k, cTitle) || p.tokens[k].kind != word || p.covered[k] != "" || p.is(k, cKin) && p.is(k+1, cSelf) {
			break
		}
		start = k
	}
	p.take(kind, start, p.pastDegrees(end))
}
