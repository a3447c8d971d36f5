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
		case (low == "ini" || low == "dengan") && i < 8 && (p.opens(i) || p.punct(i-1, ",") && i < 5):
			k := i + 1
			if low == "ini" && (p.lower(k) == "dengan" || p.lower(k) == "dari" || p.lower(k) == "sama") {
				k++
			}
			if p.is(k, cTitle) || p.is(k, cName) && p.at(k).capital {
				p.announceAs(SelfName, k, known)
			}
		case low == "dari" && i <= 1 && p.is(i+1, cTitle):
			p.announceAs(SelfName, i+1, capitals) // "(dari Ibu Tuti, pensiunan)"
		case low == "this" && p.lower(i+1) == "is" || low == "call" && p.lower(i+1) == "me":
			p.announceAs(SelfName, i+2, capitals)
		case (low == "laporan" || low == "pengaduan" || low == "aduan" || low == "pesan" || low == "oleh") && (p.lower(i+1) == "dari" || low == "oleh" && p.punct(i+1, ":")):
			start, end := p.nameAt(i+2, capitals)
			if start < end && (p.contactFollows(end) || low == "oleh" || p.lower(i-1) == "ini" && p.closes(end)) && !p.taken(start, end) {
				p.takeName(SelfName, start, end)
			}
		case low == "oleh" && made(p.lower(i-1)) && (reports(p.lower(i-2)) || reports(p.lower(i-3))):
			p.announceAs(SelfName, i+1, capitals)
		case low == "pelapor" && p.punct(i+1, ",") && (p.lower(i-1) == "sebagai" || p.lower(i-1) == "selaku"):
			p.announceAs(SelfName, i+2, capitals)
		case (low == "data" || low == "identitas" || low == "biodata") && !accused && !p.is(i+1, cBoss) && p.lower(i+1) != "terlapor" && p.lower(i+1) != "teradu" && p.lower(i+1) != "tersangka" && p.lower(i+1) != "pelaku" && p.opens(i):
			if colon := p.colonBehind(i + 1); colon > 0 && !p.at(colon+1).newline {
				if start, end := p.nameAt(colon+1, capitals); start < end && p.closes(end) && !p.is(colon-1, cBoss) {
					p.announceAs(SelfName, colon+1, capitals)
				}
			}
		case (low == "pelapor" || low == "pemohon" || low == "pengadu") && p.opens(i) && p.at(i+1).capital:
			if start, end := p.nameAt(i+1, capitals); start == i+1 && end > start && petitions(p.lower(end)) {
				p.announceAs(SelfName, i+1, capitals)
			}
		case (low == "menulis" || low == "membuat" || low == "mengirim") && (p.lower(i-1) == "yang" || p.lower(i-1) == "yg") && reports(p.lower(i+1)):
			k := i + 2
			for p.lower(k) == "ini" || p.lower(k) == "adalah" || p.punct(k, ":") {
				k++
			}
			p.announceAs(SelfName, k, capitals)
		case low == "kita" && p.at(i+1).capital && p.is(i+1, cName) && !p.at(i+1).newline: // Manado's "I"
			p.announceAs(SelfName, i+1, capitals)
		case low == "disini" || low == "here" || low == "sini" && p.lower(i-1) == "di":
			if low == "sini" {
				i--
			}
			p.nameBefore(i)
		case low == "lapor" && p.punct(i+1, ":"): // "Bu Kokom, tukang jamu, lapor: ..."
			p.whoReports(i)
		case (low == "melaporkan" || low == "melapor" || low == "mengadukan") && p.lower(i-1) == "yang" && p.opens(i-1):
			if start, end := p.nameAt(i+1, capitals); start < end && p.punct(end, ",(") {
				p.announceAs(SelfName, i+1, capitals)
			}
		case (low == "lapor" || low == "melapor") && (p.lower(i-1) == "mau" || p.lower(i-1) == "ingin" || p.lower(i-1) == "hendak"):
			p.whoReports(i - 1)
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
		case low == "sebut" && p.lower(i+1) == "saja" && (p.is(i-1, cSelf) || p.punct(i-1, "(,") && p.is(i-2, cSelf) || p.is(i+2, cSelf)):
			p.announceAs(SelfName, p.pastFillers(i+1), capitals)
		case low == "panggil" || low == "dipanggil" || low == "panggilan" || low == "disapa" || low == "bernama":
			p.afterCalled(i)
		case (low == "pelapor" || low == "reporter" || low == "pemohon" || low == "pengadu" || low == "pengirim" || low == "from" || low == "sender" || low == "dari" || low == "narasumber" || low == "pengusul" || low == "nasabah" || low == "pelanggan" || low == "pembuat" || low == "penulis" || low == "penyampai" || low == "pengaju" || low == "informan" || low == "melapor" || low == "melaporkan" || low == "mengadu" || low == "mengadukan" || low == "melaporkannya" || low == "keluarga" && p.lower(i-1) == "kepala") && p.punct(i+1, ":=-"):
			mode := announced
			if accuses(low) || low == "melapor" || low == "dari" {
				mode = capitals // "yang melapor: pipa bocor"
			}
			if !p.announceAs(SelfName, p.pastForm(i+2), mode) {
				p.describedName(i + 2)
			}
		case p.is(i, cSelf) && (p.lower(i+1) == "namanya" || p.lower(i+1) == "bernama" || p.lower(i+1) == "si") && !p.is(i-1, cKin|cBoss|cRole):
			p.announce(SelfName, p.pastFillers(i+2))
		case p.is(i, cSelf) && p.tokens[i].class&cKu == 0:
			p.afterSelf(i)
		}
	}
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
		case "ktp", "sesuai", "lengkap", "asli", "panggilan", "pelapor", "pengadu", "pemohon", "terang", "jelas", "kecil":
			self = self || p.lower(k) == "pelapor" || p.lower(k) == "pengadu"
			k++
			continue
		}
		break
	}
	if p.is(k, cSelf) {
		self, k = true, k+1
	}
	if p.is(k, cKin) && !self && !p.punct(k-1, ":") && !(p.is(k, cNya) && p.lower(i-1) == "atas") {
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
	case self && p.lower(k) == "di" && p.is(k+1, nCard|nNIK|nSIM|nPassport|nKK):
		p.announceAs(SelfName, p.pastFillers(k+2), capitals) // "nama saya di paspor ..."
	case self && p.closes(k) && !p.punct(k, ":=-,(\"") && p.nameBefore(i):
	case self:
		p.announce(SelfName, p.pastFillers(k))
	case p.punct(k, ":=-") && form && !accused:
		p.announce(SelfName, p.pastForm(k+1))
	case p.opens(i) && !accused && k <= i+2 && p.at(k).capital:
		p.bareName(k)
	case k > i+1 && !accused && p.at(k).capital && (p.lower(k-1) == "asli" || p.lower(k-1) == "ktp") && p.person(i) >= 0:
		p.announceAs(SelfName, k, capitals)
	case k == i+1 && p.at(k).capital && p.punct(i-1, ",(") && p.kinNear(i): // "paspor anak (E1190239, nama Clarissa)"
		p.announceAs(RelativeName, k, capitals)
	case p.lower(k) == "di" && (p.is(k+1, nCard|nNIK|nSIM|nPassport) || p.lower(k+1) == "stnk" || p.lower(k+1) == "ijazah" || p.lower(k+1) == "akta" || p.lower(k+1) == "bpkb" || p.lower(k+1) == "kartu"):
		p.announceAs(SelfName, p.pastFillers(k+2), capitals)
	}
}
