package scrub

// triggers are the classes of words without which a sentence tells nobody's name or home.
const triggers = cSelf | cLives | cWitness

// tokenRun is tokens [from, end).
type tokenRun struct{ from, end int }

// rouse finds the tokens that can be part of what identifies: what may be a name or an address by its looks, a few words behind one that
// speaks of the reporter or the family, or before it, or in a short last sentence. They are in p.roused.
func (p *page) rouse() {
	n := len(p.tokens)
	last, spoke, next := -hotReach-1, -cueReachBack-1, -1 // the last token roused; the last that speaks of the reporter; the next one that does
	signs := n                                            // where a short last sentence begins
	for signs > 0 && !p.tokens[signs-1].opening {
		signs--
	}
	if signs--; n-signs > shortSentence {
		signs = n
	}
	for i := 0; i < n; i++ {
		t := &p.tokens[i]
		if t.opening && !p.tokens[max(0, i-1)].given && !t.newline {
			spoke = min(spoke, i-cueReachBack/2)
		}
		for next < i {
			next = p.nextSpeaking(next + 1)
		}
		if next == i {
			spoke, next = i, p.nextSpeaking(i+1)
		}
		if i-spoke > cueReachBack && i < signs && next-i > cueReachAhead {
			i = min(signs, next-cueReachAhead) - 1 // nothing speaks until then
			continue
		}
		if t.kind == mark || !(t.kind == number && i-last <= 2) && !p.hot(i) {
			continue
		}
		if i-last > hotReach {
			last = i - 1
		}
		for last++; last <= i; last++ {
			p.rouseOne(last)
		}
		last = i
	}
}

// rouseOne adds a token to the runs, unless it is taken already.
func (p *page) rouseOne(i int) {
	if p.tokens[i].given {
		return
	}
	if k := len(p.roused) - 1; k >= 0 && p.roused[k].end == i {
		p.roused[k].end++
	} else {
		p.roused = append(p.roused, tokenRun{i, i + 1})
	}
}

const (
	// hotReach is how many tokens may lie between two that look like a name or an address for those between to be looked at.
	hotReach = 5
	// cueReachBack is how many tokens back the reporter or the family may have been spoken of, and cueReachAhead how many ahead.
	cueReachBack  = 20
	cueReachAhead = 4
)

// nextSpeaking is the first token from i on that speaks of the reporter; beyond reach of any token if none does.
func (p *page) nextSpeaking(i int) int {
	for ; i < len(p.tokens); i++ {
		if p.speaks(i) {
			return i
		}
	}
	return len(p.tokens) + cueReachAhead
}

// speaks reports whether token i speaks of the reporter or the family, or offers something.
func (p *page) speaks(i int) bool {
	t := &p.tokens[i]
	return t.wake != 0 && (t.class&triggers != 0 || t.class&cKin != 0 && (t.class&cTitle == 0 || !t.capital) || t.wake&wTag != 0 || t.opening && t.wake&wName != 0) || t.given
}

// hot reports whether token i looks like part of a name or an address.
func (p *page) hot(i int) bool {
	switch t := &p.tokens[i]; t.kind {
	case number:
		return p.is(i-1, cStreet) || p.is(i-2, cStreet) && p.punct(i-1, "./")
	case word:
		if t.class&^cName == 0 {
			return t.class != 0 || t.capital && !t.opening || p.familiar(i) <= rare
		}
		return t.class&cStreet != 0 && (t.class&cStop == 0 || t.capital || p.at(i+1).capital || p.at(i+1).kind == number) || t.capital && (t.class&cName != 0 || !t.opening && p.runs(i-1) && i > 0)
	}
	return false
}

// shortSentence is how many tokens a last sentence may have that signs a text.
const shortSentence = 10
