package scrub

import "strings"

// How freely a name is recognised.
type nameMode uint8

const (
	capitals  nameMode = iota // capitalised words only
	known                     // and lower-case words that are known names
	kindred                   // and one uncommon word that stands where a name would: "istri saya rosna,"
	announced                 // and any uncommon word: the words before have announced a name
)

// longestName is how many words a name may have.
const longestName = 5

// nameAt reads a name at token i, skipping titles. It returns the name's tokens [start, end); start == end if there is none.
func (p *page) nameAt(i int, mode nameMode) (start, end int) {
	start = p.pastTitles(i)
	end = start
	for words := 0; words < longestName && end < len(p.tokens); words++ {
		t := p.tokens[end]
		if end > start && t.newline && !(mode == announced && words == 1 && p.lastOfLine(end) && !p.punct(end+1, ":")) {
			break
		}
		if end > start && t.glued && !p.punct(end-1, "-.'") {
			break
		}
		if p.connector(end) && words > 0 {
			end++
			if p.punct(end, ".") && p.tokens[end].glued {
				end++
			}
			continue
		}
		if !p.nameWord(end, mode, words) {
			break
		}
		end++
		if (t.end-t.start <= 2 || shortName(p.lower(end-1))) && p.punct(end, ".") && p.tokens[end].glued { // an initial
			if end+1 < len(p.tokens) && p.nameWord(end+1, capitals, words+1) || words > 0 {
				end++
			}
		}
		if p.punct(end, "-") && p.at(end).glued && p.at(end+1).glued && p.at(end+1).capital && p.at(end+1).kind == word {
			end++
		}
	}
	for end > start && (p.connector(end-1) || p.punct(end-1, "-")) {
		end--
	}
	if end-start == 1 && p.tokens[start].end-p.tokens[start].start < 2 {
		return start, start
	}
	return start, end
}

func (p *page) lastOfLine(i int) bool { return i+1 >= len(p.tokens) || p.tokens[i+1].newline }

// pastTitles skips titles and the full stops after them. A title that nothing follows may be part of a name.
func (p *page) pastTitles(i int) int {
	for range 4 {
		t := p.at(i)
		if t.class&cRank != 0 && t.capital && (p.is(i-1, cSelf|cRank) || p.punct(i-1, ",")) {
			if next := p.pastRank(i + 1); next > i+1 || p.at(next).capital {
				i = next
				continue
			}
		}
		if t.class&cKin != 0 && !t.capital && p.is(i-1, cSelf) && p.at(i+1).capital && p.is(i+1, cName) && !p.at(i+1).newline {
			i++ // "saya opa Hengky"
			continue
		}
		if t.kind != word || t.class&cTitle == 0 {
			return i
		}
		next := i + 1
		if p.punct(next, ".") && p.at(next).glued {
			next++
		}
		if p.at(next).kind != word || p.at(next).newline {
			return i
		}
		i = next
	}
	return i
}

// shortName reports whether a word is a name cut short: "Muh. Ilham".
func shortName(low string) bool {
	switch low {
	case "muh", "moh", "abd", "chr", "fx", "yoh", "fr", "sit", "moch", "mohd":
		return true
	}
	return false
}

// pastRank skips "(Purn)" and the full stop behind a rank.
func (p *page) pastRank(i int) int {
	if p.punct(i, "(") && p.lower(i+1) == "purn" {
		for i += 2; p.punct(i, ".)"); i++ {
		}
	}
	return i
}

// connector joins parts of a name: "bin", "Dg.", "van".
func (p *page) connector(i int) bool {
	switch p.lower(i) {
	case "bin", "binti", "br", "boru", "ibn", "bte", "al", "el", "la", "le", "van", "de", "da", "dg", "der", "den", "ul":
	default:
		return false
	}
	next := p.at(i + 1)
	if p.punct(i+1, ".") {
		next = p.at(i + 2)
	}
	return next.kind == word && next.capital && !next.newline
}

// nameWord reports whether token i can be the word of that place in a name.
func (p *page) nameWord(i int, mode nameMode, place int) bool {
	t := p.at(i)
	if t.kind != word {
		return false
	}
	if t.class&cName != 0 {
		return t.capital || mode == announced && (place == 0 || t.class&cCommon == 0 || p.closes(i+1)) ||
			mode == kindred && place == 0 && t.class&(cStop|cSelf|cRole) == 0 && (t.class&cCommon == 0 || p.closes(i+1)) ||
			mode == known && t.class&(cStop|cCommon|cKin|cTitle|cSelf|cRole) == 0
	}
	size := t.end - t.start
	if low := p.lower(i); t.capital && place == 0 && (low == "i" || low == "ni") {
		next := p.at(i + 1)
		return next.kind == word && next.capital && !next.newline && next.class&(cStop|cSelf) == 0 // "I Made", "Ni Luh"
	}
	if t.capital && p.at(i+1).capital && !p.at(i+1).newline && (t.class&(cKin|cTitle) == cKin && (place > 0 || mode >= kindred) || place == 0 && p.honour(i)) {
		return true // "Cokorda Istri Agung", "Lalu Zainul"
	}
	if t.capital {
		if place == 0 && mode == announced && p.is(i-1, cTitle) && p.closes(i+1) && t.class&(cOrg|cRole|cSelf|cMonth|cDay) == 0 {
			return true // "Pak Min"
		}
		if t.class&(cStop|cMonth|cDay|cOrg|cSelf|cVehicle|numberCues) != 0 || t.class&(cStreet|cContact|cRole|cKin) != 0 {
			return false
		}
		if t.shout && size <= 4 && place == 0 && p.tooQuiet(i) {
			return false // an acronym
		}
		return t.class&cCommon == 0 || place > 0 || mode >= kindred && (!p.opens(i) || p.closes(i+1)) || size == 1
	}
	if mode == kindred && place == 0 && p.smallName(i) {
		return true
	}
	if mode < kindred || size < 3 || t.class != 0 || mode == kindred && (place > 0 || !p.closes(p.ahead(i)) || verbal(p.lower(i))) {
		return false
	}
	return place == 0 || place == 1 && !p.at(i-1).capital
}

// smallName reports whether the word at i, in small letters, is a name by what goes on behind it: "temenku caca juga kena".
func (p *page) smallName(i int) bool {
	t := p.at(i)
	if t.kind != word || t.class&^cName != 0 || t.end-t.start < 3 || verbal(p.lower(i)) || t.newline {
		return false
	}
	switch p.lower(i + 1) {
	case "sm", "sama", "dan", "jg", "juga", "yg", "yang", "kemarin", "kmrn", "kena", "udah", "udh", "sudah", "sdh", "lagi", "lg", "pernah", "mau", "bisa", "ikut", "sakit", "sampe", "sampai", "malah", "masih", "cuma", "skrg", "sekarang", "blm", "belum":
		return p.at(i+1).kind == word
	}
	return false
}

// honour reports whether the everyday word at i is an honour that begins a name: "Lalu" in Lombok, "Anak Agung" in Bali, "Wa Ode" in Buton.
func (p *page) honour(i int) bool {
	switch p.lower(i) {
	case "lalu":
		return !p.opens(i)
	case "anak":
		return p.lower(i+1) == "agung"
	case "wa":
		return p.lower(i+1) == "ode"
	}
	return false
}

// tooQuiet reports whether the words around are not in capitals, so that capitals mean an acronym.
func (p *page) tooQuiet(i int) bool {
	return !(p.at(i+1).kind == word && p.at(i+1).shout && p.at(i+1).end-p.at(i+1).start > 3)
}

// ahead is the token behind the word at i, past a number of years in brackets or a telephone.
func (p *page) ahead(i int) int {
	if p.at(i+1).kind == number {
		return len(p.tokens)
	}
	return i + 1
}

// verbal reports whether a word is built like a verb or an abstract noun of Indonesian.
func verbal(low string) bool {
	for _, prefix := range []string{"di", "ke", "me", "be", "ter", "pe", "nge", "ny", "se", "ng"} {
		if strings.HasPrefix(low, prefix) && len(low) > len(prefix)+3 {
			return true
		}
	}
	for _, suffix := range []string{"an", "kan", "nya", "in", "lah", "kah", "pun"} {
		if strings.HasSuffix(low, suffix) && len(low) > len(suffix)+3 {
			return true
		}
	}
	return false
}
