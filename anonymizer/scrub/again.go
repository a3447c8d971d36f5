package scrub

import "strings"

// findNamesAgain finds names that were found once wherever else they stand, whole or by one word, unless as part of somebody else's
// longer name: the reporter may share a family name with the accused.
func findNamesAgain(p *page) {
	if len(p.hits) == 0 {
		return
	}
	kinds := map[string]Kind{}
	var begins [256]bool // with which letters the names begin: most words are none by that
	for i, kind := range p.covered {
		if (kind == SelfName || kind == RelativeName) && p.tokens[i].kind == word && p.tokens[i].end-p.tokens[i].start >= 3 && !p.is(i, cTitle) {
			if _, ok := kinds[p.lower(i)]; !ok {
				kinds[p.lower(i)] = kind
				begins[p.lower(i)[0]] = true
			}
		}
	}
	if len(kinds) == 0 {
		return
	}
	for i := 0; i < len(p.tokens); i++ {
		if !begins[p.low[p.tokens[i].start]] {
			continue
		}
		kind, ok := kinds[strings.TrimSuffix(p.lower(i), "'s")]
		if !ok || p.covered[i] != "" || !p.tokens[i].capital && p.is(i, cCommon|cStop|cUnit|cRole) {
			continue
		}
		end := i + 1
		for end < len(p.tokens) && p.covered[end] == "" && kinds[p.lower(end)] != "" && !p.tokens[end].glued {
			end++
		}
		if p.stranger(i, end) {
			i = end - 1
			continue
		}
		p.take(kind, i, end)
		i = end - 1
	}
}

// stranger reports whether words [i, end) belong to a longer name or to a place or firm: a capitalised word that is no title
// or opening word stands beside.
func (p *page) stranger(i, end int) bool {
	if p.is(i-1, cOrg|cStreet) && p.tokens[i-1].kind == word && !p.is(i-1, cTitle) || p.punct(i-1, ".") && p.is(i-2, cStreet|cOrg) && !p.is(i-2, cTitle) {
		return true
	}
	if t := p.at(i - 1); t.kind == word && t.capital && t.class&(cTitle|cStop|cKin|cCommon|cSelf|cContact) == 0 && p.covered[i-1] == "" && !p.opens(i) {
		return true
	}
	if p.punct(i-1, "@._-") && p.tokens[i].glued {
		return true
	}
	t := p.at(end)
	return t.kind == word && t.capital && !t.newline && t.class&(cStop|cCommon|cContact|cRole|cStreet|numberCues) == 0 && p.covered[end] == ""
}
