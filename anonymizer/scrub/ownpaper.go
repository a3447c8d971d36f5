package scrub

// findNamesOfPapers finds the name on a paper of the reporter's and the one that goes with the reporter's own numbers: "nasabah a.n.
// Fransiska", "KTP a/n Josephine", "Anisa (NIK karyawan 310447)". The holder of an account that money went to stays.
func findNamesOfPapers(p *page) {
	for i := range p.awake(wSignoff) {
		k := i
		switch {
		case p.lower(i) == "a" && p.punct(i+1, "./") && p.lower(i+2) == "n":
			if k = i + 3; p.punct(k, ".:") {
				k++
			}
		case p.lower(i) == "an" && !p.opens(i):
			if k = i + 1; p.punct(k, ".:") {
				k++
			}
		case p.lower(i) == "atas" && p.lower(i+1) == "nama":
			k = i + 2
		default:
			continue
		}
		if p.ownPaper(i) && (p.opens(i-1) || p.person(i) >= 0) {
			p.announceAs(SelfName, k, capitals)
		}
	}
	if len(p.hits) == 0 {
		return
	}
	for i, kind := range p.covered {
		if (kind == WorkplaceID || kind == NIK || kind == KK || kind == BPJS) && p.covered[max(0, i-1)] == "" {
			p.nameBeforeBracket(i, kind == WorkplaceID)
			if kind == WorkplaceID {
				p.onlyNameBefore(i)
			}
		}
	}
}

// ownPaper reports whether the words before token i name a paper that people show of themselves.
func (p *page) ownPaper(i int) bool {
	for k := i - 1; k >= 0 && k > i-4; k-- {
		switch p.lower(k) {
		case "nasabah", "pasien", "pelanggan", "peserta", "pemohon", "pelapor", "ktp", "sim", "stnk", "bpkb", "paspor", "akta", "ijazah", "tiket", "kartu", "kk", "penumpang", "lampiran", "berkas":
			return true
		}
		if p.at(k).kind == mark || p.is(k, nBank) || p.lower(k) == "palsu" {
			return false
		}
	}
	return false
}

// nameBeforeBracket takes the name in "Anisa Fauziah (NIK karyawan 310447)".
func (p *page) nameBeforeBracket(i int, surely bool) {
	open := i - 1
	for open > 0 && i-open < 5 && !p.punct(open, "(") {
		open--
	}
	if !p.punct(open, "(") {
		return
	}
	start := open
	for start > 0 && open-start < longestName && !p.tokens[start].newline && p.covered[start-1] == "" && p.nameWord(start-1, capitals, 0) {
		start--
	}
	if first, last := p.nameAt(start, capitals); start < open && first == start && last == open && p.nameLike(start, open) && (surely || !p.is(start-1, cRole|cBoss|cTitle)) && (surely || p.punct(start-1, ",") && p.punct(start-2, ")") || p.harmlessBefore(start)) {
		p.takeName(SelfName, start, open)
	}
}

// onlyNameBefore takes the name in "Pengemudi ojol Sapto, plat AD 6620 IZ, ID mitra 72881045": the number at token i is the reporter's, so
// whoever the sentence begins with is the reporter, where nobody else is named in it.
func (p *page) onlyNameBefore(i int) {
	open := i - 1
	for open > 0 && i-open < 16 && !p.opens(open) {
		if open--; p.is(open, cSelf|cBoss) || p.covered[open] == SelfName || p.covered[open] == RelativeName {
			return
		}
	}
	for k := open; k < open+4 && k < i; k++ {
		start, end := p.nameAt(k, capitals)
		if start == k && start < end {
			if p.punct(end, ",(") && p.opens(open) && p.is(start, cName) && p.is(open, cRole|cName) && !p.taken(start, end) {
				p.takeName(SelfName, start, end)
			}
			return
		}
	}
}
