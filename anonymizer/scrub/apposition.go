package scrub

// findAppositions finds names that stand beside a word for family or friends, divided by a mark: "dua anak, Fadil dan Farah", "Hasnah,
// istriku", "kontak darurat: Hendrawan, suami". Who is meant need not be said where the reporter was spoken of last.
func findAppositions(p *page) {
	for i := range p.awake(wRelative) {
		switch {
		case p.is(i, cKin) && p.tokens[i].class&cNya == 0 && !p.taken(i, i+1) && !p.othersBefore(i):
			if !p.appositionBehind(i) {
				p.appositionBefore(i)
			}
		case p.lower(i) == "rumah" && p.lower(i-1) == "orang" && p.is(i+1, cSelf): // "orang rumah gue, Shinta"
			p.relativeAt(i + 2)
		case p.late(i):
			p.ofTheDead(i)
		}
	}
}

// appositionBehind takes the names in "emak di kampung (Mak Onah)" and "anak 3: Rendi, Rani, Raka".
func (p *page) appositionBehind(i int) bool {
	if p.tokens[i].capital && !p.opens(i) || p.is(i, cTitle) && !p.kinSpoken(i) && p.is(i+1, cName) && p.at(i+1).capital {
		return false
	}
	switch p.lower(i) {
	case "anak": // "anak buah Paiman, Jarwo dan Supri"
		if p.lower(i+1) == "buah" && p.person(i) > 0 && p.announceAs(RelativeName, i+2, capitals) {
			end := i + 2
			for end < len(p.covered) && p.covered[end] == RelativeName {
				end++
			}
			p.alsoNamed(end)
			return true
		}
	case "pasangan", "pasutri":
		p.couple(i + 1)
	case "istri", "isteri":
		if p.punct(i-1, "-") && p.lower(i-2) == "suami" {
			p.couple(i + 1)
		}
	case "mama", "bunda", "ibu", "ayah", "papa", "bapak", "ibunda", "ayahanda", "ortu", "umi", "abi", "mami", "papi", "emak":
		if p.signedParent(i) {
			return true
		}
	case "teman", "temen", "tmn", "rekan", "kawan", "sahabat", "kolega", "sobat", "konco":
		if k := p.sharing(i + 1); k > 0 && p.person(i) >= 0 {
			if start, end := p.nameAt(k, capitals); start < end && p.nameLike(start, end) && !p.taken(start, end) {
				p.takeName(RelativeName, start, end)
				return true
			}
		}
	}
	switch p.lower(i + 1) {
	case "ipar", "kandung", "sepupu", "mertua", "tiri", "angkat", "bungsu", "sulung":
		if start, end := p.nameAt(i+2, capitals); start < end && start <= i+4 && p.nameLike(start, end) && p.person(i) > 0 && !p.taken(start, end) {
			p.takeName(RelativeName, start, end) // "kakak ipar Wahyu Triono"
			return true
		}
	}
	if start, end := p.nameAt(i+1, capitals); start == i+1 && start < end && p.nameLike(start, end) && p.kinSpoken(i) && !p.taken(start, end) {
		p.takeName(RelativeName, start, end) // "rumah nenekku ... Nenek Cut Nyak Maneh"
		return true
	}
	if p.opens(i) && !p.is(i, cTitle) { // "Suami kerja di Bitung (Ferry Palit)"
		for k := i + 2; k < i+7 && p.at(k).kind != 0 && !p.punct(k, ".,;:!?"); k++ {
			if start, end := p.nameAt(k+1, capitals); p.punct(k, "(") && start == k+1 && start < end && p.punct(end, ")") && p.nameLike(start, end) {
				p.takeName(RelativeName, start, end)
				return true
			}
		}
	}
	if (p.lower(i) == "keluarga" || p.lower(i) == "kerabat") && (p.lower(i+1) == "pasien" || p.lower(i+1) == "korban") && p.selfNear(i, 4) {
		if p.announceAs(RelativeName, i+2, capitals) {
			return true
		}
	}
	k := i + 1
	for n := 0; n < 4 && p.at(k).kind != mark; n, k = n+1, k+1 {
		if t := p.at(k); t.kind == 0 || t.newline || t.capital || p.acts(k) || t.class&(cBoss|cRole|cOrg) != 0 && t.class&(cKin|cTitle) == 0 || t.class&cNya != 0 {
			return false
		}
	}
	if !p.punct(k, ",(:") || p.is(i, cSelf) || p.person(i) <= 0 && !p.selfBetween(i, k) {
		return false
	}
	start, end := p.nameAt(k+1, capitals)
	if start == end || start > k+1 && !(p.punct(k, "(") && p.is(k+1, cKin)) || p.taken(start, end) || !p.nameLike(start, end) {
		return false
	}
	listed := p.punct(end, ",") && p.at(end+1).capital || p.lower(end) == "dan" || p.lower(end) == "and"
	if p.punct(k, "(") && !p.punct(end, "),") || p.punct(k, ",") && !listed && !p.punct(end, ",") || !p.closes(end) && !listed {
		return false
	}
	if p.punct(k, ",") && !listed && k > i+1 && !p.selfBetween(i, k) {
		return false
	}
	p.takeName(RelativeName, start, end)
	p.alsoNamed(end)
	return true
}

// appositionBefore takes the name in "saya dan Yuni, istri, ikut" and "bang Egi, temen deket gue".
func (p *page) appositionBefore(i int) {
	if !p.punct(i-1, ",(") || !p.closes(i+1) && !p.selfBetween(i, i+3) {
		return
	}
	end := i - 1
	start := end
	for start > 0 && end-start < longestName && !p.tokens[start].newline && p.covered[start-1] == "" && p.nameWord(start-1, capitals, 0) {
		start--
	}
	if first, last := p.nameAt(start, capitals); start == end || first < start || last != end || !p.nameLike(start, end) || p.is(start-1, cStreet|cOrg|cRole) && !p.is(start-1, cTitle) || !p.harmlessBefore(start) {
		return
	}
	if start, _ = p.nameAt(start, capitals); start < end {
		p.takeName(RelativeName, start, end)
	}
}

// kinNear reports whether a bare word for family stands a few words before token i.
func (p *page) kinNear(i int) bool {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if p.is(k, cKin) && p.tokens[k].class&cNya == 0 {
			return !p.tokens[k].capital
		}
		if p.opens(k) {
			break
		}
	}
	return false
}

// describedName takes the name in "Pelapor: anak kos di situ, Bagas Adji" at token k.
func (p *page) describedName(k int) {
	for n := 0; n < 8; n, k = n+1, k+1 {
		if p.punct(k, ",") {
			if start, end := p.nameAt(k+1, capitals); start < end && p.closes(end) && p.nameLike(start, end) && !p.taken(start, end) {
				p.takeName(SelfName, start, end)
			}
			return
		}
		if t := p.at(k); t.kind != word || t.newline || t.capital {
			return
		}
	}
}

// kinSpoken reports whether the family word at i was spoken of before as the reporter's.
func (p *page) kinSpoken(i int) bool {
	low := p.owned(i)
	for k := i - 1; k >= 0 && i-k < lookBack; k-- {
		if p.is(k, cKin) && p.owned(k) == low && p.tokens[k].class&cNya == 0 {
			return p.is(k, cKu) || p.is(k+1, cSelf) && p.at(k+1).kind == word
		}
	}
	return false
}

// couple takes the names in "kami suami-istri Bernadus dan Yuliana" and "anak dari pasangan Bagus dan Niken" at token i.
func (p *page) couple(i int) {
	start, end := p.nameAt(i, capitals)
	if start == i && start < end && p.lower(end) == "dan" && !p.taken(start, end) && (p.selfNear(i, 8) || p.kinNear(i-1)) {
		p.takeName(SelfName, start, end)
		p.alsoNamed(end)
	}
}

// signedParent takes both names in "mama Kanaya, Fitria" at the end of a text.
func (p *page) signedParent(i int) bool {
	start, end := p.nameAt(i+1, capitals)
	if len(p.tokens)-i > 12 || start != i+1 || start == end || !p.punct(end, ",") {
		return false
	}
	first, last := p.nameAt(end+1, capitals)
	if first == last || !p.onlySymbols(last) || p.taken(start, last) {
		return false
	}
	p.takeName(RelativeName, start, end)
	p.takeName(SelfName, first, last)
	return true
}

// sharing reports whether what follows "teman" at token k says what the two share, and where the name may follow: "satu shift", "sekantor".
func (p *page) sharing(k int) int {
	if p.lower(k) == "satu" && p.at(k+1).kind == word && !p.at(k+1).capital {
		return k + 2
	}
	if low := p.lower(k); p.at(k).kind == word && !p.at(k).capital && (len(low) > 4 && low[:2] == "se" || low == "kerja" || low == "kuliah" || low == "kantor" || low == "kos" || low == "sekolah" || low == "kampus") {
		return k + 1
	}
	return 0
}

// late reports whether the word at i says that somebody has died.
func (p *page) late(i int) bool {
	switch p.lower(i) {
	case "almarhum", "almarhumah", "alm", "almh", "mendiang":
		return true
	}
	return false
}

// ofTheDead takes the name in "keluarga besar almarhum Hendrik" and "adik kandung dari almarhumah Cicilia".
func (p *page) ofTheDead(i int) {
	if p.is(i+1, cKin) && !p.is(i+1, cNya) && p.person(i) > 0 {
		p.announceAs(RelativeName, i+1, capitals) // "almarhum bapak Kromodiharjo"
		return
	}
	for k := i - 1; k >= 0 && k > i-4; k-- {
		if p.is(k, cKin) && p.tokens[k].class&cNya == 0 {
			p.announceAs(RelativeName, i, capitals)
			return
		}
		if p.at(k).kind != word || p.at(k).capital {
			return
		}
	}
}

// selfBetween reports whether the reporter is among tokens [i, k).
func (p *page) selfBetween(i, k int) bool {
	for ; i < k; i++ {
		if p.is(i, cSelf|cKu) {
			return true
		}
		if p.at(i).kind == mark {
			return false
		}
	}
	return false
}

// nameLike reports whether words [start, end) are surely a name: one of them is known, or there are two and none is an everyday word.
func (p *page) nameLike(start, end int) bool {
	everyday := false
	for i := start; i < end; i++ {
		if p.is(i, cName) {
			return true
		}
		everyday = everyday || p.is(i, cCommon|cStreet|cOrg)
	}
	return !everyday && (end-start > 1 || p.tokens[start].class == 0)
}
