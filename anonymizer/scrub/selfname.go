package scrub

import "strings"

// findSelfNames finds the reporter's name where the reporter gives it: "nama saya ...", "perkenalkan ...", "saya, ...", "pelapor: ...".
func findSelfNames(p *page) {
	accused := false
	for i := range p.awake(wName) {
		low := p.lower(i)
		accused = p.part(i, low, accused)
		switch {
		case names(low):
			p.afterName(i, accused)
		case introduces(low):
			p.afterIntroduction(i)
		case (low == "ini" || low == "dengan") && i < 8 && (p.opens(i) || low == "ini" && p.punct(i-1, ",") && i < 5):
			k := i + 1
			if low == "ini" && (p.lower(k) == "dengan" || p.lower(k) == "dari" || p.lower(k) == "sama") {
				k++
			}
			if p.is(k, cTitle) || p.is(k, cName) && p.at(k).capital {
				p.announceAs(SelfName, k, known)
			}
		case low == "this" && p.lower(i+1) == "is" || low == "call" && p.lower(i+1) == "me":
			p.announceAs(SelfName, i+2, capitals)
		case (low == "laporan" || low == "pengaduan" || low == "aduan" || low == "pesan" || low == "oleh") && (p.lower(i+1) == "dari" || low == "oleh" && p.punct(i+1, ":")):
			start, end := p.nameAt(i+2, capitals)
			if start < end && (p.contactFollows(end) || low == "oleh") && !p.taken(start, end) {
				p.takeName(SelfName, start, end)
			}
		case low == "oleh" && made(p.lower(i-1)) && (reports(p.lower(i-2)) || reports(p.lower(i-3))):
			p.announceAs(SelfName, i+1, capitals)
		case low == "pelapor" && p.punct(i+1, ",") && (p.lower(i-1) == "sebagai" || p.lower(i-1) == "selaku"):
			p.announceAs(SelfName, i+2, capitals)
		case (low == "data" || low == "identitas" || low == "biodata") && !accused && p.opens(i):
			if colon := p.colonBehind(i + 1); colon > 0 && !p.at(colon+1).newline {
				if start, end := p.nameAt(colon+1, capitals); start < end && p.closes(end) && !p.is(colon-1, cBoss) {
					p.announceAs(SelfName, colon+1, capitals)
				}
			}
		case (low == "pelapor" || low == "pemohon" || low == "pengadu") && p.opens(i) && p.at(i+1).capital:
			if start, end := p.nameAt(i+1, capitals); start == i+1 && end > start && petitions(p.lower(end)) {
				p.announceAs(SelfName, i+1, capitals)
			}
		case (low == "melaporkan" || low == "mengadukan" || low == "mengadu") && !p.punct(i+1, ":"):
			p.whoReports(i)
		case low == "alias" || low == "aka":
			for back := 1; back <= 2 && i >= back; back++ { // behind a name that is taken, or its comma
				if kind := p.covered[i-back]; kind == SelfName || kind == RelativeName {
					p.announceAs(kind, i+1, known)
					break
				}
			}
		case low == "bernama" && p.describesSelf(i):
			p.announceAs(SelfName, i+1, known)
		case low == "panggil" || low == "dipanggil" || low == "panggilan" || low == "disapa" || low == "bernama":
			p.afterCalled(i)
		case (low == "pelapor" || low == "reporter" || low == "pemohon" || low == "pengadu" || low == "pengirim" || low == "from" || low == "sender" || low == "dari" || low == "narasumber" || low == "pengusul" || low == "nasabah" || low == "pelanggan" || low == "pembuat" || low == "penulis" || low == "penyampai" || low == "pengaju" || low == "informan" || low == "melapor" || low == "melaporkan" || low == "mengadu" || low == "mengadukan" || low == "melaporkannya" || low == "keluarga" && p.lower(i-1) == "kepala") && p.punct(i+1, ":=-"):
			p.announce(SelfName, p.pastForm(i+2))
		case p.is(i, cSelf) && (p.lower(i+1) == "namanya" || p.lower(i+1) == "bernama" || p.lower(i+1) == "si") && !p.is(i-1, cKin|cBoss|cRole):
			p.announce(SelfName, p.pastFillers(i+2))
		case p.is(i, cSelf) && p.tokens[i].class&cKu == 0:
			p.afterSelf(i)
		}
	}
}

// made reports whether a word says that a report was drawn up.
func made(low string) bool {
	switch low {
	case "dibuat", "disampaikan", "ditulis", "dikirim", "dikirimkan", "disusun", "diajukan", "diadukan", "dilaporkan":
		return true
	}
	return false
}

// reports reports whether a word is the report itself.
func reports(low string) bool {
	switch low {
	case "laporan", "surat", "pengaduan", "aduan", "pesan", "keluhan", "keberatan", "permohonan":
		return true
	}
	return false
}

// describesSelf reports whether only a plain description of the reporter stands before "bernama" at i: "saya ibu rumah tangga bernama".
func (p *page) describesSelf(i int) bool {
	for k := i - 1; k >= 0 && k > i-6; k-- {
		t := p.tokens[k]
		if t.class&cSelf != 0 {
			return k < i-1 && p.is(k+1, cRole|cKin) || p.lower(k+1) == "seorang" || p.lower(k+1) == "yang" || p.lower(k+1) == "yg"
		}
		if t.kind != word || t.class&cStop != 0 && p.lower(k) != "seorang" && p.lower(k) != "yang" && p.lower(k) != "yg" || t.class == 0 && verbal(p.lower(k)) {
			return false
		}
	}
	return false
}

// part follows whether a form is in the part about the accused.
func (p *page) part(i int, low string, accused bool) bool {
	heading := p.opens(i) && (p.closes(i+1) || p.lower(i-1) == "identitas" || p.lower(i-1) == "data")
	switch low {
	case "terlapor", "tersangka", "terduga", "teradu":
		return heading || accused || p.lower(i-1) == "identitas" || p.lower(i-1) == "data"
	case "pelapor", "pengadu", "pemohon":
		if heading || p.lower(i-1) == "identitas" || p.lower(i-1) == "data" {
			return false
		}
	}
	return accused
}

// names reports whether a word means "name", in the languages of the reports.
func names(low string) bool {
	switch low {
	case "nama", "nm", "namaku", "name", "name's", "asma", "asmo", "jeneng", "jenengku", "wasta", "ngaran", "ngaranku", "nami", "aran", "namo", "aranku":
		return true
	}
	return false
}

// afterName follows "nama": of the reporter, of a relative, of a form, or of a card.
func (p *page) afterName(i int, accused bool) {
	form := p.opens(i) || p.punct(i-1, ",;(/|.-") || p.at(i-1).kind == number
	k, self := i+1, strings.HasSuffix(p.lower(i), "ku") || (p.lower(i) == "name" || p.lower(i) == "name's") && p.is(i-1, cSelf) ||
		p.is(i-2, cSelf) && (p.lower(i-1) == "pu" || p.lower(i-1) == "pe" || p.lower(i-1) == "pung" || p.lower(i-1) == "punya")
	for range 3 {
		switch p.lower(k) {
		case "lengkap", "asli", "panggilan", "pelapor", "pengadu", "pemohon", "terang", "jelas", "kecil":
			self = self || p.lower(k) == "pelapor" || p.lower(k) == "pengadu"
			k++
			continue
		}
		break
	}
	if p.is(k, cSelf) {
		self, k = true, k+1
	}
	if p.is(k, cKin) && !self && !p.punct(k-1, ":") {
		next := k + 1
		for n := 1; n <= 3; n++ { // "nama ibu kandung: ..."
			if p.punct(next+n, ":") && !p.at(next).capital {
				next += n
			}
		}
		for p.is(next, cSelf) || p.is(next, cKin) && !p.at(next).capital {
			next++
		}
		p.announceAs(RelativeName, p.pastFillers(next), capitals)
		return
	}
	switch {
	case self && p.closes(k) && !p.punct(k, ":=-,(\"") && p.nameBefore(i):
	case self:
		p.announce(SelfName, p.pastFillers(k))
	case p.punct(k, ":=-") && form && !accused:
		p.announce(SelfName, p.pastForm(k+1))
	case p.opens(i) && !accused && k == i+1 && p.at(k).capital:
		p.bareName(k)
	case p.lower(k) == "di" && (p.is(k+1, nCard|nNIK|nSIM|nPassport) || p.lower(k+1) == "stnk"):
		p.announceAs(SelfName, p.pastFillers(k+2), capitals)
	}
}

// nameBefore takes the name in "Pardi nama saya".
func (p *page) nameBefore(i int) bool {
	start := i
	for start > 0 && i-start < longestName && p.nameWord(start-1, capitals, 0) && p.covered[start-1] == "" && !p.tokens[start].newline {
		start--
	}
	if first, last := p.nameAt(start, capitals); start == i || first != start || last != i || !p.is(start, cName) {
		return false
	}
	p.takeName(SelfName, start, i)
	return true
}

// whoReports takes the name that begins a sentence in "Tri Handoko, warga Bulusari, melaporkan".
func (p *page) whoReports(i int) {
	open := i
	for open > 0 && i-open < 16 && !p.opens(open) {
		open--
		if p.is(open, cSelf|cBoss|cOrg) && !p.is(open, cTitle|cStreet) {
			return
		}
	}
	start, end := p.nameAt(open, capitals)
	if start < end && end <= i && p.opens(open) && (p.is(start, cName) || end-start > 1) && (end == i || p.punct(end, ",(")) {
		p.announceAs(SelfName, open, capitals)
	}
}

// bareName takes the name in "Nama Theresia Sagala umur 41 tahun", with neither "saya" nor a colon.
func (p *page) bareName(k int) {
	start, end := p.nameAt(k, capitals)
	if start == end || start != k && !p.is(k, cTitle) || !p.is(start, cName) && end-start < 2 {
		return
	}
	switch p.lower(end) {
	case "umur", "usia", "dari", "asal", "alamat", "tinggal", "warga", "nik", "hp", "wa", "ingin", "mau", "mohon", "pekerjaan", "domisili":
	default:
		if !p.punct(end, ",(") || p.is(end+1, cBoss) {
			return
		}
	}
	p.announceAs(SelfName, k, capitals)
}

// pastFillers skips what stands between a cue and a name.
func (p *page) pastFillers(k int) int {
	for range 6 {
		switch p.lower(k) {
		case "si", "adalah", "ialah", "yaitu", "yakni", "itu", "sih", "tuh", "is", "s", "nih", "ini", "atas", "bernama", "namanya", "an", "sendiri", "dengan", "pribadi", "nami", "nama", "teh", "mah", "sebut", "saja", "sebutlah":
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
	for start > 0 && !p.tokens[start].newline {
		k := start - 1
		if p.punct(k, ".") && p.tokens[k].glued && k > 0 {
			k--
		}
		if !p.is(k, cTitle) || p.tokens[k].kind != word || p.covered[k] != "" || p.is(k, cKin) && p.is(k+1, cSelf) {
			break
		}
		start = k
	}
	p.take(kind, start, p.pastDegrees(end))
}
