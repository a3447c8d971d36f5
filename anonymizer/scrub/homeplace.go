package scrub

// homeAt takes the address at or shortly behind token k.
func (p *page) homeAt(k int, form bool) {
	near, found, lodging := false, false, -1
	for n := 0; n < homeReach && !found; n, k = n+1, k+1 {
		t := p.at(k)
		if t.kind == 0 || n > 0 && t.newline || p.punct(k, ";!?") || p.punct(k, ".") && !p.abbreviation(k) {
			return
		}
		if k < len(p.covered) && p.covered[k] == RelativeName { // "live with my aunt Selfina at ..."
			n--
			continue
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
			near = !p.punct(k, ",(:") && !exactly(p.lower(k))
		case p.placeHead(k), p.addressHead(k) && (n < 2 || p.punct(k-1, ",(:") || p.lower(k) != "no" && p.lower(k) != "nomor"),
			t.kind == word && t.capital && (n == 0 || form || area(p.lower(k-1)) && p.hasFigure(k, p.addressEnd(k))) && t.class&(cStop|cMonth|cDay|cSelf|cOrg|cTitle) == 0:
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

// exactly reports whether a word goes from about where somebody lives to where exactly.
func exactly(low string) bool {
	switch low {
	case "tepatnya", "persisnya", "yaitu", "yakni", "nih", "alamatnya", "bantaran":
		return true
	}
	return false
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
	case "di", "yang", "yg", "ada", "berada", "terletak", "yaitu", "yakni", "adalah", "persis", "tepat", "tepatnya", "itu", "ini", "sekarang", "skrg", "alamat", "alamatnya", "beralamat", "kontrakan", "kos", "rumah", "daerah", "wilayah", "kawasan", "sekitar", "sini", "the", "a", "room", "apartment", "at", "in", "on", "bersama", "keluarga", "sementara", "dulu", "sejak", "pas", "bantaran", "pinggir", "tepi":
		return true
	}
	return p.is(k, cSelf|cKin|cDigit) || p.at(k).capital || lodges(p.lower(k)) || p.paint(k) || p.lower(k) == "cat" || p.lower(k) == "pagar"
}

func (p *page) allTaken(i, end int) bool {
	for ; i < end; i++ {
		if p.covered[i] == "" {
			return false
		}
	}
	return true
}
