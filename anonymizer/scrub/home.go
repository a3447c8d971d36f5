package scrub

import "strings"

// Bounds of the search for an address behind a cue, and of the address.
const (
	homeReach   = 8
	longestHome = 48
)

// findHomes finds where the reporter lives or stays: "saya tinggal di ...", "rumah kami ...", "alamat saya ...", and the address behind
// the reporter's name. The place of the problem stays.
func findHomes(p *page) {
	accused := false
	for i := range p.awake(wHome) {
		accused = p.part(i, p.lower(i), accused)
		p.homeBefore(i)
		p.homeInApposition(i)
		p.homeOfSelf(i)
		if k, form := p.homeCue(i); k > 0 && !(form && accused) {
			p.homeAt(k, form)
		}
	}
	if len(p.hits) > 0 {
		for _, h := range p.names() {
			p.homeBehindName(h)
		}
	}
}

// homeCue reads a cue at token i; the address may begin at k. form: a labelled line.
func (p *page) homeCue(i int) (k int, form bool) {
	if p.is(i, cLives) {
		if k, form = p.livesCue(i); k > 0 {
			return k, form
		}
	}
	if p.is(i, cDwelling) {
		return p.dwellingCue(i)
	}
	switch p.owned(i) {
	case "alamat", "almt", "address", "alamate":
		return p.addressLabel(i)
	case "warga", "anak", "orang":
		if p.is(i-1, cSelf) && p.lower(i-1) != "kami" && p.lower(i-1) != "kita" && (p.is(i+1, cStreetHead) || p.lower(i+1) == "di" || p.lower(i+1) == "asli") && p.houseNumber(i+1) {
			return p.pastTo(i + 1), false
		}
	case "kirim", "dikirim", "kirimkan", "dikirimkan", "antar", "diantar", "dialamatkan":
		if !p.is(i-1, cSelf) && (p.lower(i+1) == "ke" || p.lower(i+1) == "kepada") && p.is(i+2, cStreetHead) && p.houseNumber(i+2) {
			return i + 2, false
		}
	case "surat":
		if sends(p.lower(i-1)) && p.is(i-2, cSelf) {
			return 0, false // "saya kirim surat ke ...": to an office
		}
		if p.lower(i+1) == "balasan" || p.lower(i+1) == "jawaban" || p.lower(i+1) == "undangan" {
			i++
		}
		if p.lower(i+1) == "ke" && p.is(i+2, cStreetHead) && p.lower(i+2) != "kelurahan" && p.lower(i+2) != "desa" {
			return i + 2, false
		}
	}
	return 0, false
}

// livesCue reads "tinggal", "ngekos", "staying": the reporter's when the reporter is spoken of before, or nobody else is.
func (p *page) livesCue(i int) (k int, form bool) {
	low := p.owned(i)
	leads := p.addressHead(p.pastTo(i+1)) || p.lower(i+1) == "di" || p.lower(i+2) == "di" || p.lower(i+1) == "at" || p.lower(i+1) == "to" || p.lower(i+1) == "dekat"
	switch {
	case p.lower(i-1) == "yang" && !p.selfNear(i, 4) || low == "pindah" && !p.hasFigure(p.pastTo(i+1), p.addressEnd(p.pastTo(i+1))):
		return 0, false
	case p.selfNear(i, 12), p.is(i+1, cSelf), p.with(i + 1), p.lower(i-1) == "sebagai", p.lower(i-1) == "selaku",
		(p.opens(i) || p.punct(i-1, ",;")) && p.identifiedBefore(i) && (leads || low == "tinggal" && p.lower(i+1) == "dekat"),
		leads && (p.houseNumbered(i+1) || (low == "tinggal" || low == "domisili") && p.opens(i) && p.twoHeads(p.pastTo(i+1))) && p.residentSelf(i):
		return p.pastTo(i + 1), false
	case low == "beralamat" && p.identifiedBefore(i):
		return p.pastTo(i + 1), true
	}
	if low == "domisili" || low == "tinggal" || low == "kos" {
		for n := 1; n <= 3 && (n == 1 || p.at(i+n-1).kind == word && !p.at(i+n-1).capital || p.lower(i+n-1) == "ktp"); n++ {
			if p.punct(i+n, ":") {
				return i + n + 1, true
			}
		}
	}
	return 0, false
}

// residentSelf reports whether it is the reporter who lives there: spoken of last, or first behind it, or nobody is.
func (p *page) residentSelf(i int) bool {
	switch p.lower(i) {
	case "kontrak", "sewa", "tempat", "posisi", "kamar", "unit", "rent", "pindah":
	default:
		if p.opens(i) {
			return !p.accusedBefore(i)
		}
	}
	if who := p.person(i); who != 0 {
		return who > 0
	}
	for n := 1; n < 24; n++ {
		if p.is(i+n, cSelf) {
			return true
		}
		if p.punct(i+n, ".!?") && p.opens(i+n+1) {
			break
		}
	}
	return (p.opens(i) || p.punct(i-1, ",;")) && p.lower(i) != "pindah"
}

// accusedBefore reports whether the sentence before token i is plainly about the accused.
func (p *page) accusedBefore(i int) bool {
	for k := i - 1; k >= 0 && i-k < personReach; k-- {
		switch p.lower(k) {
		case "pelaku", "pelakunya", "oknum", "terlapor", "tersangka", "dia", "orangnya", "penipu", "calo", "he", "she", "ia", "mereka":
			return true
		}
		if p.is(k, cSelf) || p.covered[k] == SelfName {
			return false
		}
	}
	return false
}

// dwellingCue reads "rumah saya", "my house", "kita pe rumah", "rumah: ...", and a bare "rumah di ..." where the reporter is spoken of.
func (p *page) dwellingCue(i int) (k int, form bool) {
	low := p.owned(i)
	switch {
	case p.lower(i+1) == "makan" || p.lower(i+1) == "sakit", p.is(i, cNya) && p.punct(i-1, ",") && !p.opens(i) && p.aboutAccused(i):
		return 0, false
	case p.punct(i+1, ":") && p.addressHead(i+2):
		return i + 2, true
	case p.opens(i) && p.lower(i+1) == "di", p.is(i+1, cKin) && !p.at(i+1).capital && p.lower(i+2) == "di":
		return p.pastTo(i + 1), false
	case p.is(i, cKu), p.is(i+1, cSelf), p.is(i+1, cKin) && p.punct(i+2, "(") && p.taken(i+3, i+4), p.is(i+1, cKin) && p.is(i+2, cSelf), p.lower(i+1) == "orang" && p.is(i+3, cSelf),
		p.lower(i-1) == "my", p.lower(i-1) == "our", owns(p.lower(i - 1)), low == "griya" && p.lower(i+1) == "wonten":
		return p.pastTo(i + 1), false
	case (p.lower(i-1) == "pemilik" || p.lower(i-1) == "penghuni") && p.is(i+1, cStreetHead) && p.selfNear(i, 3):
		return i + 1, false
	case p.lower(i-1) == "ke" && sends(p.lower(i-2)) && p.addressHead(i+1) && p.houseNumber(i+1):
		return i + 1, false
	case low == "rumah" && p.lower(i-1) == "dari" && p.punct(i+1, ",(") && p.selfNear(i, 6):
		return i + 2, false
	case low == "kosan" && p.is(i+1, cStreetHead) && p.selfNear(i, 6):
		return i + 1, false
	case p.lower(i-1) == "alamat", (low == "rmh" || low == "rumah" || low == "kos") && p.is(i+1, cStreetHead) && p.identifiedBefore(i):
		return p.pastTo(i + 1), true
	case p.opens(i) || p.punct(i-1, ",;(") || p.punct(i+1, "("): // "kantor saya di ..., rumah di Jl. Nangka No. 6"
		k = p.pastTo(i + 1)
		if p.is(k, cTitle) && !p.at(k).capital {
			k++ // "rumah cik"
		}
		if t := p.at(k); t.kind == word && !t.capital && t.class&^cCommon == 0 && !p.addressHead(k) && p.lower(k+1) == "di" {
			k += 2 // "rumah gedek di"
		}
		if end := p.addressEnd(k); (p.addressHead(k) || p.placeHead(k)) && p.hasFigure(k, end) && (p.person(i) > 0 || p.lower(i+1) == "pribadi" || p.opens(i) && p.closes(end) && !p.punct(end, ",") || p.punct(i+1, "(")) {
			return k, false
		}
	}
	return 0, false
}

// aboutAccused reports whether the sentence of token i begins with somebody who is no relative and speaks of nobody else: "Bandarnya Ucup, rumahnya ...".
func (p *page) aboutAccused(i int) bool {
	for k := i - 1; k >= 0 && i-k < 12; k-- {
		if p.is(k, cSelf|cKin) || p.covered[k] == RelativeName || p.covered[k] == SelfName {
			return false
		}
		if p.tokens[k].opening {
			return true
		}
	}
	return false
}

// owns reports whether a word makes what follows it somebody's in the Malay of the east: "sa pu rumah".
func owns(low string) bool { return low == "pu" || low == "pe" || low == "pung" }

// addressLabel reads "alamat saya", "alamat rumah:", "alamat pelapor ...", not "alamat TKP".
func (p *page) addressLabel(i int) (k int, form bool) {
	if p.lower(i-1) == "email" {
		return 0, false
	}
	if p.is(i, cKu) || p.is(i+1, cSelf) || p.lower(i-1) == "ke" && sends(p.lower(i-2)) || p.lower(i-1) == "my" || p.is(i+2, cSelf) && p.at(i+1).kind == word {
		return p.pastTo(i + 1), false
	}
	labels := p.opens(i) || p.punct(i-1, ",;/|(") || p.at(i-1).kind == number
	switch p.lower(i + 1) {
	case "rumah", "domisili", "tinggal", "lengkap", "ktp", "sekarang", "sesuai", "asal", "di", "surat", "pelapor", "pengadu", "pemohon", "korban", "kos", "kontrakan":
		if labels {
			return p.pastTo(i + 1), true
		}
		return 0, false
	}
	if p.punct(i+1, ":=") {
		if labels {
			return p.pastTo(i + 1), true
		}
		return 0, false
	}
	if (p.is(i+1, cStreetHead) || p.lower(i+1) == "br" || p.placeHead(i+1)) && p.punct(i-1, ",;") && (p.identifiedBefore(i) || p.selfNear(i, 6)) {
		return i + 1, true
	}
	return 0, false
}

// owned is the word at i without an -ku that says whose it is.
func (p *page) owned(i int) string {
	if p.is(i, cKu) {
		return strings.TrimSuffix(p.lower(i), "ku")
	}
	return p.lower(i)
}

// sends reports whether a word asks for an answer by post.
func sends(low string) bool {
	switch low {
	case "kirim", "dikirim", "kirimkan", "dikirimkan", "dialamatkan", "antar", "diantar", "datang":
		return true
	}
	return false
}

// identifiedBefore reports whether something that identifies stands shortly before, in the same line.
func (p *page) identifiedBefore(i int) bool {
	for n := 1; n <= 30 && i-n >= 0 && !p.tokens[i-n+1].newline; n++ {
		if k := p.covered[i-n]; k != "" {
			return true
		}
	}
	return false
}

// selfNear reports whether the reporter is spoken of within reach words before token i, in the same sentence.
func (p *page) selfNear(i, reach int) bool {
	words := 0
	for k := i - 1; k >= 0 && i-k < lookBack && words < reach; k-- {
		if p.tokens[k].kind == word {
			words++
			if p.tokens[k].class&cSelf != 0 || p.covered[k] == SelfName || writer(p.lower(k)) {
				return true
			}
			if p.tokens[k].class&cBoss != 0 {
				return false
			}
		}
		if p.opens(k) {
			return false
		}
	}
	return false
}

// with reports whether "serumah dengan saya" or "sama keluarga saya" begins at token k.
func (p *page) with(k int) bool {
	for n := 0; n < 4; n++ {
		switch p.lower(k + n) {
		case "bersama", "dengan", "dgn", "sama", "serumah", "satu", "rumah", "ikut":
		default:
			return n > 0 && (p.is(k+n, cSelf) || p.is(k+n, cKin) && p.is(k+n+1, cSelf))
		}
	}
	return false
}

// writer reports whether a word is what a form calls the reporter.
func writer(low string) bool {
	return low == "pelapor" || low == "pengirim" || low == "pemohon" || low == "penulis" || low == "pengadu"
}

// pastTo skips "saya", "sekarang", "di", "itu" and the like before an address.
func (p *page) pastTo(k int) int {
	for range 6 {
		switch p.lower(k) {
		case "bersama", "serumah", "satu", "ikut", "sama", "to", "ke", "warisan", "pribadi", "surat", "korban", "pelapor", "pengadu", "pemohon", "tingga", "ya", "dengan", "dgn", "di", "d", "ada", "itu", "sekarang", "skrg", "saat", "ini", "wonten", "persis", "sendiri", "kebetulan", "adalah", "yaitu", "berada", "beralamat", "terletak", "petak", "dinas", "susun", "sewaan", "milik", "sesuai", "tepatnya", "rumah", "domisili", "tinggal", "lengkap", "at", "in", "is", "on", "ing", "sementara", "dulu", "now", "kakak", "kos", "teman", "saudara", "orang", "tua", "mertua", "temen", "ti", "ktp", "asli", "aslinya", "lokasi":
			k++
			continue
		}
		if p.is(k, cSelf) || p.is(k, cKin) && !p.at(k).capital || p.punct(k, ":=,(") {
			k++
			continue
		}
		break
	}
	return k
}
