package scrub

import "strings"

// findRelatives finds the names of family, friends and contacts: "istri saya Fitri", "anakku Kenzo", "teman saya, Elias".
func findRelatives(p *page) {
	spoken, fresh := false, false // somebody of the family was spoken of before; in this sentence
	past := 0
	for i := range p.awake(wRelative) {
		for ; fresh && past <= i; past++ {
			fresh = !p.opens(past)
		}
		past = i + 1
		switch {
		case p.lower(i) == "tua" && p.lower(i-1) == "orang":
			if p.is(i+1, cSelf) {
				spoken, fresh = true, true
				p.relativeAt(i + 2)
			}
		case p.is(i, cKin):
			mine, k := p.mine(i)
			switch {
			case p.othersBefore(i): // "wali kelas anak saya", "mantan suami saya"
			case p.lower(i+1) == "dari" && (p.is(i-1, cSelf) || p.taken(i-1, i) || p.punct(i-1, ",") && p.taken(i-2, i-1) || p.lower(i-1) == "selaku" || p.lower(i-1) == "sebagai"):
				p.announceAs(RelativeName, i+2, capitals)
			case mine:
				spoken, fresh = true, true
				if !p.relativeAt(k) && p.tokens[i].class&cNya == 0 {
					p.nameBeforeKin(i)
				}
			case p.tokens[i].class&cNya == 0:
				p.looseRelative(i, spoken, fresh)
			default:
				p.parentOfKnown(i)
				start, end := p.nameAt(i+1, capitals)
				if start == i+1 && start < end && !p.taken(start, end) && (p.contactFollows(end) || fresh && (p.closes(end) || p.covered[i-1] == RelativeName || i > 1 && p.covered[i-2] == RelativeName)) {
					p.takeName(RelativeName, start, end)
				}
			}
		case p.is(i, cWitness|cRole):
			p.contactPerson(i)
		case p.punct(i+1, ":") && saw(p.lower(i)):
			p.afterColon(i + 1)
		}
	}
}

// mine reports whether the family word at i is the reporter's: "-ku", or "saya" within the next words. k is where a name may follow.
func (p *page) mine(i int) (mine bool, k int) {
	if p.tokens[i].class&cKu != 0 {
		return true, i + 1
	}
	switch p.lower(i - 1) {
	case "pu", "pe", "pung", "pun": // "sa pu adik", "kita pe ade", "beta pung kakak", "pun biang"
		return true, i + 1
	}
	if p.is(i-1, cSelf) && (p.lower(i-1) == "my" || p.lower(i-1) == "our") || p.lower(i-2) == "my" {
		return true, i + 1
	}
	if p.tokens[i].class&cNya != 0 {
		return false, i + 1
	}
	if p.lower(i+1) == "dari" && p.lower(i+2) == "pihak" && p.is(i+3, cKin) { // "kakek dari pihak ibu"
		return true, i + 4
	}
	k = i + 1
	if p.at(k).kind == number && p.at(k).glued { // "anak2 saya"
		k++
	}
	for range 3 {
		if p.is(k, cSelf) {
			return true, k + 1
		}
		if p.at(k).kind != word || p.at(k).newline || p.at(k).capital || bars(p.lower(k)) {
			break
		}
		k++
	}
	return false, i + 1
}

// bars reports whether a word cannot stand between "anak" and "saya" in "anak kandung saya".
func bars(low string) bool {
	switch low {
	case "di", "ke", "dari", "yang", "yg", "dan", "sudah", "tidak", "kepada", "untuk", "adalah", "dengan", "dgn", "atau", "pada", "oleh", "bahwa", "ini", "itu", "karena", "melihat", "lihat", "buah", "sama", "bilang", "ajak", "minta", "panggil", "pukul", "hubungi", "kelasnya":
		return true
	}
	return false
}

// relativeAt takes the name that follows "istri saya": at once, after "yang kecil,", after "bernama".
func (p *page) relativeAt(k int) bool {
	if p.is(k, cSelf) || p.lower(k) == "sendiri" {
		k++
	}
	if p.lower(k) == "yang" || p.lower(k) == "yg" || p.lower(k) == "nu" || p.lower(k) == "sing" {
		for n := 1; n <= 7; n++ {
			if p.acts(k + n) {
				break
			}
			if p.punct(k+n, ",:(") || p.lower(k+n) == "bernama" || p.lower(k+n) == "namanya" {
				k += n
				break
			}
		}
	}
	k = p.pastFillers(k)
	start, end := p.nameAt(k, kindred)
	if start > k && p.punct(k-1, ",") && p.is(k, cTitle) && p.child(k-2) {
		return false // "ayah dari anak saya, Pak Burhan": nobody calls a child so
	}
	if start == end {
		for n := 1; n <= 4; n++ { // "anak saya nomor dua (Kevin)"
			if p.punct(k+n, ".;!?") || p.at(k+n).newline {
				break
			}
			if !p.punct(k+n, ",(:") {
				continue
			}
			if start, end = p.nameAt(k+n+1, capitals); start != k+n+1 || !p.closes(end) {
				start, end = k, k
			}
			break
		}
	}
	if start == end || p.taken(start, end) {
		return false
	}
	p.takeName(RelativeName, start, end)
	p.alsoNamed(end)
	return true
}

// acts reports whether the word at i says what somebody did or whom with, so that a name behind it may be anybody's.
func (p *page) acts(i int) bool {
	if p.is(i, cBoss|cOrg) && !p.is(i, cTitle) || p.punct(i, ".;!?") {
		return true
	}
	switch p.lower(i) {
	case "oleh", "sama", "dengan", "ke", "kepada", "dari", "kata":
		return true
	case "bernama", "bekerja", "berumur", "berusia", "kerja":
		return false
	}
	return p.at(i).kind == word && p.at(i).class&^cCommon == 0 && (strings.HasPrefix(p.lower(i), "di") || strings.HasPrefix(p.lower(i), "me")) && len(p.lower(i)) > 5
}

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
		and := p.lower(k) == "dan" || p.lower(k) == "sama" || p.lower(k) == "serta" || p.lower(k) == "and" || p.punct(k, "&")
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
		if start == end || start != k && !p.is(k, cKin) && !p.is(k-1, cKin) || p.taken(start, end) || end-start > 3 {
			return
		}
		if !and && !(p.punct(end, ",") && p.at(end+1).capital && p.is(end+1, cName)) && p.lower(end) != "dan" && p.lower(end) != "and" {
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
	if p.punct(k, ",") && !p.is(i, cTitle) && (p.opens(i) || p.is(i-1, cKin) && p.opens(i-1)) { // "Suami, Antonius Seran, ditahan"
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
	case colon && spoken && p.closes(end):
	case p.contactFollows(end) && (!p.is(i, cTitle) || colon):
	default:
		return
	}
	p.takeName(RelativeName, start, end)
}

// companion reports whether the family word at i goes with the reporter: "saya dan istri", "saya bersama anak".
func (p *page) companion(i int) bool {
	switch p.lower(i - 1) {
	case "dan", "bersama", "sama", "dengan", "dgn", "bareng", "ajak", "antar", "nganter", "and", "with":
		return p.selfNear(i, 6) && !p.is(i, cNya)
	}
	return p.punct(i-1, ",") && (p.selfNear(i, 5) || p.taken(i-2, i-1)) && !p.is(i, cNya)
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

// child reports whether the words up to i end in "anak saya" and the like.
func (p *page) child(i int) bool {
	for k := i; k > i-3; k-- {
		switch p.lower(k) {
		case "anak", "cucu", "keponakan", "ponakan", "adik", "adek", "bayi":
			return true
		}
	}
	return false
}

// othersBefore reports whether the words before the family word at i make it somebody else: an office that has to do with the
// family, or somebody who was family once.
func (p *page) othersBefore(i int) bool {
	switch p.lower(i - 1) {
	case "mantan", "eks", "ex", "bekas", "former":
		return true
	case "kelas", "sekolah", "les", "ngaji", "asrama":
		return p.is(i-2, cRole)
	}
	if p.lower(i-1) == "korban" || p.lower(i-1) == "korbannya" {
		return false
	}
	return p.is(i-1, cRole|cBoss) && !p.is(i-1, cKin|cTitle|cWitness) && p.tokens[i-1].kind == word && !p.opens(i)
}
