package scrub

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
	for k := i - 1; k >= 0 && k > i-12; k-- {
		t := p.tokens[k]
		if t.class&cSelf != 0 {
			return k < i-1 && (p.is(k+1, cRole|cKin) || p.punct(k+1, ",") && p.is(k+2, cRole)) || p.lower(k+1) == "seorang" || p.lower(k+1) == "yang" || p.lower(k+1) == "yg"
		}
		if p.punct(k, ",") && p.is(k-1, cSelf) || t.capital || t.kind == number || p.lower(k) == "di" || p.lower(k) == "dari" || p.is(k, cUnit) || p.lower(k) == "usia" || p.lower(k) == "umur" {
			continue
		}
		if t.kind != word || t.class&cStop != 0 && p.lower(k) != "seorang" && p.lower(k) != "yang" && p.lower(k) != "yg" || t.class == 0 && verbal(p.lower(k)) {
			return false
		}
	}
	return false
}

// nameBefore takes the name in "Pardi nama saya".
func (p *page) nameBefore(i int) bool {
	start := i
	for start > 0 && i-start < longestName && p.nameWord(start-1, capitals, 0) && p.covered[start-1] == "" && !p.tokens[start].newline {
		start--
	}
	if first, last := p.nameAt(start, capitals); start == i || first != start || last != i || !p.is(start, cName) && !p.punct(start-1, ",") && !p.opens(start) {
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
		if p.is(open, cSelf|cBoss|cOrg) && !p.is(open, cTitle|cStreet) && p.lower(open) != "rumah" {
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
		if p.opens(k-2) && (p.lower(k-1) == "asli" || p.lower(k-1) == "ktp" || p.lower(k-1) == "lengkap") && p.closes(end) {
			break // "Nama KTP Sulaeman."
		}
		if !p.punct(end, ",(") || p.is(end+1, cBoss) {
			return
		}
	}
	p.announceAs(SelfName, k, capitals)
}
