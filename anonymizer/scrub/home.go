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
	case "beralamat", "kediaman", "penghuni", "nempati", "menempati", "nengkene", "mukim", "kontrak", "sewa", "menyewa", "tempat", "griyo", "dumunung", "lives", "rent", "renting", "tinggalnya", "ngekosnya", "tinggal", "domisili", "berdomisili", "ngekos", "ngekost", "kos", "kost", "ngontrak", "menginap", "nginep", "nginap", "mengungsi", "ngungsi", "bertempat", "menetap", "mondok", "bermukim", "matuh", "manggon", "calik", "bumi", "linggih", "reside", "living", "live", "staying", "stay", "resident", "residing", "posisi", "numpang", "menumpang", "nyewa", "berumah", "serumah", "ngontrakin", "ditinggali", "huni", "menghuni", "ditempati", "tenant", "occupant", "dihuni", "nempatin", "nempatkan":
		if p.selfNear(i, 12) || p.is(i+1, cSelf) || p.with(i+1) || p.lower(i-1) == "sebagai" || p.lower(i-1) == "selaku" || (p.opens(i) || p.punct(i-1, ",;") && p.identifiedBefore(i)) && (p.lower(i+1) == "di" || p.lower(i+2) == "di") {
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
		if p.is(i-1, cSelf) && p.lower(i-1) != "kami" && p.lower(i-1) != "kita" && (p.is(i+1, cStreetHead) || p.lower(i+1) == "di") && p.houseNumber(i+1) {
			return p.pastTo(i + 1), false
		}
	case "kirim", "dikirim", "kirimkan", "dikirimkan", "antar", "diantar", "dialamatkan":
		if (p.lower(i+1) == "ke" || p.lower(i+1) == "kepada") && p.is(i+2, cStreetHead) && p.houseNumber(i+2) {
			return i + 2, false
		}
	case "surat":
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

// homeOfSelf takes the whole sentence "Saya di Jl. Tamansari No. 20."; where it goes on, the place is where something happened.
func (p *page) homeOfSelf(i int) {
	if !p.is(i, cSelf) || !p.opens(i) || p.lower(i+1) != "di" || !p.addressHead(i+2) {
		return
	}
	if end := p.addressEnd(i + 2); p.hasFigure(i+2, end) && (end >= len(p.tokens) || p.punct(end, ".!") || p.at(end).newline) {
		p.take(HomeAddress, i+2, end)
	}
}

// sends reports whether a word asks for an answer by post.
func sends(low string) bool {
	switch low {
	case "kirim", "dikirim", "kirimkan", "dikirimkan", "dialamatkan", "antar", "diantar", "datang":
		return true
	}
	return false
}

// homeInApposition takes the address in "Saya ikut terdampak langsung, Gang Mawar No. 3 RT 02.": a short sentence about the reporter,
// a comma, and an address with a number that ends the sentence.
func (p *page) homeInApposition(i int) {
	if !p.is(i, cSelf) || !p.opens(i) || p.lower(i) == "kami" || p.lower(i) == "kita" {
		return
	}
	for k, n := i+1, 0; n < 8; k, n = k+1, n+1 {
		if p.punct(k, ",") {
			if end := p.addressEnd(k + 1); p.addressHead(k+1) && p.hasFigure(k+1, end) && p.closes(end) && !p.punct(end, ",") {
				p.take(HomeAddress, k+1, end)
			}
			return
		}
		if t := p.at(k); t.kind != word || t.newline || t.capital {
			return
		}
		switch p.lower(k) {
		case "di", "ke", "lihat", "liat", "melihat", "lewat", "lapor", "melaporkan", "temukan", "menemukan", "melintas":
			return
		}
	}
}

// homeBefore takes the address that stands before "(rumah saya)" or ", itu rumah saya".
func (p *page) homeBefore(i int) {
	switch p.lower(i) {
	case "rumah", "kos", "kosan", "kontrakan", "alamat", "rmh", "rumahku", "kediaman":
	default:
		return
	}
	if !p.is(i+1, cSelf) && !p.is(i, cKu) || p.addressHead(p.pastTo(i+1)) {
		return
	}
	end := i
	for end > 0 && (p.punct(end-1, "(,-") || p.lower(end-1) == "itu" || p.lower(end-1) == "adalah") {
		end--
	}
	if end == i {
		return
	}
	start := -1
	for k := end - 1; k >= 0 && end-k < 24; k-- {
		if p.addressHead(k) && p.addressEnd(k) == end {
			start = k
		}
		if p.tokens[k].newline {
			break
		}
	}
	if start >= 0 && !p.taken(start, end) {
		p.take(HomeAddress, start, end)
	}
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

// homeAt takes the address at or shortly behind token k.
func (p *page) homeAt(k int, form bool) {
	near, found, lodging := false, false, -1
	for n := 0; n < homeReach && !found; n, k = n+1, k+1 {
		t := p.at(k)
		if t.kind == 0 || n > 0 && t.newline || p.punct(k, ";!?") || p.punct(k, ".") && !p.abbreviation(k) {
			return
		}
		switch p.lower(k) {
		case "melainkan", "tapi", "tetapi", "bukan", "lapor", "karena", "krn", "kalau":
			return
		}
		if lodging < 0 && t.kind == word && lodges(p.lower(k)) && (p.at(k+1).capital || p.is(k+1, cTitle)) {
			lodging = k
		}
		switch {
		case near: // "tinggal tidak jauh dari situ, Gang ...": only what follows the comma is the address
			near = !p.punct(k, ",(")
		case p.addressHead(k) && (n < 2 || p.punct(k-1, ",(") || p.lower(k) != "no" && p.lower(k) != "nomor"),
			t.kind == word && t.capital && (n == 0 || form || area(p.lower(k-1)) && p.hasFigure(k, p.addressEnd(k))) && t.class&(cStop|cMonth|cDay|cSelf|cOrg) == 0:
			if found = true; lodging >= 0 {
				k = lodging // "kontrakan Haji Mamat, Jl. Kemuning No. 9"
			}
			k--
		case t.kind == word && !form && !p.leadsHome(k):
			near = true
		}
	}
	if !found {
		return
	}
	if end := p.addressEnd(k); end > k+1 && p.numbered(k, end) && !p.allTaken(k, end) {
		p.take(HomeAddress, k, end)
	}
}

// lodges reports whether a word is a kind of lodging that bears a name.
func lodges(low string) bool {
	switch low {
	case "kos", "kost", "kosan", "kostan", "kontrakan", "mess", "asrama", "rusunawa", "rusun", "apartemen", "apartment", "wisma", "pondok", "griya":
		return true
	}
	return false
}

// area reports whether a word leads to a quarter rather than a street.
func area(low string) bool {
	return low == "daerah" || low == "wilayah" || low == "kawasan" || low == "sekitar"
}

// leadsHome reports whether the word at k may stand between "rumah saya" and the address.
func (p *page) leadsHome(k int) bool {
	switch p.lower(k) {
	case "di", "yang", "yg", "ada", "berada", "terletak", "yaitu", "yakni", "adalah", "persis", "tepat", "tepatnya", "itu", "ini", "sekarang", "skrg", "alamat", "alamatnya", "beralamat", "kontrakan", "kos", "rumah", "daerah", "wilayah", "kawasan", "sekitar", "sini", "the", "a", "room", "apartment", "at", "in", "on", "bersama", "keluarga", "sementara", "dulu", "sejak", "pas":
		return true
	}
	return p.is(k, cSelf|cKin|cDigit) || p.at(k).capital || lodges(p.lower(k))
}

func (p *page) allTaken(i, end int) bool {
	for ; i < end; i++ {
		if p.covered[i] == "" {
			return false
		}
	}
	return true
}

// names are the hits that are the reporter's name.
func (p *page) names() []int {
	var ends []int
	for i, kind := range p.covered {
		if kind == SelfName && (i+1 == len(p.covered) || p.covered[i+1] != SelfName) {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// homeBehindName takes the address that follows the reporter's name: "Saya, Chandra Halim, Wonokusumo Jaya XI/34", "abdi Dadang ti Kp. ...".
func (p *page) homeBehindName(k int) {
	if p.punct(k, ",(-/") && !p.at(k).newline {
		k++
	}
	if p.lower(k) == "warga" && (p.is(k+1, cStreet) && (p.lower(k+1) == "rt" || p.lower(k+1) == "desa" || p.lower(k+1) == "kelurahan" || p.lower(k+1) == "kel" || p.lower(k+1) == "kampung" || p.lower(k+1) == "kp")) {
		return // a neighbourhood is the place of many
	}
	switch p.lower(k) {
	case "dari", "ti", "saking", "warga", "alamat", "di", "posisi", "from", "of", "tinggal", "domisili", "asal":
		k++
		if p.lower(k) == "di" {
			k++
		}
	}
	if p.at(k).kind != word || p.taken(k, k+1) || p.at(k).newline && !(p.is(k, cStreetHead) && len(p.tokens)-k < longestClosing) {
		return
	}
	end := p.addressEnd(k)
	if end <= k+1 || !p.hasFigure(k, end) && !p.region(k) && p.at(end).kind == word && !p.at(end).capital && !p.at(end).newline {
		return // "Andreas. Jl. Kenari rusak": the place of the problem
	}
	if (p.hasFigure(k, end) || p.smallPlace(k)) && (p.addressHead(k) || p.at(k).capital && p.at(k).class&(cStop|cContact|cRole|numberCues) == 0 && !p.is(k, cOrg)) {
		p.take(HomeAddress, k, end)
	}
}
