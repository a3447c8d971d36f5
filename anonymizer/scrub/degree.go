package scrub

// pastDegrees skips the degrees behind a name that ends before token i: ", S.Pd., M.Si", " SH".
func (p *page) pastDegrees(i int) int {
	end := i
	for range 4 {
		k := end
		if p.punct(k, ",") {
			k++
		}
		next := p.degree(k)
		if next == 0 {
			break
		}
		end = next
	}
	return end
}

// degree reads one degree at token k and gives where it ends; 0 if there is none.
func (p *page) degree(k int) int {
	t := p.at(k)
	if t.kind != word || !t.capital || t.newline || t.end-t.start > 5 {
		return 0
	}
	end := k + 1
	parts := 1
	for p.punct(end, ".") && p.at(end).glued && p.at(end+1).kind == word && p.at(end+1).glued && p.at(end+1).end-p.at(end+1).start <= 5 {
		end, parts = end+2, parts+1
	}
	if parts == 1 {
		switch p.lower(k) {
		case "sh", "se", "st", "mm", "mt", "mh", "spd", "mpd", "skom", "mkom", "msi", "ssi", "ssos", "sip", "skm", "amd", "lc", "mba", "phd", "ssn", "skep", "ners", "apt", "spog", "sag", "mag", "stp", "spt", "sp":
		default:
			return 0
		}
	}
	if p.punct(end, ".") && p.at(end).glued && (p.punct(end+1, ",") || p.closes(end+1) && !p.at(end+1).newline) {
		end++ // "S.H.,"
	}
	return end
}
