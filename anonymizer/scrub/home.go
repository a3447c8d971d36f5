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
	switch low := p.owned(i); low {
	case "beralamat", "kediaman", "penghuni", "nempati", "menempati", "nengkene", "mukim", "kontrak", "sewa", "menyewa", "tempat", "griyo", "dumunung", "lives", "rent", "renting", "tinggalnya", "ngekosnya", "tinggal", "domisili", "berdomisili", "ngekos", "ngekost", "kos", "kost", "ngontrak", "menginap", "nginep", "nginap", "mengungsi", "ngungsi", "bertempat", "menetap", "mondok", "bermukim", "matuh", "manggon", "calik", "bumi", "linggih", "reside", "living", "live", "staying", "stay", "resident", "residing", "posisi", "numpang", "menumpang", "nyewa", "berumah", "serumah", "ngontrakin", "ditinggali", "huni", "menghuni", "ditempati", "tidur", "bermalam", "tenant", "occupant", "dihuni", "nempatin", "nempatkan":
		if p.selfNear(i, 12) || p.is(i+1, cSelf) || p.with(i+1) || p.lower(i-1) == "sebagai" || p.lower(i-1) == "selaku" || (p.opens(i) || p.punct(i-1, ",;") && p.identifiedBefore(i)) && (p.lower(i+1) == "di" || p.lower(i+2) == "di" || low == "tinggal" && p.lower(i+1) == "dekat") {
			return p.pastTo(i + 1), false
		}
		if low == "beralamat" && p.identifiedBefore(i) {
			return p.pastTo(i + 1), true
		}
		if low == "domisili" || low == "tinggal" || low == "kos" {
			for n := 1; n <= 3 && (n == 1 || p.at(i+n-1).kind == word && !p.at(i+n-1).capital || p.lower(i+n-1) == "ktp"); n++ {
				if p.punct(i+n, ":") {
					return i + n + 1, true
				}
			}
		}
	case "kamar", "unit", "kamarku", "rumah", "rumahku", "omah", "griya", "imah", "kosan", "kontrakan", "kontrakanku", "kosku", "kosanku", "apartemen", "home", "house", "mess", "bumina", "rmh":
		if p.punct(i+1, ":") && p.addressHead(i+2) {
			return i + 2, true
		}
		if p.opens(i) && p.lower(i+1) == "di" || p.is(i+1, cKin) && !p.at(i+1).capital && p.lower(i+2) == "di" {
			return p.pastTo(i + 1), false
		}
		if p.is(i, cKu) || p.is(i+1, cSelf) || p.is(i+1, cKin) && p.is(i+2, cSelf) || p.lower(i+1) == "orang" && p.is(i+3, cSelf) || p.is(i-1, cSelf) && (p.lower(i-1) == "my" || p.lower(i-1) == "our") || low == "griya" && p.lower(i+1) == "wonten" {
			if p.lower(i+1) == "makan" {
				return 0, false
			}
			return p.pastTo(i + 1), false
		}
		if (p.lower(i-1) == "pemilik" || p.lower(i-1) == "penghuni") && p.is(i+1, cStreetHead) && p.selfNear(i, 3) {
			return i + 1, false
		}
		if p.lower(i-1) == "ke" && sends(p.lower(i-2)) && p.addressHead(i+1) && p.houseNumber(i+1) {
			return i + 1, false
		}
		if low == "rumah" && p.lower(i-1) == "dari" && p.punct(i+1, ",(") && p.selfNear(i, 6) {
			return i + 2, false
		}
		if low == "kosan" && p.is(i+1, cStreetHead) && p.selfNear(i, 6) {
			return i + 1, false
		}
		if p.lower(i-1) == "alamat" || (low == "rmh" || low == "rumah" || low == "kos") && p.is(i+1, cStreetHead) && p.identifiedBefore(i) {
			return p.pastTo(i + 1), true
		}
	case "alamat", "alamatku", "almt", "address", "alamate":
		if p.is(i, cKu) || p.is(i+1, cSelf) || p.lower(i-1) == "ke" && sends(p.lower(i-2)) || p.is(i-1, cSelf) && p.lower(i-1) == "my" || p.is(i+2, cSelf) && p.at(i+1).kind == word {
			return p.pastTo(i + 1), false
		}
		if p.punct(i+1, ":=") || p.lower(i+1) == "rumah" || p.lower(i+1) == "domisili" || p.lower(i+1) == "tinggal" || p.lower(i+1) == "lengkap" || p.lower(i+1) == "ktp" || p.lower(i+1) == "sekarang" || p.lower(i+1) == "sesuai" || p.lower(i+1) == "asal" || p.lower(i+1) == "di" {
			if p.lower(i-1) != "email" && (p.opens(i) || p.punct(i-1, ",;/|(") || p.at(i-1).kind == number) {
				return p.pastTo(i + 1), true
			}
			return 0, false
		}
		if p.is(i+1, cStreetHead) && p.punct(i-1, ",;") && (p.identifiedBefore(i) || p.selfNear(i, 6)) {
			return i + 1, true
		}
	case "warga", "anak", "orang":
		if p.is(i-1, cSelf) && p.lower(i-1) != "kami" && p.lower(i-1) != "kita" && (p.is(i+1, cStreetHead) || p.lower(i+1) == "di" || p.lower(i+1) == "asli") && p.houseNumber(i+1) {
			return p.pastTo(i + 1), false
		}
	case "kirim", "dikirim", "kirimkan", "dikirimkan", "antar", "diantar", "dialamatkan":
		if !p.is(i-1, cSelf) && (p.lower(i+1) == "ke" || p.lower(i+1) == "kepada") && p.is(i+2, cStreetHead) && p.houseNumber(i+2) {
			return i + 2, false
		}
	case "pindah":
		if p.lower(i+1) == "ke" && p.addressHead(i+2) {
			if end := p.addressEnd(i + 2); p.hasFigure(i+2, end) && (p.selfNear(i, 8) || p.punct(end, ",") && p.is(end+1, cSelf)) {
				return i + 2, false
			}
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
		case "bersama", "serumah", "satu", "ikut", "sama", "dengan", "dgn", "di", "d", "ada", "itu", "sekarang", "skrg", "saat", "ini", "wonten", "persis", "sendiri", "kebetulan", "adalah", "yaitu", "berada", "beralamat", "terletak", "petak", "dinas", "susun", "sewaan", "milik", "sesuai", "tepatnya", "rumah", "domisili", "tinggal", "lengkap", "at", "in", "is", "on", "ing", "sementara", "dulu", "now", "kakak", "kos", "teman", "saudara", "orang", "tua", "mertua", "temen", "ti", "ktp", "asli", "aslinya", "lokasi":
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
