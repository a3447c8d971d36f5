package scrub

// findWorkplaceIDs finds numbers of students, pupils and staff: "NIM 1301204417", "nomor pegawai RSUD-1987-0442". The badge of an
// officer that the report is about stays: a name stands before it, or "-nya".
func findWorkplaceIDs(p *page) {
	for i := range p.awake(wWork) {
		sure := p.tokens[i].class&(nWork|nNIP) != 0 || p.companyNIK(i) || p.lower(i) == "pelaut" && p.lower(i-1) == "buku"
		if !sure && !p.staffNumber(i) || p.othersBadge(i) {
			continue
		}
		for k := i + 1; k <= i+8 && k < len(p.tokens); k++ {
			if t := p.at(k); sure && t.kind == word && t.capital && t.end-t.start == 1 && p.at(k+1).kind == number && !p.at(k+1).glued { // "D 421 15 033"
				p.take(WorkplaceID, k, p.spaced(k+1, k+2))
				break
			}
			if end := p.code(k, 3); end > 0 {
				if sure {
					end = p.spaced(k, end)
				}
				if !p.allTaken(k, end) && p.tokens[end-1].end-p.tokens[k].start >= 4 {
					p.take(WorkplaceID, k, end)
				}
				break
			}
			if p.punct(k, ".;!?") && !p.abbreviation(k) && k > i+1 || p.tokens[k].newline || p.lower(k) != "card" && p.is(k, numberCues&^(nWork|nWorkHead|nNumber)) {
				break
			}
		}
	}
}

// spaced goes on over the groups of figures of a number written with blanks: "NIM 2106 7788 12".
func (p *page) spaced(k, end int) int {
	for figures := 0; k < end; k++ {
		if figures += int(p.tokens[k].end - p.tokens[k].start); p.tokens[k].kind != number || figures > 8 {
			return end
		}
	}
	for n := 0; n < 3 && p.at(end).kind == number && !p.at(end).newline && !p.at(end).glued && p.at(end).end-p.at(end).start >= 2 && !p.taken(end, end+1) && !p.is(end+1, cUnit|cMonth); n++ {
		end++
	}
	return end
}

// companyNIK reports whether "NIK" at i is the number that a firm gave: "NIK saya di perusahaan".
func (p *page) companyNIK(i int) bool {
	if p.lower(i) != "nik" {
		return false
	}
	for k := i + 1; k < i+4; k++ {
		switch p.lower(k) {
		case "karyawan", "karyawati", "pegawai", "perusahaan", "kantor", "pabrik", "kerja", "pekerja":
			return true
		}
		if p.at(k).kind != word {
			break
		}
	}
	return false
}

// staffNumber reads "nomor pegawai", "no karyawan", "ID anggota", "badge number", "student ID".
func (p *page) staffNumber(i int) bool {
	if p.lower(i) == "id" && p.at(i+1).shout && p.at(i+1).class == 0 && p.code(i+1, 3) > i+2 && (p.selfNear(i, 8) || p.actsAs(i)) {
		return true // "sebagai perawat, ID HC-00712"
	}
	if p.tokens[i].class&nWorkHead == 0 {
		return p.lower(i) == "id" && (p.is(i+1, cRole|cSelf) || p.lower(i+1) == "card" || p.is(i+1, cStop) && p.at(i+1).kind == word) && (p.selfNear(i+2, 10) || p.is(i+2, cSelf))
	}
	for _, k := range []int{i - 1, i - 2, i + 1, i + 2} {
		switch p.lower(k) {
		case "no", "nomor", "nmr", "id", "nomer", "number", "induk", "kode", "nip", "nik", "kartu", "identitas":
			return true
		}
	}
	if p.selfNear(i, 6) { // "saya kurir KRR-JKT-55102"
		for k := i + 1; k <= i+2; k++ {
			if end := p.code(k, 3); end > k+1 && p.at(k).kind == word && p.at(k).shout {
				return true
			}
		}
	}
	if (p.lower(i) == "absen" || p.lower(i) == "induk") && p.is(i+1, cSelf) {
		return true
	}
	if p.lower(i) == "badge" && p.selfNear(i, 4) {
		return true
	}
	for k := i + 1; k < i+7; k++ { // "pegawai di sana untuk dicek: no ..."
		if p.punct(k, ":") && (p.selfNear(i, 8) || p.opens(i-1)) {
			return true
		}
		if p.punct(k, ".;!?,") {
			break
		}
	}
	return false
}

// actsAs reports whether the sentence before token i begins with what the reporter is: "sebagai perawat homecare".
func (p *page) actsAs(i int) bool {
	for k := i - 1; k >= 0 && i-k < 12; k-- {
		if p.opens(k) {
			return p.lower(k) == "sebagai" || p.lower(k) == "selaku" || p.lower(k) == "sbg" || p.lower(k) == "as"
		}
	}
	return false
}

func (p *page) othersBadge(i int) bool {
	if (p.lower(i) == "registrasi" || p.lower(i) == "pendaftaran") && p.namedBefore(i, nRef) {
		return true // "akta lahir no. registrasi"
	}
	if p.tokens[i].class&cNya != 0 || p.lower(i+1) == "nya" {
		return true
	}
	if p.opens(i) {
		return false
	}
	if p.is(i-1, cStop) && p.is(i-1, nNumber) {
		i--
	}
	if p.punct(i-1, ".") {
		i--
	}
	t := p.at(i - 1)
	if low := p.lower(i - 1); low == "card" || low == "kartu" {
		return false
	}
	return t.kind == word && t.capital && t.end-t.start > 1 && t.class&(cStop|cRole|cCommon|nNumber|cSelf) == 0 && !p.opens(i-1) && !t.shout
}
