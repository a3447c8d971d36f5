package scrub

import (
	"slices"
	"strings"
)

// findTagged lets the tagger read what the rules have left, and takes what it finds where the grammar of the sentence does not speak against
// it. The tagger does not see what the rules for names and homes have taken: it was fitted to texts that they had not read.
func findTagged(p *page) {
	p.rouse()
	if len(p.roused) == 0 {
		return
	}
	p.sights = slices.Grow(p.sights[:0], len(p.tokens))[:len(p.tokens)] // clean: see close
	known := p.knows(SelfName)
	m, o := fitted(), newOutlook()
	accused, past := false, 0
	for _, r := range p.roused {
		if p.allTaken(r.from, r.end) {
			continue
		}
		p.look(&o, r.from, r.end)
		if !m.worth(p, r.from, r.end) || !m.tag(p, r.from, r.end) {
			continue
		}
		for i := r.from; i < r.end; i++ {
			start, kind := i, p.tags[i-r.from]
			if kind == tagNone {
				continue
			}
			for i+1 < r.end && p.tags[i+1-r.from] == kind {
				i++
			}
			for ; past <= start; past++ {
				if p.tokens[past].wake&wHome != 0 { // as all the words of a form's parts do
					accused = p.part(past, p.lower(past), accused)
				}
			}
			if past = i + 1; !accused {
				p.takeTagged(start, i+1, kind, known)
			}
		}
	}
}

// knows reports whether something of a kind is taken.
func (p *page) knows(kind Kind) bool {
	return len(p.hits) > 0 && slices.Contains(p.covered, kind)
}

// takeTagged takes tokens [start, end), which have all the same tag.
func (p *page) takeTagged(start, end int, kind tag, known bool) {
	for start < end && p.tokens[start].kind == mark {
		start++
	}
	for end > start && p.tokens[end-1].kind == mark {
		end--
	}
	if start == end || p.allTaken(start, end) {
		return
	}
	switch kind {
	case tagHome:
		if p.wholeAddress(start, end) && p.ownPlace(start, end) {
			p.take(HomeAddress, start, end)
		}
	case tagSelf:
		if (!known || p.beside(start, end)) && p.nameable(start, end) && !p.othersName(start, end) {
			p.takeName(SelfName, start, end)
		}
	case tagRelative:
		if p.nameable(start, end) && !p.othersName(start, end) && p.familyNear(start, end) {
			p.takeName(RelativeName, start, end)
		}
	}
}

// beside reports whether a name that is taken stands next to tokens [start, end), or in them: who has said a name has no second one.
func (p *page) beside(start, end int) bool {
	for k := max(0, start-3); k < min(end+3, len(p.covered)); k++ {
		if p.covered[k] == SelfName {
			return true
		}
	}
	return false
}

// wholeAddress reports whether tokens [start, end) are an address that does not go on to either side.
func (p *page) wholeAddress(start, end int) bool {
	if end-start < 2 {
		return false
	}
	before := start - 1
	if p.punct(before, ".") && p.at(before).glued {
		before--
	}
	if p.tokens[start].opening {
		before = -1
	}
	if t := p.at(before); t.kind == number && p.covered[before] == "" && !t.newline || t.kind == word && (t.class&cStreet != 0 || t.capital && t.class&(cSelf|cTitle|cName) == 0 && before > 0 && !t.opening) && p.covered[before] == "" {
		return false
	}
	if t := p.at(end); t.kind == number && !t.newline && p.covered[end] == "" {
		return false
	}
	return true
}

// ownPlace reports whether the sentence gives a reason to take the place in tokens [start, end) for the reporter's home: the reporter, a dwelling,
// or something that identifies stands by.
func (p *page) ownPlace(start, end int) bool {
	if p.happens(start) {
		return false
	}
	accused := false
	for k := start - 1; k >= 0 && start-k < 28; k-- {
		if kind := p.covered[k]; start-k <= 4 && (kind == SelfName || kind == Phone || kind == NIK || kind == Email) {
			return true
		}
		if p.is(k, cSelf) {
			return true
		}
		if p.is(k, cLives|cDwelling) || p.lower(k) == "domisili" {
			return !accused && p.person(k) >= 0 && !p.accusedBefore(k)
		}
		if p.lower(k) == "alamat" {
			return !accused && p.person(k) >= 0 && (p.at(k+1).kind != word || p.at(k+1).capital || p.leadsHome(k+1) || writer(p.lower(k+1)))
		}
		if p.is(k, cBoss|cRole|cOrg) && !p.is(k, cTitle|cKin) {
			accused = true
		}
		if p.tokens[k].opening {
			break
		}
	}
	for n := 0; n < 4; n++ {
		if p.is(end+n, cSelf) || p.taken(end+n, end+n+1) {
			return true
		}
	}
	return false
}

// happens reports whether the words before the place at token i say that something is or happens there rather than that somebody lives there.
func (p *page) happens(i int) bool {
	k := i - 1
	switch p.lower(k) {
	case "di", "ke", "at", "in", "on", "ing", "ning", "neng", "ring", "depan", "dekat", "sekitar", "sepanjang":
		k--
	}
	if k < i-1 {
		if t := p.at(k); t.kind == word && p.covered[k] == "" && t.class&(cSelf|cLives|cDwelling|cKin|cOrigin|cStreet|cKu) == 0 && !p.leadsHome(k) {
			return true
		}
	}
	for n := 0; n < 8 && k >= 0 && !p.tokens[k].newline; n, k = n+1, k-1 {
		if p.is(k, cDwelling) && p.at(k+1).capital && p.is(k+1, cTitle) && !p.is(k+1, cKin) {
			return true // "di rumah Ny. Vivian, Cluster Emerald"
		}
		if p.is(k, cSelf|cLives|cDwelling) && !p.is(k-1, cOrg) || p.covered[k] != "" {
			return false
		}
		if p.is(k, cOrg|cBoss) && !p.is(k, cTitle) {
			return true
		}
		if p.tokens[k].opening {
			break
		}
	}
	return false
}

// nameable reports whether tokens [start, end) can be a name.
func (p *page) nameable(start, end int) bool {
	if p.is(start-1, cOrg|cStreet) && !p.is(start-1, cTitle) && !p.tokens[start].newline {
		return false
	}
	for i := start; i < end; i++ {
		if t := &p.tokens[i]; t.kind == number || t.class&(cOrg|cSelf|cMonth|cDay|cNya) != 0 && t.class&cName == 0 {
			return false
		}
	}
	for i := start; i < end; i++ {
		if t := &p.tokens[i]; t.kind == word && (t.class&cName != 0 || t.class == 0 && (t.capital || p.familiar(i) <= rare)) {
			return true
		}
	}
	return false
}

// othersName reports whether the word before the name in tokens [start, end) makes it somebody else's: "ditipu Andi", "kades Wahyu".
func (p *page) othersName(start, end int) bool {
	k := start - 1
	for k >= 0 && (p.is(k, cTitle) && !p.is(k, cBoss) || p.punct(k, ".") && p.is(k-1, cTitle)) {
		k--
	}
	t := p.at(k)
	if p.is(k, cSelf) && (p.lower(k-1) == "menurut" || p.lower(k-1) == "kata" || p.lower(k-1) == "bagi") {
		return true
	}
	if p.punct(k, ".") && p.lower(k-1) == "n" && p.is(k-4, nBank|nPhone) {
		return true // "transfer ke Dana a.n. Fajar"
	}
	if t.kind == word && !p.tokens[start].newline {
		switch p.lower(k) {
		case "dan", "and":
			if b := p.at(k - 1); b.capital && p.covered[k-1] == "" && !b.newline {
				return true // "oleh Hendra dan Yusuf"
			}
		case "oleh", "kepada", "ke", "lihat", "liat", "bertemu", "ketemu", "menurut", "transfer", "by", "from", "sama", "captain", "bendesa":
			return true
		case "an":
			return p.person(k) <= 0 || p.taken(k-1, k) && p.covered[k-1] == BankAccount
		}
		if t.class&(cBoss|cRole|nWorkHead) != 0 && t.class&(cKin|cTitle|cWitness|cSelf) == 0 && !p.selfNear(k, 4) {
			return true
		}
		if low := p.lower(k); !t.capital && t.class&^(cCommon|cStop) == 0 && (strings.HasPrefix(low, "di") || strings.HasPrefix(low, "me")) && len(low) > 5 && !calls(low) {
			return true
		}
	}
	if p.tokens[start].opening && p.at(end).kind == word && !p.at(end).newline && p.at(end).class&(cSelf|cContact|cOrigin|cLives|nPhone) == 0 && p.lower(end) != "di" && p.lower(end) != "here" {
		return true // "Budi menolak"
	}
	for n := start - 1; n >= 0 && start-n < 14; n-- {
		if p.is(n, cKin) && p.othersBefore(n) && start-n < 4 || accuses(p.lower(n)) && p.at(n+1).kind == word && start-n < 9 && p.lower(n-1) != "yang" {
			return true
		}
		if p.punct(n, ":") && p.is(n-1, cBoss|cRole) && !p.is(n-1, cWitness|cTitle) && !writer(p.lower(n-1)) {
			return true
		}
		if p.tokens[n].opening {
			break
		}
	}
	return p.punct(end, ",") && p.is(end+1, cBoss|cRole) && !p.is(end+1, cKin) && !p.selfNear(start, 8)
}

// calls reports whether a word built like a verb may stand before the reporter's own name.
func calls(low string) bool {
	switch low {
	case "dipanggil", "disapa", "disebut", "disini", "dibawah", "mewakili", "dikenal", "dinamai", "dengan", "melalui":
		return true
	}
	return false
}

// familyNear reports whether a word for family or friends, or a name of theirs, stands near the name in tokens [start, end).
func (p *page) familyNear(start, end int) bool {
	for k := start - 1; k >= 0 && start-k < 16; k-- {
		if p.is(k, cKin|cWitness) || p.covered[k] == RelativeName {
			return true
		}
	}
	for n := range 5 {
		if p.is(end+n, cKin) {
			return true
		}
	}
	return false
}
