package scrub

// alsoNamed goes on with "Enok, Ujang dan Siti".
func (p *page) alsoNamed(k int) {
	for range 8 {
		if p.punct(k, "(") {
			for n := 1; n < 12; n++ {
				if p.punct(k+n, ")") {
					k += n + 1
					break
				}
			}
		}
		comma := p.punct(k, ",")
		if comma {
			k++
		}
		and := p.lower(k) == "sm" || p.lower(k) == "dan" || p.lower(k) == "sama" || p.lower(k) == "serta" || p.lower(k) == "and" || p.punct(k, "&")
		if and {
			k++
		}
		if !comma && !and {
			return
		}
		if and && p.is(k, cKin) && p.is(k, cNya) {
			k++ // "dan istrinya Bu Tugiyem"
		}
		start, end := p.nameAt(k, capitals)
		if start == end && and && !p.at(k-2).capital && p.covered[max(0, k-2)] == RelativeName && p.smallName(k) {
			start, end = k, k+1 // "temenku caca sm vivi"
		}
		if start == end || start != k && !p.is(k, cKin) && !p.is(k-1, cKin) && !(and && p.is(k, cTitle)) || p.taken(start, end) || end-start > 3 {
			return
		}
		if !and && !(p.punct(end, ",") && p.at(end+1).capital && p.is(end+1, cName)) && !(p.nameLike(start, end) && (p.onlySymbols(end) || p.punct(end, ".)"))) && p.lower(end) != "dan" && p.lower(end) != "and" {
			return
		}
		p.takeName(RelativeName, start, end)
		k = end
	}
}

// nameBeforeKin takes the name in "Budi Hartono (suami saya)", "Fitri, istri saya," and "Sari adik saya".
func (p *page) nameBeforeKin(i int) {
	end := i
	for end > 0 && p.punct(end-1, "(,-") {
		end--
	}
	if (p.lower(end-1) == "adalah" || p.lower(end-1) == "itu") && end == i {
		end--
	}
	start := end
	for start > 0 && end-start < longestName && !p.tokens[start].newline && p.nameWord(start-1, capitals, 0) && p.covered[start-1] == "" {
		start--
	}
	for start < end && p.is(start, cTitle) {
		start++
	}
	if start == end || p.lower(start-1) == "bernama" || end == i && p.opens(i) || p.is(start-1, cStreet|cOrg|cTitle) && p.tokens[start-1].kind == word && !p.is(start-1, cTitle) {
		return
	}
	first, last := p.nameAt(start, capitals)
	if first == start && last == end && (end < i || end-start > 1 || p.is(start, cName)) {
		p.takeName(RelativeName, start, end)
	}
}

// looseRelative takes "anak Nadia 0851..." and, where the family was spoken of before, "Ibu: Hasnah".
func (p *page) looseRelative(i int, spoken, fresh bool) {
	k := i + 1
	if p.at(k).kind == word && !p.at(k).capital && p.punct(k+1, ":") && p.opens(i-1) && !bars(p.lower(k)) { // "Data ibu kandung:"
		if start, end := p.nameAt(k+2, capitals); start == k+2 && start < end && p.closes(end) && !p.taken(start, end) {
			p.takeName(RelativeName, start, end)
			return
		}
	}
	if colon := p.colonBehind(k); colon > k && (p.lower(k) == "yang" || p.lower(k) == "yg" || p.opens(i)) {
		p.afterColon(colon)
		return
	}
	if p.is(k, cDigit) || p.lower(k) == "pertama" || p.lower(k) == "kedua" || p.lower(k) == "ketiga" || p.lower(k) == "bungsu" || p.lower(k) == "sulung" {
		k++
	}
	colon := p.punct(k, ":")
	if colon {
		k++
	}
	if p.punct(k, ",(") && p.companion(i) {
		k++
	}
	if p.punct(k, "(") && !p.tokens[i].capital && (!p.is(i, cTitle) || p.offersContact(k)) { // "saksi: istri (Lilis) dan anak (Rafa)"
		if start, end := p.nameAt(k+1, capitals); start < end && p.punct(end, ")") && !p.taken(start, end) {
			p.takeName(RelativeName, start, end)
			return
		}
	}
	if p.punct(k, ",") && p.companionWord(i-1) { // "Bersama istri, Nining, saya ..."
		if start, end := p.nameAt(k+1, capitals); start < end && p.punct(end, ",") && p.is(end+1, cSelf) && !p.taken(start, end) {
			p.takeName(RelativeName, start, end)
			return
		}
	}
	if p.punct(k, ",") && !p.is(i, cTitle) && (p.opens(i) || (p.is(i-1, cKin|cTitle)) && p.opens(i-1)) { // "Suami, Antonius Seran, ditahan"
		if start, end := p.nameAt(k+1, capitals); start < end && p.punct(end, ",") && !p.taken(start, end) {
			p.takeName(RelativeName, start, end)
			return
		}
	}
	start, end := p.nameAt(k, capitals)
	if start == end || start != k && !colon || p.taken(start, end) || p.opens(i) && !colon && p.is(i, cTitle) {
		return
	}
	family := !p.is(i, cTitle) && !p.tokens[i].capital && (p.companion(i) || fresh && p.is(i-1, cStop|cCommon))
	switch {
	case family && (p.ends(end) || fresh && p.lower(i-1) == "dan" || p.lower(end) == "dan" && p.is(end+1, cKin)):
	case colon && (spoken || p.opens(i)) && p.closes(end):
	case p.contactFollows(end) && (!p.is(i, cTitle) || colon):
	default:
		return
	}
	p.takeName(RelativeName, start, end)
}

// companion reports whether the family word at i goes with the reporter: "saya dan istri", "saya bersama anak".
func (p *page) companion(i int) bool {
	if p.companionWord(i - 1) {
		return p.selfNear(i, 6) && !p.is(i, cNya)
	}
	if p.is(i-1, cDwelling) { // "di rumah kakak Lina"
		return p.person(i) > 0 && !p.is(i, cNya)
	}
	switch p.lower(i - 1) {
	case "selain", "punya", "termasuk", "jemput", "gendong", "bawa", "titip", "nitip", "jenguk":
		return p.person(i) > 0 && !p.is(i, cNya)
	}
	return p.punct(i-1, ",") && (p.selfNear(i, 5) || p.taken(i-2, i-1)) && !p.is(i, cNya)
}

func (p *page) companionWord(i int) bool {
	switch p.lower(i) {
	case "dan", "bersama", "sama", "dengan", "dgn", "bareng", "ajak", "antar", "nganter", "and", "with":
		return true
	}
	return false
}

// offersContact reports whether a telephone number follows the bracket that opens at token k.
func (p *page) offersContact(k int) bool {
	for n := 1; n < 8; n++ {
		if p.punct(k+n, ")") {
			return p.contactFollows(k + n + 1)
		}
	}
	return false
}

// parentOfKnown takes "orang tua dari Cahya" and, in "bapaknya Zaki, Mamat", the writer who stands behind a name that is taken.
func (p *page) parentOfKnown(i int) {
	start, end := p.nameAt(i+1, capitals)
	if start == end || !p.punct(end, ",:") {
		return
	}
	first, last := p.nameAt(end+1, capitals)
	if first < last && p.ends(last) && (p.alreadyTaken(start) || parent(p.lower(i)) && (p.opens(i) || p.opens(i-1))) && !p.taken(first, last) {
		p.takeName(RelativeName, start, end)
		p.takeName(SelfName, first, last)
	}
}

// parent reports whether a word is "his or her father" and the like: what people call themselves by their child.
func parent(low string) bool {
	switch low {
	case "ayahnya", "ibunya", "bapaknya", "mamanya", "papanya", "bundanya", "mamahnya", "bapanya", "emaknya", "umminya", "abinya":
		return true
	}
	return false
}

// alreadyTaken reports whether the word at i is part of a name found before.
func (p *page) alreadyTaken(i int) bool {
	if i < len(p.covered) && (p.covered[i] == RelativeName || p.covered[i] == SelfName) {
		return true
	}
	low := p.lower(i)
	for k := max(0, i-16*lookBack); k < i; k++ {
		if kind := p.covered[k]; (kind == RelativeName || kind == SelfName) && p.lower(k) == low {
			return true
		}
	}
	return false
}
