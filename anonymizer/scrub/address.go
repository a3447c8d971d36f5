package scrub

func (p *page) hasFigure(i, end int) bool {
	for ; i < end; i++ {
		if p.tokens[i].kind == number {
			return true
		}
	}
	return false
}

// smallPlace reports whether token k begins the name of a hamlet, lane or housing estate, which a name before it makes a home.
func (p *page) smallPlace(k int) bool {
	switch p.lower(k) {
	case "jl", "jalan", "jln", "gg", "gang", "perum", "perumahan", "komplek", "komp", "dusun", "dsn", "dk", "dukuh", "kp", "kampung", "lorong", "lr", "asrama", "blok", "jorong", "lembur", "grumbul", "apartemen", "cluster", "klaster":
		return true
	}
	return false
}

// houseNumber reports whether "No. 5" stands within the words from i on, in the same clause.
func (p *page) houseNumber(i int) bool {
	for k := i; k < i+14 && k < len(p.tokens); k++ {
		if (p.lower(k) == "no" || p.lower(k) == "nomor") && (p.at(k+1).kind == number || p.at(k+2).kind == number) {
			return true
		}
		if p.punct(k, ";!?") || p.punct(k, ".") && !p.abbreviation(k) {
			return false
		}
	}
	return false
}

// addressHead reports whether an address can begin at token k.
func (p *page) addressHead(k int) bool {
	t := p.at(k)
	if t.kind != word || t.class&cStreetHead == 0 {
		return false
	}
	next := p.at(k + 1)
	if p.punct(k+1, ".") {
		next = p.at(k + 2)
	}
	if !t.capital && next.kind == word && !next.capital && p.lowerStreet(k+1, k+1) {
		return true
	}
	return next.kind == number || next.kind == word && (next.capital || next.class&cStreet != 0 || !t.capital && next.class&(cCommon|cStop) == 0) || t.end-t.start <= 3 && next.kind != 0
}

// numbered reports whether an address says more than a region.
func (p *page) numbered(i, end int) bool {
	heads, words := 0, 0
	for ; i < end; i++ {
		if p.tokens[i].kind == number || p.is(i, cStreetHead) {
			heads++
		}
		if p.tokens[i].kind == word {
			words++
		}
	}
	return heads > 0 && words > 0 || words >= 2
}

// addressEnd walks over the words, figures and commas of an address.
func (p *page) addressEnd(k int) int {
	end, comma := k, 0
	for n := 0; n < longestHome && k < len(p.tokens); n++ {
		t := p.tokens[k]
		if n > 0 && t.newline && !p.is(k, cStreet) {
			break
		}
		if p.covered[k] != "" && p.covered[k] != SelfName && p.covered[k] != RelativeName {
			break
		}
		switch {
		case t.kind == number:
			end = k + 1
		case t.kind == word && p.addressWord(k, end):
			end = k + 1
		case p.punct(k, ".") && (p.abbreviation(k) || t.glued && p.at(k+1).glued && p.at(k+1).kind == number):
		case p.punct(k, ".") && t.glued && p.at(k-1).capital && p.at(k-1).end-p.at(k-1).start <= 3 && p.at(k-1).kind == word && !p.at(k-1).glued && p.at(k+1).capital && !p.at(k+1).newline: // "Jl. Abd. Dg. Sirua"
		case p.punct(k, "/-") && t.glued && p.at(k+1).glued:
		case p.punct(k, ",") && p.addressGoesOn(k+1) && p.is(k+1, cStreetHead):
			comma = end
		case p.punct(k, ",") && (p.addressGoesOn(k+1) || t.glued && p.at(k+1).glued && p.at(k+1).kind == number && p.at(k-1).kind == number):
		case p.punct(k, "()") && p.is(k+1, cStreet):
		case p.punct(k, ",") && p.landmark(k+1) > 0: // "Jalan Nelayan, dekat surau, nomor 3"
			k = p.landmark(k+1) - 1
			end = k + 1
		default:
			return p.cutBack(end, comma)
		}
		k++
	}
	return p.cutBack(end, comma)
}

// landmark reads "belakang Gereja Maranatha, rumah nomor 4" at token k, and gives where it ends; 0 if no house number follows.
func (p *page) landmark(k int) int {
	switch p.lower(k) {
	case "belakang", "dekat", "depan", "samping", "sebelah", "seberang", "tukangeun", "gigireun", "near", "behind":
	default:
		return 0
	}
	for n := 1; n < 9; n++ {
		if p.at(k+n).kind == number && p.is(k+n-1, nNumber) {
			return k + n + 1
		}
		if n > 1 && p.closes(k+n) && p.at(k+1).capital && !p.punct(k+n, ",") {
			return k + n
		}
		if t := p.at(k + n); t.kind != word && !p.punct(k+n, ",.") || t.newline || p.punct(k+n, ".") && p.opens(k+n+1) || p.is(k+n, cSelf) {
			return 0
		}
	}
	return 0
}

// cutBack ends an address at its last comma where what follows is a street without a number in the middle of a sentence: the place of
// the problem, as in "tinggal di Bandung, Jalan Riau macet".
func (p *page) cutBack(end, comma int) int {
	if comma > 0 && p.is(comma+1, cStreetHead) && !p.region(comma+1) && !p.hasFigure(comma, end) && !p.closes(end) && p.at(end).kind == word && !p.at(end).capital {
		return comma
	}
	return end
}

// region reports whether the word at k names a village or a part of a town rather than a street.
func (p *page) region(k int) bool {
	switch p.lower(k) {
	case "gampong", "kel", "kelurahan", "desa", "ds", "dusun", "dsn", "nagari", "jorong", "banjar", "kampung", "kp", "komplek", "kompleks", "perum", "perumahan":
		return true
	}
	return false
}

// addressWord reports whether the word at k belongs to an address that so far ends before end.
func (p *page) addressWord(k, end int) bool {
	t := p.tokens[k]
	if t.glued && k > 0 && p.tokens[k-1].kind == number { // 3A, 27b, 15rb
		return t.end-t.start <= 2 && (t.class&cUnit == 0 || t.shout || t.capital)
	}
	if t.class&cStreet != 0 || t.shout && t.end-t.start == 2 && p.at(k+1).kind == number {
		return true
	}
	if t.capital {
		if before := k - 1; p.is(before, cStreetHead) || p.punct(before, ".") && p.is(before-1, cStreetHead) {
			return t.class&(cSelf|cContact|nPhone) == 0 // "Gg. Keluarga"
		}
		inside := p.at(k-1).capital && k > 0 && p.tokens[k-1].kind == word
		return t.class&(cStop|cSelf|cMonth|cDay|cContact|nPhone|nNIK|nKK|nBPJS) == 0 || t.end-t.start == 1 ||
			inside && t.class&(cSelf|cContact|nPhone) == 0 && t.class&(cMonth|cDay|cDigit) != 0
	}
	switch p.lower(k) {
	case "dalam", "dlm", "atas", "bawah", "barat", "timur", "utara", "selatan", "tengah", "lama", "baru", "raya", "km", "kidul", "lor", "kulon", "wetan", "kaler", "putri", "putra", "pria", "wanita":
		return true
	}
	return p.lowerStreet(k, end)
}

// lowerStreet reports whether the lower-case word at k is the name of a street written in lower case: a part of an address stands
// before it, and a figure or another part follows within four words ("gang masjid al hidayah no 7").
func (p *page) lowerStreet(k, end int) bool {
	if k == 0 || end == 0 || p.is(k, cSelf|cStop&^cDigit) && !p.is(k, cDigit) {
		return false
	}
	before := p.tokens[end-1]
	if before.kind != word || before.capital && before.class&cStreet == 0 {
		return false
	}
	for n := 1; n <= 4; n++ {
		t := p.at(k + n)
		if t.newline || t.kind == 0 || p.punct(k+n, ".,;!?") {
			return n == 1 && before.class&cStreet != 0 && p.tokens[k].class&(cCommon|cUnit) == 0
		}
		if t.kind == number || t.class&cStreet != 0 {
			return true
		}
		if t.class&(cSelf|cStop) != 0 {
			return n == 1 && before.class&cStreet != 0 && p.tokens[k].class&(cCommon|cUnit) == 0
		}
	}
	return false
}

// addressGoesOn reports whether the address goes on behind a comma: with a part of an address, or a place name that ends there.
func (p *page) addressGoesOn(k int) bool {
	t := p.at(k)
	if t.newline {
		return false
	}
	if t.kind == word && t.class&cStreet != 0 {
		return t.class&cContact == 0 || p.at(k+1).kind == number && p.at(k+1).end-p.at(k+1).start <= 4 || p.punct(k+1, ".") && p.at(k+2).kind == number && p.at(k+2).end-p.at(k+2).start <= 4
	}
	if t.kind != word || !t.capital || t.class&(cStop|cContact|cSelf|cKin|cTitle|cRole|cMonth|cDay) != 0 {
		return false
	}
	for n := 1; n <= 3; n++ {
		if p.closes(k + n) {
			return true
		}
		if next := p.at(k + n); next.kind != word || !next.capital {
			return false
		}
	}
	return false
}
