package scrub

// accusedKin reports whether the relative named in tokens [start, end) is whom the text reports: "saya laporkan suami saya, Rahmat", "ayah tiri
// saya, Junaedi, memukul saya". The name of the accused is what the report is about.
func (p *page) accusedKin(start, end int) bool {
	kin := start - 1
	for kin >= 0 && start-kin < 8 && !p.is(kin, cKin) {
		kin--
	}
	if !p.is(kin, cKin) || p.is(kin, cNya) {
		return false
	}
	for k := kin - 1; k >= 0 && kin-k < 4 && !p.opens(k+1); k-- {
		if p.at(k).kind != word {
			break
		}
		if accuses(p.lower(k)) {
			return true
		}
	}
	for k := end; k < end+6; k++ {
		if p.punct(k, ".;!?") || p.at(k).kind == word && (p.at(k).newline || p.lower(k) == "dan" || p.lower(k) == "yang") {
			return false
		}
		if p.is(k, cHarm) {
			for n := 1; n <= 3; n++ {
				if p.is(k+n, cSelf|cKu) || p.is(k+n, cKin) {
					return true
				}
			}
			return false
		}
	}
	return false
}
