package scrub

// contactFollows reports whether a telephone number or address follows at once.
func (p *page) contactFollows(i int) bool {
	for n := 0; n < 4; n++ {
		if p.taken(i+n, i+n+1) {
			k := p.covered[i+n]
			return k == Phone || k == Email
		}
		if p.at(i+n).kind == word && !p.is(i+n, nPhone|nNumber|cContact) && p.lower(i+n) != "di" {
			return false
		}
	}
	return false
}

// contactPerson takes "ketua kami Pak Oyo, hp 0878..." and "wali dari Cahya": people whom the reporter offers as contacts.
func (p *page) contactPerson(i int) {
	low := p.lower(i)
	if low == "wali" && p.is(i-1, cRole|cBoss) {
		return // "dosen wali kami, Ibu ..."
	}
	if low == "orang" && p.lower(i+1) == "tua" {
		i, low = i+1, "orangtua"
	}
	if (low == "orangtua" || low == "wali") && (p.lower(i+1) == "dari" || p.lower(i+1) == "murid" || p.lower(i+1) == "siswa") {
		k := i + 2
		if p.lower(k) == "dari" {
			k++
		}
		p.announceAs(RelativeName, k, capitals)
		return
	}
	k := i + 1
	if p.lower(k) == "dari" {
		k++
	}
	if p.is(i, cWitness) && p.at(k).kind == word && !p.at(k).capital && p.is(k+1, cSelf) {
		k++ // "kuasa hukum saya"
	}
	loose := false
	if p.at(k).kind == word && p.is(k+1, cSelf) && p.punct(k+2, ",") && !p.is(i, cBoss) { // "sekretaris RW kami, Pak Yohan, ... telp ..."
		k, loose = k+1, true
	}
	owned := p.is(k, cSelf)
	if owned {
		k++
	}
	if !owned && !p.is(i, cWitness) {
		return
	}
	if colon := p.colonBehind(k); p.is(i, cWitness) && colon > 0 {
		p.afterColon(colon)
		return
	}
	if low == "saksi" || low == "saksinya" {
		for n := 0; n < 4; n++ { // "saksinya ada dua, Mas Fajar dan Mbak Ningsih"
			if p.punct(k+n, ",") {
				p.afterColon(k + n)
				return
			}
			if p.at(k+n).kind != word || p.at(k+n).capital || p.acts(k+n) {
				break
			}
		}
	}
	for range 3 {
		if p.punct(k, ":,(") || p.lower(k) == "bernama" || p.lower(k) == "atas" || p.lower(k) == "nama" {
			k++
		}
	}
	start, end := p.nameAt(k, capitals)
	if start == end || p.taken(start, end) {
		return
	}
	for n := 0; n < 6 || loose && n < 10; n++ {
		if p.contactFollows(end + n) {
			p.takeName(RelativeName, start, end)
			return
		}
		if p.punct(end+n, ".;!?") {
			break
		}
	}
	if owned && !loose && (p.is(i, cWitness) || serves(low)) {
		p.takeName(RelativeName, start, end)
	}
}

// serves reports whether a word is somebody in the reporter's service.
func serves(low string) bool {
	switch low {
	case "driver", "sopir", "supir", "asisten", "pembantu", "art", "karyawan", "pegawai", "kuli", "tukang", "perawat":
		return true
	}
	return false
}

// colonBehind finds the colon in "saksi yang bisa dihubungi:"; 0 if there is none.
func (p *page) colonBehind(k int) int {
	for n := 0; n < 5; n++ {
		if p.punct(k+n, ":") {
			return k + n
		}
		if p.at(k+n).kind != word || p.at(k+n).capital || p.at(k+n).newline {
			break
		}
	}
	return 0
}

// afterColon takes the names behind a colon, up to three plain words further on: "saksi: teman sekos Rina".
func (p *page) afterColon(k int) {
	if p.at(k + 1).newline {
		return
	}
	for n := 1; n <= 3; n++ {
		if start, end := p.nameAt(k+n, capitals); start < end {
			if (p.closes(end) || p.lower(end) == "dan") && !p.taken(start, end) {
				p.takeName(RelativeName, start, end)
				p.alsoNamed(end)
			}
			return
		}
		if p.at(k+n).kind != word || p.at(k+n).capital {
			return
		}
	}
}

// saw reports whether a word before a colon announces witnesses.
func saw(low string) bool {
	switch low {
	case "lihat", "liat", "melihat", "menyaksikan", "konfirmasi", "dikonfirmasi", "ditanya", "ditanyai", "saksi", "saksinya", "tahu":
		return true
	}
	return false
}
