package scrub

import "slices"

// cueClass are the classes of words that say of whom or what is spoken.
const cueClass = cSelf | cKin | cLives | cDwelling | cBoss | cOrg | cRole | cTitle | cVehicle | cStreetHead | cOwned | cWitness

// outlook goes over a text and tells where tokens stand. Most words change nothing for those behind them.
type outlook struct {
	standing standing // of the token that is next, but for what depends on how far it is
	next     int
	since    int // the token that spoke of standing.person
	contact  int // the last token that is given
	// The next token that is given, and the next that speaks of the reporter or begins a sentence.
	ahead, behind int
}

func newOutlook() outlook {
	return outlook{standing: standing{cue: -1, head: -1, label: -1}, contact: -2 * farthest}
}

// look notes how tokens [from, end) stand, in p.standings. They come in order.
func (p *page) look(o *outlook, from, end int) {
	for ; o.next < from; o.next++ {
		o.pass(p, o.next)
	}
	p.standings = slices.Grow(p.standings[:0], end-from)[:end-from]
	for ; o.next < end; o.next++ {
		o.stand(p, o.next, &p.standings[o.next-from])
		o.pass(p, o.next)
	}
}

// stand fills in how token i stands.
func (o *outlook) stand(p *page, i int, s *standing) {
	n := len(p.tokens)
	if p.tokens[i].opening {
		o.begin(p, i)
	}
	for o.ahead = max(o.ahead, i); o.ahead < n && !p.tokens[o.ahead].given; o.ahead++ {
	}
	for o.behind = max(o.behind, i+1); o.behind < n && !p.tokens[o.behind].opening && p.tokens[o.behind].class&cSelf == 0; o.behind++ {
	}
	*s = o.standing
	s.since, s.contact = int32(i-o.since), int32(i-o.contact)
	if o.ahead < n {
		s.contact = min(s.contact, int32(o.ahead-i))
	}
	if o.behind < n && !p.tokens[o.behind].opening {
		s.holds |= holdsBehind
	}
}

// begin begins a sentence or a line at token i.
func (o *outlook) begin(p *page, i int) {
	s := &o.standing
	s.first, s.cue, s.holds = int32(i), -1, s.holds&holdsText
	if p.tokens[i].newline {
		s.label = -1
	}
}

// pass takes in what token i tells of those behind it.
func (o *outlook) pass(p *page, i int) {
	t, s := &p.tokens[i], &o.standing
	if t.opening {
		o.begin(p, i)
	}
	if t.given {
		o.contact = i
	}
	if t.class&cueClass == 0 {
		if t.sign == ':' && i > 0 {
			s.label = int32(i - 1)
		}
		return
	}
	s.head, s.cue = s.cue, int32(i)
	switch {
	case t.class&cSelf != 0:
		s.holds |= holdsSelf | holdsText
	case t.class&cKin != 0 && (t.class&cTitle == 0 || !t.capital):
		s.holds |= holdsKin
	case t.class&(cLives|cDwelling) != 0:
		s.holds |= holdsHome
	case t.class&(cBoss|cRole|cOrg) != 0 && t.class&(cTitle|cStop) == 0:
		s.holds |= holdsOthers
	}
	switch {
	case t.class&cSelf != 0:
		s.person, o.since = 1, i
	case t.class&(cBoss|cRole) != 0 && t.class&(cKin|cTitle|cStop) == 0:
		s.person, o.since = -1, i
	}
}

// sight is token i as the tagger sees it, made when it is first asked for.
func (p *page) sight(i int) *sight {
	switch {
	case i < 0:
		return &startSight
	case i >= len(p.tokens):
		return &endSight
	}
	s := &p.sights[i]
	if s.word == 0 {
		p.describe(s, i)
	}
	return s
}

var (
	startSight = sight{word: symStart, class: symStart, form: symNone}
	endSight   = sight{word: symEnd, class: symEnd, form: symNone}
)

// see lists what tells about token i, which stands as at says; say is told what each feature means.
func (p *page) see(i int, at *standing, to []feature, say func(t uint8, a, b symbol)) []feature {
	add := func(t uint8, a, b symbol) {
		if say != nil {
			say(t, a, b)
		}
		to = append(to, featureOf(t, a, b))
	}
	s, t := p.sight(i), &p.tokens[i]
	before, after := p.sight(i-1), p.sight(i+1)
	b1, b2, b3, a1, a2, a3 := before.word, p.sight(i-2).word, p.sight(i-3).word, after.word, p.sight(i+2).word, p.sight(i+3).word
	add(fBias, 0, 0)
	add(fWord, s.word, 0)
	add(fShape, s.shape, s.class)
	add(fClass, s.class, 0)
	add(fBefore1, b1, s.shape)
	add(fBefore2, b2, s.shape)
	add(fBefore3, b3, s.shape)
	add(fAfter1, a1, s.shape)
	add(fAfter2, a2, s.shape)
	add(fAfter3, a3, 0)
	add(fClassBefore, before.class, s.shape)
	add(fClassAfter, after.class, s.shape)
	add(fClassBefore2, p.sight(i-2).class, before.class)
	add(fClassAfter2, after.class, p.sight(i+2).class)
	cue, far, class := symNone, 6, symNone
	if k := int(at.cue); k >= 0 {
		cue, class, far = p.sight(k).word, p.sight(k).class, off(i-k-1)
		if at.head >= 0 {
			add(fHead, p.sight(int(at.head)).class, class)
		}
	}
	add(fCue, cue, farSymbols[0][far])
	add(fCueShape, class, s.shape)
	add(fFirst, p.sight(int(at.first)).word, farSymbols[0][off(i-int(at.first))])
	if k := at.label; k >= 0 {
		add(fLabel, p.sight(int(k)).word, s.shape)
		add(fLabel, p.sight(int(k)).word, farSymbols[0][off(i-int(k)-2)])
	}
	who := 0
	if at.person > 0 {
		who = 1
	} else if at.person < 0 {
		who = 2
	}
	since := 6
	if who > 0 {
		since = off(int(at.since) - 1)
	}
	add(fPerson, farSymbols[who][since], 0)
	add(fPersonShape, farSymbols[who][since], s.class)
	add(fPlace, farSymbols[0][off(i)], s.shape)
	add(fEnd, farSymbols[0][off(len(p.tokens)-i-1)], s.shape)
	// What stands before and behind the run of capitals and figures that the token is part of.
	from, end := i, i
	for from > 0 && i-from < 12 && !p.tokens[from].opening && p.runs(from-1) {
		from--
	}
	for end+1 < len(p.tokens) && end-i < 12 && !p.tokens[end+1].opening && p.runs(end+1) {
		end++
	}
	add(fBeyond, p.sight(from-1).word, p.sight(end+1).word)
	add(fBeyond, p.sight(from-1).word, s.class)
	add(fBeyond, p.sight(from-2).word, p.sight(from-1).word)
	add(fBeyond, s.class, p.sight(end+1).word)
	add(fNumber, farSymbols[0][off(int(at.contact))], s.shape)
	add(fFormBefore, before.form, s.shape)
	add(fFormAfter, after.form, s.shape)
	add(fForm, s.form, s.class)
	add(fSentence, sentenceSymbols[at.holds], s.shape)
	if t.opening {
		add(fStart, s.shape, a1)
	}
	return to
}

// runs reports whether token i can be part of a name or an address by its looks.
func (p *page) runs(i int) bool {
	t := &p.tokens[i]
	return !t.given && (t.kind == number || t.kind == word && (t.capital || t.class&cStreet != 0) || t.kind == mark && (t.sign == '.' || t.sign == '/' || t.sign == '-'))
}
