package scrub

// findWorkplaceIDs finds numbers of students, pupils and staff: "NIM 1301204417", "nomor pegawai RSUD-1987-0442". The badge of an
// officer that the report is about stays: a name stands before it, or "-nya".
func findWorkplaceIDs(p *page) {
	for i := range p.awake(wWork) {
		sure := p.tokens[i].class&(nWork|nNIP) != 0
		if !sure && !p.staffNumber(i) || p.othersBadge(i) {
			continue
		}
		for k := i + 1; k <= i+8 && k < len(p.tokens); k++ {
			if end := p.code(k, 3); end > 0 {
				if !p.allTaken(k, end) && p.tokens[end-1].end-p.tokens[k].start >= 4 {
					p.take(WorkplaceID, k, end)
				}
				break
			}
			if p.punct(k, ".;!?") && !p.abbreviation(k) && k > i+1 || p.tokens[k].newline || p.is(k, numberCues&^(nWork|nWorkHead|nNumber)) {
				break
			}
		}
	}
}

// staffNumber reads "nomor pegawai", "no karyawan", "ID anggota", "badge number", "student ID".
func (p *page) staffNumber(i int) bool {
	if p.tokens[i].class&nWorkHead == 0 {
		return p.lower(i) == "id" && (p.is(i+1, cRole|cSelf) || p.lower(i+1) == "card" || p.is(i+1, cStop) && p.at(i+1).kind == word) && (p.selfNear(i+2, 10) || p.is(i+2, cSelf))
	}
	for _, k := range []int{i - 1, i - 2, i + 1, i + 2} {
		switch p.lower(k) {
		case "no", "nomor", "nmr", "id", "nomer", "number", "induk", "kode", "nip", "nik", "kartu", "identitas":
			return true
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

func (p *page) othersBadge(i int) bool {
	if p.tokens[i].class&cNya != 0 || p.lower(i+1) == "nya" {
		return true
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
	return t.kind == word && t.capital && t.class&(cStop|cRole|cCommon|nNumber|cSelf) == 0 && !p.opens(i-1) && !t.shout
}
