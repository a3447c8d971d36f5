package scrub

// findContactNames finds the names that go with a telephone number or mail address offered as a contact: "hubungi Rina 0812...",
// "0812... (Ruhiyat)". Where somebody of another office or the accused is spoken of in the sentence, names stay.
func findContactNames(p *page) {
	if len(p.hits) == 0 {
		return
	}
	for i := 0; i < len(p.tokens); i++ {
		kind := p.covered[i]
		switch kind {
		case Phone, Email, NIK, KK, SIM, BPJS:
		default:
			continue
		}
		end := i
		for end < len(p.tokens) && p.covered[end] == kind {
			end++
		}
		p.nameBeforeContact(i)
		if p.offered(i) || (kind == NIK || kind == SIM) && p.lost() {
			p.nameAfterContact(end)
		}
		i = end - 1
	}
}

// offered reports whether the sentence around token i offers a contact.
func (p *page) offered(i int) bool {
	found := false
	for k, words := i-1, 0; k >= 0 && i-k < lookBack && words < 12; k-- {
		t := p.tokens[k]
		if t.kind == word && p.covered[k] == "" {
			words++
			if t.class&(cBoss|cOrg) != 0 && t.class&(cTitle|cContact|cKin) == 0 && p.lower(k) != "tetangga" {
				return false
			}
			switch p.lower(k) {
			case "pelaku", "oknum", "calo", "penipu", "terlapor", "dari", "miliknya", "memakai", "pakai":
				return false
			case "hubungi", "hub", "kontak", "cp", "contact", "menghubungi", "dihubungi", "call", "narahubung", "hubungin", "telepon", "telpon", "wa", "chat":
				found = true
			}
			found = found || t.class&cSelf != 0
		}
		if p.opens(k) && words > 0 {
			break
		}
	}
	return found
}

// nameBeforeContact takes "Rina" in "hubungi Rina (0812...)".
func (p *page) nameBeforeContact(i int) {
	end := i
	for end > 0 && i-end < 4 && (p.punct(end-1, "(,:-+/") || p.is(end-1, nPhone|nNumber|cContact) && p.lower(end-1) != "hubungi" && p.lower(end-1) != "hub" || p.lower(end-1) == "di") {
		end--
	}
	inWords := false
	for end > 0 && i-end < 9 && reachable(p.lower(end-1)) {
		end--
		inWords = true
	}
	start := end
	for start > 0 && end-start < longestName && p.nameWord(start-1, capitals, 0) && p.covered[start-1] == "" {
		start--
		if p.tokens[start].newline {
			break
		}
	}
	if !inWords && !p.offered(i) && !p.plainly(start) && !(start < end && p.harmlessBefore(start)) {
		return
	}
	if start == end || !inWords && p.is(start-1, cRole|cOrg|cStreet) && p.tokens[start-1].kind == word && !p.is(start-1, cTitle|cKin) {
		return
	}
	if first, last := p.nameAt(start, capitals); first == start && last == end {
		p.takeName(SelfName, start, end)
	}
}

// reachable reports whether a word says that somebody can be reached: "Ketut bisa dihubungi di 0819...".
func reachable(low string) bool {
	switch low {
	case "bisa", "bs", "dapat", "dpt", "siap", "boleh", "dihubungi", "dihub", "ditelepon", "ditelpon", "dikontak", "dichat", "dikonfirmasi", "pada", "melalui", "lewat", "via", "di", "nomor", "no", "juga", "langsung":
		return true
	}
	return false
}

// nameAfterContact takes "Ruhiyat" in "0818... (Ruhiyat)", "0812... a.n. Ruhiyat".
func (p *page) nameAfterContact(k int) {
	bracket := p.punct(k, "(")
	switch {
	case bracket:
		k++
	case p.lower(k) == "a" && p.punct(k+1, "./") && p.lower(k+2) == "n":
		if k += 3; p.punct(k, ".") {
			k++
		}
	case p.lower(k) == "an" || p.lower(k) == "dengan" || p.lower(k) == "dgn":
		k++
	case p.lower(k) == "atas" && p.lower(k+1) == "nama":
		k += 2
	case p.punct(k, "-/,"):
		k++
	default:
		return
	}
	start, end := p.nameAt(k, capitals)
	if start == end && !bracket && p.closes(k+1) {
		start, end = p.nameAt(k, known)
	}
	if start < end && p.closes(end) && !p.taken(start, end) {
		p.takeName(SelfName, start, end)
	}
}

// harmlessBefore reports whether nobody is accused and no office is spoken of in the sentence before token i.
func (p *page) harmlessBefore(i int) bool {
	if p.opens(i) {
		return true
	}
	for k := i - 1; k >= 0 && i-k < 24; k-- {
		if p.is(k, cBoss|cOrg|cRole|nBank) && !p.is(k, cWitness|cContact|cTitle|cKin) && p.lower(k) != "tetangga" {
			return false
		}
		switch p.lower(k) {
		case "pelaku", "oknum", "calo", "penipu", "terlapor", "dari", "oleh", "bernama", "namanya", "nama", "milik", "ke", "kepada", "penjual", "transfer":
			return false
		}
		if p.opens(k) {
			break
		}
	}
	return true
}

// plainly reports whether the words before the name at i offer it by themselves: a colon with no office before it, "atau lewat".
func (p *page) plainly(i int) bool {
	for i > 0 && (p.is(i-1, cTitle) || p.punct(i-1, ".") && p.is(i-2, cTitle)) {
		i--
	}
	switch p.lower(i - 1) {
	case "lewat", "via", "melalui":
		return true
	case "ke":
		return p.lower(i-2) == "atau"
	}
	if !p.punct(i-1, ":") {
		return p.besideOwnContact(i)
	}
	for k := i - 2; k >= 0 && i-k < 6; k-- {
		if p.is(k, cBoss|cOrg|cRole) && !p.is(k, cWitness|cContact|cStop) {
			return false
		}
		if p.opens(k) {
			return true
		}
	}
	return true
}

// besideOwnContact reports whether a contact of the reporter's stands earlier in the sentence, and only plain words between.
func (p *page) besideOwnContact(i int) bool {
	for k := i - 1; k >= 0 && i-k < 16; k-- {
		switch p.covered[k] {
		case Phone, Email, SelfName:
			return i-k > 2
		}
		if p.is(k, cBoss|cOrg|cRole) && !p.is(k, cWitness|cContact|cTitle|cKin) || p.opens(k) {
			return false
		}
	}
	return false
}
