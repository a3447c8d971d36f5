package scrub

// introduces reports whether a word announces that somebody says who they are.
func introduces(low string) bool {
	switch low {
	case "perkenalkan", "kenalkan", "kenalin", "perkenalkeun", "nepangkeun", "tepangkeun", "tepangaken", "introducing", "introduce", "kenalaken":
		return true
	}
	return false
}

// afterIntroduction follows "perkenalkan".
func (p *page) afterIntroduction(i int) {
	k := i + 1
	for range 5 {
		switch p.lower(k) {
		case "nama", "deui", "sim", "kuring", "diri", "myself", "dulu", "dl", "name", "is", "nami", "min", "kak", "ya", "i", "am", "m":
			k++
			continue
		}
		if p.is(k, cSelf) || p.punct(k, ",:'") {
			k++
			continue
		}
		break
	}
	if (p.at(k).capital || p.is(k, cName) || p.is(k, cTitle)) && p.announceAs(SelfName, k, known) {
		return
	}
	for n := 1; n <= 8; n++ { // "perkenalkan, saya warga baru di sini, Budi"
		if p.punct(k+n, ".;!?") || p.is(k+n, cOrg|cStreet) {
			return
		}
		start, end := p.nameAt(k+n, capitals)
		if start == k+n && start < end && p.ends(end) && (p.is(start, cName) || end-start > 1) {
			p.announceAs(SelfName, start, capitals)
			return
		}
	}
}

// afterCalled follows "panggil saja saya ..." and "saya biasa dipanggil ...".
func (p *page) afterCalled(i int) {
	k := i + 1
	self := false
	for back := 4; back <= 10 && i >= back && !p.opens(i-back+1); back++ { // "nama asli Sarmili, tapi orang panggil Mili"
		self = self || p.covered[i-back] == SelfName
	}
	for back := 1; back <= 3; back++ {
		if p.is(i-back, cSelf) || i >= back && p.covered[i-back] == SelfName {
			self = true
		}
		if p.lower(i) == "bernama" && p.is(i-back, cRole|cBoss) && p.opens(i-back) {
			return // "Petugas Dinsos bernama Wiwit"
		}
		if p.is(i-back, cKin|cBoss) && self || p.is(i-back, cRole) && !self && p.lower(i) == "bernama" {
			return // "dipalak preman bernama Jeki"
		}
	}
	for range 4 {
		switch p.lower(k) {
		case "aja", "saja", "sj", "dengan", "nama", "akrab", "adalah":
			k++
			continue
		}
		if p.is(k, cSelf) {
			self = true
			k++
			continue
		}
		if p.punct(k, ":,\"'") {
			k++
			continue
		}
		break
	}
	_, end := p.nameAt(k, capitals)
	if self || (k > i+1 || p.lower(end) == "aja" || p.lower(end) == "saja") && (p.opens(i) || p.punct(i-1, ",")) && p.person(i) >= 0 { // "panggil aja Gento"
		p.announceAs(SelfName, k, announced)
	}
}

// afterSelf follows "saya" where it stands for the reporter alone, not in "rumah saya" or "atasan saya".
func (p *page) afterSelf(i int) {
	if p.lower(i+1) == "sendiri" && p.punct(i+2, ":") { // "ketua rombongan saya sendiri: ..."
		p.announceAs(SelfName, i+3, capitals)
		return
	}
	if p.punct(i+1, ":") && !p.is(i-1, cKin|cBoss|cRole|cContact|numberCues) { // "temui saya: ..."
		if start, end := p.nameAt(i+2, capitals); start == i+2 && start < end && p.closes(end) && !p.taken(start, end) {
			p.takeName(SelfName, start, end)
			return
		}
	}
	if !p.standsAlone(i) {
		return
	}
	k := i + 1
	low := p.lower(i)
	if low == "i'm" || low == "im" {
		p.announceAs(SelfName, k, capitals)
		return
	}
	if low == "i" && p.punct(k, ",") {
		p.announceAs(SelfName, k+1, capitals) // "I, Hans Muller, ..."
		return
	}
	if low == "i" || low == "my" || low == "me" || low == "mine" || low == "our" {
		if low != "i" || p.lower(k) != "am" && !(p.punct(k, "'") && p.lower(k+1) == "m") && p.lower(i+1) != "m" {
			return
		}
		for p.lower(k) == "am" || p.lower(k) == "m" || p.punct(k, "',") {
			k++
		}
		p.announceAs(SelfName, k, capitals)
		return
	}
	if p.punct(i-1, "(") && p.punct(k, ")") && p.nameBefore(i-1) { // "Eko Prasetyo (saya)"
		return
	}
	if p.punct(k, ",") && p.aboutOthers(i) && !p.is(i-1, cStop) {
		return // "Tetangga depan rumah saya, Ko Hendrik"
	}
	if p.lower(k) == "atas" && p.lower(k+1) == "nama" {
		p.announceAs(SelfName, k+2, capitals)
		return
	}
	direct := true
	for range 6 {
		switch p.lower(k) {
		case "selaku", "sebagai", "si", "dengan", "ialah", "here", "ini", "adalah", "yg", "yang", "bertanda", "berdua", "bertiga", "berempat", "sekeluarga", "pasutri", "tangan", "dibawah", "bawah", "di", "pribadi", "sendiri", "pelapor", "saksi", "bernama", "warga", "teh", "nami", "wasta", "asmane":
			direct = direct && p.lower(k) != "di"
			k++
			continue
		}
		break
	}
	for p.punct(k, ",:(-=\"") && !p.at(k).newline {
		k++
	}
	if p.tokens[min(k, len(p.tokens)-1)].newline && !p.punct(k-1, ":,") {
		return
	}
	mode := capitals
	if p.is(k, cTitle) || k == i+1 {
		mode = known
	}
	if direct && p.announceAs(SelfName, k, mode) {
		if low == "kami" || low == "kita" { // "kami, Rosa dan Edward"
			for k < len(p.tokens) && p.covered[k] == SelfName {
				k++
			}
			p.alsoNamed(k)
		}
		return
	}
	if direct && k == i+1 && p.lowName(k) {
		p.take(SelfName, k, k+1)
		return
	}
	p.apposition(i)
}

// standsAlone reports whether the word of self at i owns nothing before it.
func (p *page) standsAlone(i int) bool {
	if i == 0 || p.opens(i) || p.tokens[i-1].kind == mark {
		return true
	}
	if p.is(i-1, cOwned) && p.punct(i+1, ",") || p.is(i-1, cStop) && !p.is(i-1, cContact|cRole|cKin|numberCues) && p.punct(i+1, "(") {
		return true // "itu milik saya, Dwi Hastuti."
	}
	switch p.lower(i - 1) {
	case "pelapornya", "pengirimnya", "penulisnya", "pengadunya", "pemohonnya":
		return true
	}
	if p.tokens[i-1].kind == number { // "anak2 saya", "kelas 5 saya"
		return false
	}
	if p.is(i-1, cKin|cBoss|cVehicle|cStreet|cContact|cRole|cOwned|numberCues|cUnit) && !p.is(i-1, nPhone) {
		return p.is(i-1, cTitle) && (i == 1 || p.opens(i-1))
	}
	switch p.lower(i - 1) {
	case "perkenankan", "adalah", "ialah", "izinkan", "ijinkan", "yaitu", "yakni", "termasuk", "bersama", "atas", "sebut", "cuma", "hanya", "btw", "jadi", "yang", "yg", "dengan", "dgn", "hubungi", "hub", "kontak", "panggil", "ini", "sama", "oleh", "ke", "kepada", "cari", "bahwa", "sbb", "min", "kak", "admin", "kang", "gan", "bang", "mas", "mbak", "pak", "bu", "hormat", "halo", "hai", "pagi", "siang", "sore", "malam", "assalamualaikum", "izin", "punten", "maaf", "dari", "sekian", "makasih", "thanks", "ya", "dan", "and", "am", "hello", "hi", "deui", "kami", "saya", "an", "n", "yth", "kenalkan", "perkenalkan", "tuh", "nih", "demikian", "permisi", "kulonuwun", "sampurasun", "ngalaporkeun", "dong", "sih", "karena", "krn":
		return true
	}
	// After any other word only what is surely a name: "oleh saya Rina", but "kota saya Bandung".
	k := i + 1
	if p.lower(k) == "sendiri" || p.lower(k) == "si" {
		k++
	}
	if k > i+1 && p.at(k).capital && p.at(k).class == 0 {
		return true
	}
	start := p.opens(i-1) && p.lower(i-1) != "menurut" && p.lower(i-1) != "kata" && p.lower(i-1) != "bagi"
	if start && (p.lower(k) == "ini" || p.lower(k) == "teh" || p.lower(k) == "adalah") {
		k++
	}
	if _, end := p.nameAt(k, known); !p.ends(end) && !start {
		return false
	}
	return p.is(k, cTitle) && (p.at(k+1).capital || start && p.is(k+1, cName)) || p.is(k, cName) && (p.at(k).capital || start && !p.is(k, cCommon))
}

// apposition follows "saya guru kelas 5, Ranti": a role, a comma and a name that ends there.
func (p *page) apposition(i int) {
	k := i + 1
	if p.punct(k, ",") {
		k++
	}
	role := p.is(k, cRole|cKin)
	if !role && (!p.opens(i) && !(p.lower(i-1) == "dari" && p.opens(i-1)) || p.at(k).capital) {
		return
	}
	for n := 0; n < 9 && k < len(p.tokens) && !p.tokens[k].newline; n++ {
		if accuses(p.lower(k)) && p.at(k+1).kind == word {
			return
		}
		if p.punct(k, ",(:") {
			start, end := p.nameAt(k+1, known)
			if start < end && p.ends(end) && !p.taken(start, end) && (role || start == k+1 && n < 7 && (p.is(start, cName) || !p.somewhere(i, k))) {
				p.takeName(SelfName, start, end)
			}
			return
		}
		if p.punct(k, ".;!?") && !p.abbreviation(k) {
			return
		}
		k++
	}
}

// accuses reports whether a word says that somebody is reported.
func accuses(low string) bool {
	switch low {
	case "lapor", "melapor", "melaporkan", "laporkan", "ngelaporin", "ngelapor", "ngalaporkeun", "mengadukan", "mengadu", "report", "menuntut", "matur", "wadul":
		return true
	}
	return false
}

// ends reports whether a name that ends before token i stands by itself: the sentence ends, or contact details or a comma follow.
func (p *page) ends(i int) bool {
	return p.closes(i) || p.at(i).kind == number || p.is(i, cContact|nPhone) || p.taken(i, i+1)
}

// somewhere reports whether tokens [i, k) speak of a place, so that what follows the comma may be its name.
func (p *page) somewhere(i, k int) bool {
	for ; i < k; i++ {
		switch p.lower(i) {
		case "di", "ke", "dari", "dekat", "depan", "daerah", "lihat", "liat", "melihat", "ketemu", "bertemu", "beli", "naik", "pakai", "pake", "sama", "dengan", "oleh":
			return true
		}
	}
	return false
}

// lowName reports whether the lower-case word at k is a name by where it stands: "gue reno yg kemarin".
func (p *page) lowName(k int) bool {
	t := p.at(k)
	if t.kind != word || t.class != 0 || t.end-t.start < 3 || verbal(p.lower(k)) || p.taken(k, k+1) {
		return false
	}
	switch p.lower(k + 1) {
	case "yang", "yg", "dari", "dr", "warga", "mau", "ingin", "mo", "anak", "umur":
		return p.at(k+1).kind == word
	}
	return false
}
