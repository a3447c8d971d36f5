package scrub

// personReach is how many tokens back a person may have been spoken of.
const personReach = 40

// person tells whom the text spoke of last before token i: 1 the reporter or the family, -1 somebody else, 0 nobody.
func (p *page) person(i int) int {
	for k := i - 1; k >= 0 && i-k < personReach; k-- {
		t := &p.tokens[k]
		switch p.covered[k] {
		case SelfName, RelativeName, Phone, Email, NIK:
			return 1
		case "":
		default:
			continue
		}
		if t.kind != word {
			continue
		}
		switch {
		case t.class&cSelf != 0:
			if p.is(k-1, cRole|cBoss) && !p.is(k-1, cKin|cTitle|cWitness) {
				return -1 // "atasan saya"
			}
			return 1
		case t.class&(cBoss|cRole) != 0 && t.class&(cKin|cTitle|cWitness|cStop|cDwelling) == 0 && !plainPeople(p.lower(k)):
			if p.is(k, nWorkHead) && p.taken(k+1, k+2) {
				continue // "id karyawan LSC-0093"
			}
			if p.selfNear(k, 3) {
				return 1 // "saya staf gudang"
			}
			return -1
		case t.capital && t.class&cName != 0 && t.class&(cCommon|cStop) == 0 && !p.opens(k) && !p.placed(k):
			return -1
		}
	}
	return 0
}

// placed reports whether the name at token k is that of a street, a place or a firm.
func (p *page) placed(k int) bool {
	for n := 1; n <= 3; n++ {
		if p.is(k-n, cStreet|cOrg) && !p.is(k-n, cTitle) {
			return true
		}
		if t := p.at(k - n); t.kind == word && !t.capital {
			switch p.lower(k - n) {
			case "di", "ke", "kota", "daerah", "asal", "dari", "in", "from":
				return true
			}
			return false
		}
	}
	return false
}

// houseNumbered reports whether an address with a figure begins within a few words of token k.
func (p *page) houseNumbered(k int) bool {
	for n := 0; n < 8; n++ {
		if p.opens(k+n) && n > 0 {
			return false
		}
		if p.addressHead(k+n) || p.placeHead(k+n) {
			return p.hasFigure(k+n, p.addressEnd(k+n))
		}
	}
	return false
}

// placeHead reports whether a place name begins at token k that a part of an address with a figure follows: "Sidoharjo RT 17".
func (p *page) placeHead(k int) bool {
	for n := range 4 {
		t := p.at(k + n)
		if n > 0 && t.kind == word && t.class&cStreet != 0 && !t.newline {
			return p.at(k+n+1).kind == number || p.punct(k+n+1, ".") && p.at(k+n+2).kind == number
		}
		if t.kind != word || !t.capital || t.class&(cStop|cMonth|cDay|cSelf|cTitle|cOrg|cRole|numberCues) != 0 {
			return false
		}
	}
	return false
}

// twoHeads reports whether the address at token k has two parts that are named: "Kampung Melayu Darat Gg. Bersama".
func (p *page) twoHeads(k int) bool {
	heads := 0
	for end := p.addressEnd(k); k < end; k++ {
		if p.is(k, cStreetHead) {
			heads++
		}
	}
	return heads > 1
}
