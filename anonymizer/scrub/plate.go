package scrub

import "strings"

// findPlates finds the plates of the reporter's and the family's own vehicles: "motor saya F 5521 HX". Those of the accused stay.
func findPlates(p *page) {
	for n := range p.awake(wNumber) {
		if p.tokens[n].kind != number {
			continue
		}
		i := n - 1
		end := p.plateAt(i)
		if end == 0 || p.taken(i, end) {
			continue
		}
		if p.ownVehicle(i) || p.ownedAfter(end) {
			p.take(Plate, i, end)
		}
	}
}

// plateAt reads one or two letters, up to four figures and up to three letters.
func (p *page) plateAt(i int) int {
	a, b, c := p.at(i), p.at(i+1), p.at(i+2)
	if a.kind != word || a.end-a.start > 2 || b.kind != number || b.end-b.start > 4 || b.newline || i > 0 && a.glued && p.tokens[i-1].kind != mark {
		return 0
	}
	if !a.capital && !(p.is(i-1, cVehicle) || p.is(i-1, cSelf)) {
		return 0
	}
	if c.kind == word && c.end-c.start <= 3 && !c.newline && (p.upper(i+2) || !a.capital && c.class&(cUnit|cStop|cCommon) == 0) {
		return i + 3
	}
	return 0
}

func (p *page) upper(i int) bool {
	for _, c := range []byte(p.text[p.tokens[i].start:p.tokens[i].end]) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// ownVehicle reports whether the words before token i say that the vehicle is the reporter's: "motor saya", "truk mertua saya sendiri".
func (p *page) ownVehicle(i int) bool {
	if p.is(i-2, cOwned) && (p.is(i-1, cSelf) || p.is(i-1, cKin) && !p.is(i-1, cNya) && !p.at(i-1).capital && p.is(i-3, cVehicle)) {
		return true // "punya saya", "beat punya ibu"
	}
	if p.ownVehicleSpoken(i) {
		return true
	}
	vehicle, owned, mine, public := 0, false, false, false
	for k, words := i-1, 0; k >= 0 && i-k < lookBack && words < 9; k-- {
		t := p.tokens[k]
		if p.covered[k] == Plate || p.punct(k, "!?;") || p.punct(k, ".") && p.opens(k+1) {
			break
		}
		if p.covered[k] == RelativeName || p.covered[k] == SelfName {
			if mine || vehicle > 0 && p.covered[k] == SelfName {
				return true
			}
		}
		if t.kind != word {
			continue
		}
		words++
		if t.class&cSelf != 0 {
			owned = owned || vehicle == 0 || p.is(k+1, cVehicle)
		}
		if vehicle > 0 && t.class&cOwned != 0 && p.is(k-1, cSelf) {
			return true
		}
		if vehicle > 0 && !public && rides(p.lower(k)) && (p.is(k-1, cSelf) || p.is(k-2, cSelf) && p.tokens[k-1].kind == word) {
			return true
		}
		mine = mine || t.class&cOwned != 0 && t.class&cNya != 0
		if owned && vehicle > 0 {
			return true
		}
		switch {
		case t.class&cVehicle != 0:
			vehicle++
			switch p.lower(k) {
			case "bus", "angkot", "truk", "truck":
				public = true
			}
			mine = mine || t.class&cNya != 0
			owned = owned || t.class&cKu != 0 || p.is(k+1, cSelf) || (p.lower(k) == "stnk" || p.lower(k) == "bpkb") && p.lost()
			if owned || vehicle == 1 && p.plateWord(k) && p.ownRiddenBefore(k) {
				return true
			}
		case vehicle > 0 && t.class&(cSelf|cKin) == 0 && !p.paint(k) && !mine && !(t.class&(cStop|cRole|cOrg|cBoss) == 0 && !verbal(p.lower(k))), vehicle == 0 && words > 5:
			return p.lineOfReporter(i)
		case vehicle == 0 && !owned && t.class&(cOrg|cBoss) != 0 && t.class&cKin == 0:
			return false
		}
	}
	return vehicle > 0 && p.lineOfReporter(i)
}

// ownVehicleSpoken reports whether the vehicle named just before the plate at i was spoken of as the reporter's earlier: "kita pung oto
// di pertigaan. Oto plat PA 1902 RK".
func (p *page) ownVehicleSpoken(i int) bool {
	at := i - 1
	for at > 0 && i-at < 4 && (p.plateWord(at) || p.paint(at) || p.punct(at, ":(")) {
		at--
	}
	if !p.is(at, cVehicle) || p.plateWord(at) {
		return false
	}
	low := p.owned(at)
	for k := at - 1; k >= 0 && at-k < lookBack; k-- {
		if p.is(k, cVehicle) && p.owned(k) == low {
			return p.is(k+1, cSelf) || p.is(k, cKu) || owns(p.lower(k-1)) || p.lower(k-1) == "my" || p.lower(k-1) == "our"
		}
	}
	return false
}

// rides reports whether a word says that somebody is at the wheel.
func rides(low string) bool {
	switch low {
	case "mengendarai", "mengemudikan", "mengemudi", "menyetir", "nyetir", "naik", "bawa", "membawa", "pakai", "pake", "memakai", "menunggang", "ngendarai", "parkir", "memarkir", "parkirin":
		return true
	}
	return false
}

// paint reports whether the word at k describes a vehicle.
func (p *page) paint(k int) bool {
	switch p.lower(k) {
	case "merah", "hitam", "putih", "silver", "biru", "hijau", "kuning", "abu", "warna", "nomor", "no", "nopol", "matic", "roda", "dua", "sendiri", "kesayangan", "dengan", "dgn", "polisi", "yang", "yg", "dicuri", "hilang", "ditahan", "dirampas", "disita", "dibegal", "ditilang", "bernomor", "bernopol", "berplat", "tahun", "keluaran", "metalik", "tua", "muda", "cokelat", "coklat", "pink", "ungu", "oranye", "nomer", "the", "red", "black", "white":
		return true
	}
	return false
}

// lost reports whether the text tells of lost papers.
func (p *page) lost() bool {
	for i := range p.tokens[:min(len(p.tokens), 16*lookBack)] {
		switch p.lower(i) {
		case "hilang", "kehilangan", "ilang", "dompet", "raib", "dicuri", "tercecer", "lost":
			return true
		}
	}
	return false
}

// lineOfReporter reports whether token i stands in a list, behind the name of one of the reporters.
func (p *page) lineOfReporter(i int) bool {
	named := false
	for k := i - 1; k >= 0 && i-k < 40; k-- {
		named = named || p.covered[k] == SelfName || p.covered[k] == RelativeName
		if p.tokens[k].newline {
			return named && (p.tokens[k].kind == number || p.punct(k, "-*"))
		}
	}
	return false
}

// ownedAfter reports whether "milik saya" or "punya gue" follows.
func (p *page) ownedAfter(i int) bool {
	if p.lower(i) == "atas" && p.lower(i+1) == "nama" {
		return p.is(i+2, cSelf) || p.is(i+2, cKin) && p.is(i+3, cSelf)
	}
	for n := 0; n < 3; n++ {
		if p.is(i+n, cOwned) {
			return p.is(i+n+1, cSelf) || p.lower(i+n+1) == "sendiri" || p.lower(i+n+1) == "pribadi" || p.is(i+n+1, cKin) && p.is(i+n+2, cSelf) || p.is(i+n, cKu)
		}
	}
	if (p.is(i-4, cVehicle) || p.is(i-2, cVehicle)) && vanished(p.lower(i)) && p.person(i-4) > 0 {
		return true // "Motor AE 4402 FG raib"
	}
	if p.is(i-4, cVehicle) && p.opens(i-4) && p.punct(i, ".") && p.is(i+1, cSelf) {
		return true // "Motor B 3781 UKL. Saya ..."
	}
	if p.punct(i, ",") && (p.lower(i+1) == "rented" || p.lower(i+1) == "owned") && p.lower(i+2) == "by" {
		return p.is(i+3, cSelf)
	}
	return p.is(i, cSelf) && (p.closes(i+1) || befell(p.lower(i+1)))
}

// vanished reports whether a word says that a vehicle is gone.
func vanished(low string) bool {
	switch low {
	case "raib", "hilang", "ilang", "lenyap", "digondol", "dicuri", "dibegal":
		return true
	}
	return false
}

// befell reports whether a word says what happened to a vehicle, not what somebody did with a look at it.
func befell(low string) bool {
	switch low {
	case "hilang", "ilang", "rusak", "penyok", "mogok", "kena", "raib", "ringsek", "jatuh", "terperosok", "tergores":
		return true
	}
	return strings.HasPrefix(low, "di") && len(low) > 5
}

func (p *page) plateWord(k int) bool {
	switch p.lower(k) {
	case "nopol", "plat", "pelat", "platnya", "nopolnya", "tnkb":
		return true
	}
	return false
}

// ownRiddenBefore reports whether "motor saya" stands earlier in the sentence of "..., nopol".
func (p *page) ownRiddenBefore(i int) bool {
	for k := i - 1; k >= 0 && i-k < 20; k-- {
		if p.covered[k] == Plate || p.opens(k+1) {
			return false
		}
		if p.is(k, cVehicle) && !p.plateWord(k) {
			return p.is(k+1, cSelf) || p.is(k, cKu) || p.is(k+1, cKin) && p.is(k+2, cSelf)
		}
	}
	return false
}
