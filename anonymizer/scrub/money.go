package scrub

// fitsCard knows payment cards by their first digit and the Luhn check (ISO/IEC 7812-1), or by the word before.
func fitsCard(r *run, i, j int, digits string, cue class) bool {
	if len(digits) < 13 || len(digits) > 19 || r.money(i, j) {
		return false
	}
	if cue&nCard != 0 && cue&nRef == 0 {
		return len(digits) >= 15 || luhn(digits)
	}
	if len(digits) < 15 || len(digits) > 16 || !luhn(digits) || digits[0] < '2' || digits[0] > '6' {
		return false
	}
	return i == j || r.shaped(i, j, 4, 4, 4, 4) || r.shaped(i, j, 4, 6, 5) || r.shaped(i, j, 8, 8)
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// fitsAccount knows accounts by the word before or behind: every bank numbers in its own way.
func fitsAccount(r *run, i, j int, digits string, cue class) bool {
	if len(digits) < 8 || len(digits) > 19 || r.money(i, j) || r.date(i, j) {
		return false
	}
	if cue&nBank != 0 {
		return true
	}
	return len(digits) >= 9 && cue&(nRef|nMoney|nWork) == 0 && r.p.bankAfter(r.atoms[j].last)
}

// money reports whether atoms [i, j] are an amount: Rp before, a unit behind, or groups of three with full stops and a short first one.
func (r *run) money(i, j int) bool {
	first, last := r.atoms[i].first, r.atoms[j].last
	if r.p.is(first-1, nMoney) || r.p.punct(first-1, ".") && r.p.is(first-2, nMoney) {
		return true
	}
	if r.p.is(last+1, nMoney) || r.p.is(last+1, cUnit) && r.p.at(last+1).glued {
		return true
	}
	if j == i || len(r.atoms[i].digits) > 3 {
		return false
	}
	for k := i + 1; k <= j; k++ {
		if len(r.atoms[k].digits) != 3 || r.gap(k) != "." {
			return false
		}
	}
	return r.atoms[i].digits[0] != '0'
}

// date reports whether atoms [i, j] begin with a day, month and year.
func (r *run) date(i, j int) bool {
	if j < i+2 {
		return false
	}
	d, m, y := r.atoms[i].digits, r.atoms[i+1].digits, r.atoms[i+2].digits
	if len(d) == 4 && len(m) <= 2 && len(y) <= 2 { // ISO
		d, y = y, d
	}
	return len(d) <= 2 && len(m) <= 2 && len(y) == 4 && (y[:2] == "19" || y[:2] == "20") &&
		dayMonth(padded(d)+padded(m), 0)
}

func padded(digits string) string {
	if len(digits) == 1 {
		return "0" + digits
	}
	return digits
}
