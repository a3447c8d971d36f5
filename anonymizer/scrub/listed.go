package scrub

// findListedPeople finds those who sign together: items of a list, "1. Supriyadi, HP ...", in a text where "kami" sign or tell on.
func findListedPeople(p *page) {
	if p.woken&wListed == 0 {
		return
	}
	together := false
	for i := range p.tokens {
		switch p.lower(i) {
		case "bertanda", "menandatangani", "bertandatangan", "pengurus", "perwakilan", "pelapor", "saksi", "narahubung", "kontak":
			together = true
		case "terlapor", "penagih", "daftar":
			together = false
		}
		if !together || !p.tokens[i].newline {
			continue
		}
		k := i
		if p.at(k).kind == number && p.punct(k+1, ".)") {
			k += 2
		} else if p.punct(k, "-*") {
			k++
		} else {
			continue
		}
		for n := 0; n < 5; n++ { // "Ketua:", "Saksi dari kami:"
			if p.punct(k+n, ":") {
				k += n + 1
				break
			}
		}
		start, end := p.nameAt(k, capitals)
		if start < end && !p.taken(start, end) && p.punct(end, ",(-/:;") && p.identified(end+1) {
			p.takeName(SelfName, start, end)
		}
	}
}

// identified reports whether the rest of the line holds something that identifies.
func (p *page) identified(i int) bool {
	for n := 0; n < 24 && i+n < len(p.tokens) && !p.tokens[i+n].newline; n++ {
		if p.covered[i+n] != "" {
			return true
		}
	}
	return false
}
