package scrub

// The numbers that the state gives people.

// fitsNIK knows the citizen number: province, regency, district, day (women 40 more), month, year, serial (Permendagri 2/2010).
func fitsNIK(r *run, i, j int, digits string, cue class) bool {
	if len(digits) != 16 || r.money(i, j) {
		return false
	}
	if cue&nNIK != 0 {
		return true
	}
	return region(digits) && dayMonth(digits[6:], 40) && digits[12:] != "0000"
}

// fitsKK knows the family card: the same build with the day of issue; only the word before tells the two apart.
func fitsKK(_ *run, _, _ int, digits string, cue class) bool {
	return len(digits) == 16 && cue&nKK != 0
}

// fitsNIP knows the civil servant's number: birth date, month of appointment, sex, serial (BKN 22/2007).
func fitsNIP(_ *run, _, _ int, digits string, cue class) bool {
	if len(digits) != 18 {
		return false
	}
	if cue&nNIP != 0 {
		return true
	}
	year, appointed := digits[:4], digits[8:12]
	return year >= "1930" && year <= "2015" && dayMonth(digits[6:8]+digits[4:6], 0) &&
		appointed >= "1950" && appointed <= "2060" && digits[12:14] >= "01" && digits[12:14] <= "12" && (digits[14] == '1' || digits[14] == '2')
}

// fitsNPWP knows the tax number by its full stops, or by its name when it is written without.
func fitsNPWP(r *run, i, j int, digits string, cue class) bool {
	if len(digits) != 15 && len(digits) != 16 {
		return false
	}
	return cue&nNPWP != 0 || len(digits) == 15 && r.shaped(i, j, 2, 3, 3, 1, 3, 3)
}

// fitsSIM knows the driving licence only by name; twelve digits before 2019, fourteen to sixteen since.
func fitsSIM(r *run, i, _ int, digits string, cue class) bool {
	return cue&nSIM != 0 && len(digits) >= 12 && len(digits) <= 16 && !r.plus(i) && cue&nPhone == 0 && !mobile(digits)
}

// fitsBPJS knows the health insurance number: thirteen digits, and in practice three zeros first.
func fitsBPJS(_ *run, i, j int, digits string, cue class) bool {
	return len(digits) == 13 && (cue&nBPJS != 0 || digits[:3] == "000" && (i == j || cue&(nMoney|nRef) == 0))
}

// provinces are the first two digits that regions have (Kepmendagri 100.1.1-6117/2022, with those of older cards).
var provinces = func() (known [100]bool) {
	for _, span := range [][2]int{{11, 19}, {21, 21}, {31, 36}, {51, 53}, {61, 65}, {71, 76}, {81, 82}, {91, 97}} {
		for p := span[0]; p <= span[1]; p++ {
			known[p] = true
		}
	}
	return known
}()

func region(digits string) bool {
	regency, district := two(digits[2:]), two(digits[4:])
	return provinces[two(digits)] && regency >= 1 && regency <= 79 && district >= 1 && district <= 60
}

// dayMonth reads DDMM; shift is what women's days have added.
func dayMonth(digits string, shift int) bool {
	day, month := two(digits), two(digits[2:])
	if shift > 0 && day > shift {
		day -= shift
	}
	return day >= 1 && month >= 1 && month <= 12 && day <= [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

func two(digits string) int { return int(digits[0]-'0')*10 + int(digits[1]-'0') }

// shaped reports whether the groups of atoms [i, j] have these lengths.
func (r *run) shaped(i, j int, lengths ...int) bool {
	if j-i+1 != len(lengths) {
		return false
	}
	for k, n := range lengths {
		if len(r.atoms[i+k].digits) != n {
			return false
		}
	}
	return true
}
