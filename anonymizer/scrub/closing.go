package scrub

// longestClosing is how many tokens before the end of a text a signature may begin.
const longestClosing = 60

// findClosingNames finds signatures: behind "hormat saya", and as a last sentence that is only a name, with or without contact details.
func findClosingNames(p *page) {
	for i := range p.awake(wSignoff) {
		if p.signOff(i, len(p.tokens)-i <= longestClosing) {
			p.signature(i, false)
		} else if p.signOff(i, true) {
			p.signature(i, true) // a postscript may follow
		}
	}
	p.lastSentences()
	p.lastWord()
	p.onBehalf()
}

// signOff reports whether the words at i end a letter, late in it.
func (p *page) signOff(i int, late bool) bool {
	switch p.lower(i) {
	case "hormat":
		return p.is(i+1, cSelf) || p.lower(i-1) == "salam" || p.closes(i+1) && !p.opensWith(i)
	case "salam", "wassalam", "wassalamualaikum", "wslm", "regards", "sincerely", "respectfully":
		return late && !p.opensText(i)
	case "ttd", "tertanda":
		return true
	case "kasih", "makasih", "terimakasih", "trims", "thanks", "suwun", "nuwun", "nuhun", "tks", "thx", "you", "tq", "mksh", "makasi", "trmksh", "matursuwun", "horas", "mauliate", "tabik", "sekian", "hatur":
		return late
	case "dari", "pengirim", "warga", "oleh", "from", "by":
		return late && p.opens(i)
	case "melaporkan", "pelapor", "pengadu", "pemohon":
		return late && (p.closes(i+1) || p.opens(i))
	}
	return false
}

func (p *page) opensText(i int) bool { return i < 12 && len(p.tokens) > 24 }
func (p *page) opensWith(i int) bool { return p.lower(i-1) == "dengan" }

// signature takes the name behind a sign-off; strictly only one that stands alone on its line.
func (p *page) signature(i int, strictly bool) {
	k := i + 1
	for range 12 {
		switch p.lower(k) {
		case "saya", "kami", "sy", "dari", "dr", "from", "keluarga", "segenap", "hormat", "sejahtera", "hangat", "sehat", "takzim", "lestari", "perjuangan", "kula", "abdi", "n", "a", "wr", "wb", "banyak", "ya", "min", "atas", "perhatiannya", "kak", "sekeluarga", "selaku", "sebelumnya", "sblmnya", "pelapor", "admin", "pak", "bu", "best", "for", "your":
			if p.is(k, cTitle) && p.at(k+1).kind == word && !p.at(k+1).newline {
				break
			}
			k++
			continue
		}
		if p.at(k).kind == mark && !p.punct(k, "@") {
			k++
			continue
		}
		break
	}
	start, end := p.nameAt(k, announced)
	if strictly && !(p.lastOfLine(end-1) && (p.at(k).newline || p.punct(k-1, ",-"))) {
		return
	}
	if start < end && p.ends(end) && !p.taken(start, end) && (p.tokens[start].capital || p.is(start, cName)) && !p.is(start, cMonth|cDay) {
		p.takeName(SelfName, start, end)
	}
}

// lastSentences looks at the last few sentences: one that is a name alone, or a name and then contact details, signs the text.
func (p *page) lastSentences() {
	seen := 0
	for i := len(p.tokens) - 1; i >= 0 && len(p.tokens)-i <= longestClosing && seen < 4; i-- {
		if p.tokens[i].opening {
			seen++
		} else if before := &p.tokens[max(0, i-1)]; before.kind != mark || before.sign != '-' && before.sign != '~' && before.sign != '/' {
			continue
		}
		p.signed(i)
	}
}

func (p *page) signed(i int) {
	dash := p.punct(i, "-~") || p.punct(i-1, "-~/") && !p.tokens[i].glued
	k := i
	for p.punct(k, "-~*_(") {
		k++
	}
	if first := p.at(k); !dash && first.class&(cStop|cCommon) != 0 && first.class&(cTitle|cName|cWitness|cRole|cKin|cContact) == 0 &&
		!p.punct(k+1, ",") && !p.punct(k+2, ",") && !p.punct(k+3, ",") {
		return // an everyday word begins no name, as most sentences show
	}
	mode := known
	if p.is(k, cWitness|cRole) && p.at(k).capital && p.at(k).class&(cBoss|cNya|cTitle) == 0 || p.lower(k) == "pelapor" { // "Saksi Budi Santoso" at the very end
		if start, end := p.nameAt(k+1, capitals); start == k+1 && start < end && p.onlySymbols(end) && !p.taken(start, end) {
			p.takeName(SelfName, start, end)
			return
		}
	}
	for n := 1; n <= 2; n++ { // "Bandung, Asep." at the very end
		if p.punct(k+n, ",") && p.at(k).capital && !p.is(k, cTitle|cOrg|cSelf) {
			if start, end := p.nameAt(k+n+1, capitals); start == k+n+1 && start < end && p.onlySymbols(end) && !p.taken(start, end) && (p.is(start, cName) || end-start > 1) {
				p.takeName(SelfName, start, end)
				return
			}
		}
	}
	for n := 1; n <= 3 && len(p.tokens)-i < 12; n++ { // "tolong, Ayu Lestari" at the very end
		if t := p.at(k + n - 1); t.kind != word || t.capital && n > 1 || t.class&(cRole|cBoss|cOrg|cNya|cKin) != 0 {
			break
		}
		if p.punct(k+n, ",") {
			if start, end := p.nameAt(k+n+1, capitals); start == k+n+1 && start < end && p.onlySymbols(end) && p.nameLike(start, end) && !p.taken(start, end) {
				p.takeName(SelfName, start, end)
				return
			}
		}
	}
	start, end := p.nameAt(k, mode)
	if start == end && dash && p.onlySymbols(k+1) && (p.at(k).newline || p.punct(k-2, "-~.!")) {
		start, end = p.nameAt(k, announced) // "-- aco"
	}
	if start == end || p.taken(start, end) {
		return
	}
	titled := start > k
	contact := p.contactFollows(end) && (p.closes(end) || p.at(end).kind == number || p.is(end, nPhone|nNumber|cContact))
	if dash && p.punct(end, ",") && p.at(end+1).capital && (p.onlySymbols(end+2) || p.onlySymbols(end+3)) {
		p.takeName(SelfName, start, end) // "- Devi, Bandung"
		return
	}
	if p.punct(end, "(") { // "Bu Lestari (RT 09)" at the very end
		for n := 1; n <= 6; n++ {
			if p.punct(end+n, ")") && p.onlySymbols(end+n) && (titled || p.is(start, cName)) {
				p.takeName(SelfName, start, end)
				return
			}
		}
	}
	last := end >= len(p.tokens) || end == len(p.tokens)-1 && p.at(end).kind == mark || p.onlySymbols(end)
	knownName := false
	for n := start; n < end; n++ {
		if p.is(n, cName) && (!p.is(n, cCommon) || p.tokens[n].capital) {
			knownName = true
		}
	}
	switch {
	case contact && (knownName || dash || end-start >= 2):
	case last && dash:
	case titled && !p.at(start).capital && p.opens(i) && p.punct(end, ",") && len(p.tokens)-end < 8: // "bu eni, warung kopi sebelah TPS"
	case last && titled && p.at(start).capital && i > 0:
	case last && (knownName || end-start >= 2 && i > 0):
	case titled && p.punct(end, ",") && p.is(end+1, cStreetHead) && len(p.tokens)-end < 30:
	case (knownName || end-start >= 2) && p.punct(end, ",") && p.addressHead(end+1) && p.onlySymbols(p.addressEnd(end+1)): // "Iwan Kurnia, Jl. Ciwastra No. 77."
	default:
		return
	}
	if p.is(k, cOrg) || start > 0 && p.is(start-1, cOrg) {
		return
	}
	p.takeName(SelfName, start, end)
}

// lastWord takes a name in small letters that ends the text behind a contact of the reporter's: "ini wa gue 0812..., irul".
func (p *page) lastWord() {
	if len(p.hits) == 0 {
		return
	}
	i := len(p.tokens) - 1
	for i > 0 && p.tokens[i].kind == mark {
		i--
	}
	if open := i - 1; p.punct(i+1, ")") { // "Novi (Novianti Rahayu)"
		for open > 0 && i-open < longestName && p.tokens[open].kind == word {
			open--
		}
		if start, end := p.nameAt(open+1, capitals); p.punct(open, "(") && p.covered[max(0, open-1)] == SelfName && start == open+1 && end == i+1 {
			p.takeName(SelfName, start, end)
		}
		return
	}
	if i < 2 || p.tokens[i].kind != word || p.tokens[i].class&^cName != 0 || p.tokens[i].end-p.tokens[i].start < 3 || p.covered[i] != "" || !p.punct(i-1, ",-~/") && !p.tokens[i].newline {
		return
	}
	before := i - 1
	if p.tokens[before].kind == mark {
		before--
	}
	if k := p.covered[before]; k == Phone || k == Email || k == HomeAddress {
		p.takeName(SelfName, i, i+1)
	}
}

func (p *page) onlySymbols(i int) bool {
	for ; i < len(p.tokens); i++ {
		if t := p.tokens[i]; t.kind == number || t.kind == word {
			return false
		}
	}
	return true
}

// petitions reports whether a word is what a reporter does.
func petitions(low string) bool {
	switch low {
	case "melaporkan", "melapor", "lapor", "mengadukan", "mengadu", "memohon", "mohon", "menyampaikan", "meminta", "keberatan", "mengajukan", "ingin", "mau", "dengan", "bermaksud":
		return true
	}
	return false
}

// onBehalf follows "a.n. Forum Warga, Tarsono, 0821..." where it begins a sentence.
func (p *page) onBehalf() {
	for i := range p.awake(wSignoff) {
		k, late := 0, len(p.tokens)-i < 8 && p.punct(i-1, ",.")
		switch {
		case p.lower(i) == "a" && p.punct(i+1, "./") && p.lower(i+2) == "n" && (p.opens(i) || late):
			k = i + 3
		case p.lower(i) == "mewakili" || p.lower(i) == "an" && (p.opens(i) || late):
			k = i + 1
		case p.lower(i) == "atas" && p.lower(i+1) == "nama" && (p.opens(i) || late):
			k = i + 2
		default:
			continue
		}
		if p.punct(k, ".:") {
			k++
		}
		first := k
		for n := 0; n < 10; n, k = n+1, k+1 {
			if p.punct(k, ",:") {
				start, end := p.nameAt(k+1, capitals)
				if start < end && p.ends(end) && !p.taken(start, end) {
					p.takeName(SelfName, start, end)
					first = -1
				}
				break
			}
		}
		if first < 0 {
			continue
		}
		start, end := p.nameAt(first, capitals)
		if start < end && !p.taken(start, end) && (p.is(start, cName) || end-start > 1) && (p.closes(end) || p.is(end, cSelf) || petitions(p.lower(end))) {
			p.takeName(SelfName, start, end)
		}
	}
}
