package scrub

// findBirthdates finds birth dates and the place before them: "lahir Solo, 11-11-1998", "TTL: Bandung, 15 April 1976", "kelahiran Gowa".
func findBirthdates(p *page) {
	for i := range p.awake(wBirth) {
		if !p.bornCue(i) {
			continue
		}
		k := i + 1
		if p.lower(i-1) != "tanggal" && p.lower(i) == "lahir" && p.bornBefore(i) {
			continue
		}
		if p.at(k+1).kind == number && p.is(k+2, cUnit) && p.punct(k, ":") { // "Umur/TTL: 36 tahun / Sambas, ..."
			k += 3
		}
		for range 8 {
			if p.punct(k, ":,/.()=-") || p.bornFiller(k) {
				k++
			}
		}
		start := k
		for n := 0; n < 4 && p.at(k).kind == word && p.at(k).capital && !p.is(k, cMonth|cStop); n++ {
			k++
		}
		if p.punct(k, ",/") {
			k++
		}
		for p.lower(k) == "tanggal" || p.lower(k) == "tgl" || p.lower(k) == "pada" || p.is(k, cDay) && p.punct(k+1, ",") {
			k++
			if p.punct(k, ",.") {
				k++
			}
		}
		for p.lower(k) == "on" || p.lower(k) == "in" || p.lower(k) == "pada" {
			k++
		}
		if end := p.dateAt(k); end > 0 {
			p.take(Birthdate, start, end)
		}
	}
}

// bornBefore takes the date that stands before "lahir": "saya tanggal 27 Februari 1971 lahir di sini".
func (p *page) bornBefore(i int) bool {
	for k := i - 2; k >= 0 && k > i-7; k-- {
		if p.dateAt(k) == i && (p.lower(k-1) == "tgl" || p.lower(k-1) == "tanggal" || p.is(k-1, cSelf)) && p.selfNear(i, 6) {
			p.take(Birthdate, k, i)
			return true
		}
	}
	return false
}

func (p *page) bornCue(i int) bool {
	switch p.lower(i) {
	case "lahir", "kelahiran", "ttl", "lahirku", "born", "birthdate", "birthday", "birth", "dob", "lahirnya":
		return true
	}
	return false
}

func (p *page) bornFiller(k int) bool {
	switch p.lower(k) {
	case "di", "saya", "tanggal", "tgl", "tempat", "dan", "pada", "sy", "on", "in", "of", "date", "is", "lahir", "adalah", "aku", "gue", "ing", "tahun", "thn", "pd", "bulan":
		return true
	}
	return false
}

// dateAt reads a date: 11-11-1998, 15 April 1976, April 15, 1976, 9/7/02, or a year alone.
func (p *page) dateAt(k int) int {
	size := func(i int) int { t := p.at(i); return int(t.end - t.start) }
	first := p.at(k)
	switch {
	case first.kind == number && p.is(k+1, cMonth):
		end := k + 2
		if p.punct(end, ",") {
			end++
		}
		if p.at(end).kind == number && (size(end) == 4 || size(end) == 2) {
			return end + 1
		}
		return k + 2
	case first.kind == number && p.punct(k+1, "-/. ") && p.at(k+2).kind == number && p.punct(k+3, "-/. ") && p.at(k+4).kind == number:
		return k + 5
	case first.kind == number && p.punct(k+1, "-/") && p.is(k+2, cMonth) && p.punct(k+3, "-/") && p.at(k+4).kind == number:
		return k + 5
	case first.kind == number && first.end-first.start <= 2 && p.at(k+1).kind == number && size(k+1) <= 2 && p.at(k+2).kind == number:
		return k + 3
	case first.class&cMonth != 0 && p.at(k+1).kind == number:
		end := k + 2
		if p.punct(end, ",") {
			end++
		}
		if p.at(end).kind == number && size(end) == 4 {
			return end + 1
		}
		return k + 2
	case first.kind == number && (size(k) == 4 && (p.text[first.start] == '1' || p.text[first.start] == '2') || size(k) == 8 || size(k) == 6):
		return k + 1
	}
	return 0
}
