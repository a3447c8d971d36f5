package scrub

import "strings"

// findHandles finds the reporter's own accounts in social networks: "ig gue @...", "akun saya ...", "DM ke ...". Those of others stay.
func findHandles(p *page) {
	for i := range p.awake(wAccount) {
		start, end := 0, 0
		switch {
		case p.punct(i, "@") && p.at(i+1).glued && p.at(i+1).kind != mark && !(i > 0 && p.tokens[i].glued && p.tokens[i-1].kind != mark):
			start, end = i, p.handleEnd(i+1)
		case p.network(i) && p.punct(i+1, ".") && p.lower(i+2) == "com" || p.network(i) && p.punct(i+1, ".") && p.lower(i+2) == "me":
			if start = i; p.punct(i+3, "/") {
				end = p.handleEnd(i + 4)
			}
		case p.network(i):
			start = p.pastNetwork(i + 1)
			if end = p.handleEnd(start); end > start && !p.handleLike(start, end) {
				end = start
				if first, last := p.nameAt(start, capitals); first < last && p.is(start-1, cSelf) && (p.closes(last) || last-first > 1) || p.ownPage(start, first, last) || first < last && p.opens(i) && p.punct(i+1, ":") && p.closes(last) {
					end = last // "fb saya Cut Intan Rahayu"
				}
			}
		case invites(p.lower(i)):
			for start = i + 1; start < i+5; start++ {
				if end = p.handleEnd(start); end > start+2 && p.punct(start+1, "._") && p.tokens[start].kind == word && !p.abbreviation(start+1) {
					break // "DM ke lapor.pak.bogor"
				}
				end = start
			}
		default:
			continue
		}
		for p.punct(start-1, "/.:") && start > 1 && p.at(start).glued && (p.lower(start-2) == "www" || p.lower(start-2) == "https" || p.lower(start-2) == "http" || p.punct(start-2, "/:")) { // "https://www."
			start -= 2
		}
		if end > start && !p.allTaken(start, end) && p.ownAccount(i, end) && !p.fake(i) {
			p.take(Handle, start, end)
		}
	}
}

// fake reports whether the sentence before token i tells of a false account.
func (p *page) fake(i int) bool {
	for k := i - 1; k >= 0 && i-k < 12; k-- {
		switch p.lower(k) {
		case "palsu", "fake", "penipu", "bodong", "abal", "tiruan", "hoax", "hoaks":
			return true
		case "asli", "saya", "real":
			if p.network(k - 1) {
				return false
			}
		}
		if p.opens(k) {
			break
		}
	}
	return false
}

// ownPage reports whether the name [first, last) at token start is that of the reporter's page: "fb gue namanya Intan".
func (p *page) ownPage(start, first, last int) bool {
	if first != start || first == last || !p.closes(last) {
		return false
	}
	for k := start - 1; k >= 0 && k > start-5; k-- {
		if p.is(k, cSelf|cKu) && p.network(k-1) || p.is(k, cKu) && p.network(k) {
			return true
		}
		if p.opens(k) {
			break
		}
	}
	return false
}

// invites reports whether a word invites to write to an account.
func invites(low string) bool {
	switch low {
	case "dm", "japri", "inbox", "mention", "colek", "tag", "follow", "pm", "ngedm":
		return true
	}
	return false
}

func (p *page) network(i int) bool {
	low := strings.TrimSuffix(p.lower(i), "nya")
	switch low {
	case "ig", "instagram", "insta", "fb", "facebook", "twitter", "tiktok", "tiktokku", "igku", "fbku", "telegram", "tele", "line", "discord", "github", "linkedin", "threads", "youtube", "akun", "akunku", "username", "medsos", "x", "t":
		return p.at(i).kind == word
	}
	return false
}

// pastNetwork skips what stands between the network's name and the account.
func (p *page) pastNetwork(k int) int {
	for range 5 {
		switch p.lower(k) {
		case "saya", "sy", "gue", "gw", "aku", "akun", "id", "nya", "adalah", "itu", "namanya", "nama", "fb", "ig", "ku", "is", "di", "ke":
			k++
			continue
		}
		if p.punct(k, ":=/(") {
			k++
			continue
		}
		break
	}
	return k
}

// handleEnd walks over the letters, figures, dots and underscores of an account.
func (p *page) handleEnd(k int) int {
	end := k
	for end < len(p.tokens) && end-k < longestAddress && (end == k || p.tokens[end].glued) && (p.tokens[end].kind != mark || p.punct(end, "._-/@")) {
		end++
	}
	for end > k && p.punct(end-1, ".-/") {
		end--
	}
	return end
}

// handleLike reports whether what follows a network's name looks like an account: a mark or a figure inside, or one odd word.
func (p *page) handleLike(start, end int) bool {
	if end-start > 1 {
		return true
	}
	t := p.at(start)
	return t.kind == word && !t.capital && t.class == 0 && t.end-t.start >= 4 && p.closes(end)
}

// ownAccount reports whether the account in tokens [i, end) is the reporter's: "saya" stands at most two words before it, or
// within it ("fb saya budi.s"), or the reporter's name, number or an invitation to write stands before it in the sentence.
func (p *page) ownAccount(i, end int) bool {
	for k := i; k < end; k++ {
		if p.tokens[k].class&(cSelf|cKu) != 0 && p.at(k).kind == word && (k == i || p.tokens[k].class&cStop == 0) && !p.tokens[k].glued {
			return true
		}
	}
	for k := end; k < end+4 && k < len(p.tokens) && !p.punct(k, ".,;!?"); k++ {
		if p.is(k, cSelf) && (p.network(k-1) || p.is(k-1, cOwned)) {
			return true // "@... itu akun gue"
		}
	}
	if p.opens(i) && p.network(i) && p.onlySymbols(end) || p.punct(i, "@") && p.network(i-1) && p.opens(i-1) && p.onlySymbols(end) {
		return true // "Twitter @cakipul_sby" at the very end
	}
	if invites(p.lower(i)) {
		return true
	}
	if p.network(i) && p.opens(i) && p.punct(i+1, ":") {
		return true // "ig: budi.lapor" as a line of its own
	}
	words := 0
	for k := i - 1; k >= 0 && i-k < lookBack && words < 8; k-- {
		if p.punct(k, "!?;") || p.punct(k, ".") && p.opens(k+1) && words > 0 && p.covered[k] == "" {
			return false
		}
		switch p.covered[k] {
		case SelfName, Phone, Email, Birthdate, WorkplaceID, RelativeName:
			return true
		}
		if p.covered[k] == Handle && p.covered[k+1] == "" && (p.punct(k+1, ",/(") || p.lower(k+1) == "atau" || p.lower(k+1) == "dan" || p.lower(k+1) == "di") {
			return true
		}
		if p.tokens[k].kind != word {
			continue
		}
		if !p.network(k) {
			words++
		}
		if (p.tokens[k].class&(cSelf|cKu) != 0 || p.lower(k) == "ku") && words <= 2 {
			return true
		}
		switch p.lower(k) {
		case "dm", "follow", "hubungi", "kontak", "inbox", "mention", "colek", "hub", "japri", "reach", "contact":
			return true
		case "pelaku", "oknum", "namanya", "dia", "terlapor", "penipu", "penjual", "dari", "dr", "oleh":
			return false
		}
	}
	return false
}
