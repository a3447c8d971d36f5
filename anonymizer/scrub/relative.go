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
		case p.is(i, cKin) && p.lower(i+1) == "dari" && p.punct(i-1, ",") && len(p.tokens)-i < 12: // "Yulia, ibu dari Alif" at the end
			if start, end := p.nameAt(i+2, capitals); start < end && p.onlySymbols(end) {
				p.announceAs(RelativeName, i+2, capitals)
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
	if p.is(k, cDwelling) && p.is(i, cTitle) {
		return false, k // "ibu kos saya"
	}
	if p.at(k).kind == number && p.at(k).glued { // "anak2 saya"
		k++
	}
	for range 3 {
		if p.is(k, cSelf) || p.lower(k) == "nami" || p.is(k, cKu) && !p.at(k).capital {
			return true, k + 1
		}
		if p.at(k).kind != word || p.at(k).newline || p.at(k).capital || bars(p.lower(k)) || p.is(k, cBoss) && !p.is(k, cKin) {
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
	if p.punct(k-1, ",") && p.aboutOthers(k) {
		return false // "Dokter yang menangani ibu saya, dr. Sinta"
	}
	start, end := p.nameAt(k, kindred)
	if start > k && p.punct(k-1, ",") && p.is(k, cTitle) && p.child(k-2) {
		return false // "ayah dari anak saya, Pak Burhan": nobody calls a child so
	}
	if start == end {
		acted := false
		for n := 1; n <= 4; n++ { // "anak saya nomor dua (Kevin)"
			acted = acted || p.acts(k+n-1)
			if p.punct(k+n, ".;!?") || p.at(k+n).newline {
				break
			}
			named := !acted && (p.lower(k+n) == "bernama" || p.lower(k+n) == "namanya")
			if !named && !p.punct(k+n, ",(:") {
				continue
			}
			if start, end = p.nameAt(k+n+1, capitals); start == k+n+1 && start < end && (named || p.closes(end)) {
				break
			}
			start, end = k, k
		}
	}
	if start == end {
		return p.namedLater(k)
	}
	if p.taken(start, end) {
		return false
	}
	p.takeName(RelativeName, start, end)
	p.alsoNamed(end)
	return true
}

// namedLater takes the name in "adik saya kerja di pabrik garmen, namanya Eka": nobody else may come between.
func (p *page) namedLater(k int) bool {
	for n := 1; n <= 12; n++ {
		if p.lower(k+n) == "namanya" && p.punct(k+n-1, ",") {
			return p.announceAs(RelativeName, k+n+1, known)
		}
		if p.opens(k+n) || p.is(k+n, cBoss|cRole|cTitle) || p.at(k+n).kind == 0 || p.lower(k+n) == "oleh" || p.lower(k+n) == "sama" || p.lower(k+n) == "dengan" {
			return false
		}
	}
	return false
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

// aboutOthers reports whether the sentence of token i begins with somebody by trade or office, so that a name behind a comma is theirs.
func (p *page) aboutOthers(i int) bool {
	for k := i - 1; k >= 0 && i-k < 12; k-- {
		if p.punct(k, ":") {
			return false
		}
		if p.opens(k) {
			return p.is(k, cRole|cBoss) && !p.is(k, cKin|cWitness|cSelf|cTitle) && !plainPeople(p.lower(k)) && !p.is(k+1, cSelf)
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
	case "calon":
		return false
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

// plainPeople reports whether a word of the lexicon's roles says nothing about whom: "orang", "korban".
func plainPeople(low string) bool {
	switch low {
	case "orang", "warga", "anggota", "korban", "korbannya", "saksi", "pelapor":
		return true
	}
	return false
}
