package scrub

import (
	_ "embed"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed lexicon/weights.txt
var weightFile string

// joint says what stands between two tokens: nothing, a mark, the end of a sentence or line.
const (
	joinPlain = iota
	joinMark
	joinBreak
	joints
)

func (p *page) joint(i int) int {
	switch t := &p.tokens[i]; {
	case t.opening:
		return joinBreak
	case t.kind == mark || i > 0 && p.tokens[i-1].kind == mark:
		return joinMark
	}
	return joinPlain
}

// model is what was fitted: how much each feature speaks for each tag, and how well one tag follows another. The features are a hash
// table of their own: every token asks for some forty.
type model struct {
	features []weighed                  // a power of two
	hints    [1 << hintBits / 64]uint64 // a bit for each feature that there is: small enough to stay near the processor, and most answers are no
	follow   [joints]([tags]marksOf)
}

// weighed is a feature with what it says for each tag but none. What its slot does not tell of the hash is the key; 0 for none.
type weighed struct {
	key     uint32
	weights [tags - 1]int16
}

const hintBits = 18

// weigh is what features say together; it uses up the list. Those that there are go to its front first, without a branch that the
// processor would guess wrong every other time, so that it can fetch the weights of several at once.
func (m *model) weigh(features []feature) (sum marksOf) {
	there := 0
	for _, f := range features {
		hint := f >> (64 - hintBits)
		features[there] = f
		there += int(m.hints[hint/64] >> (hint % 64) & 1)
	}
	for _, f := range features[:there] {
		w := &m.slot(f).weights
		sum[tagSelf] += int32(w[0])
		sum[tagRelative] += int32(w[1])
		sum[tagHome] += int32(w[2])
	}
	return sum
}

var fitted = sync.OnceValue(func() *model { return readModel(weightFile) })

// readModel reads "template symbol symbol self relative home" a line, in hundredths; how a tag follows another is "follow joint tag ...".
func readModel(file string) *model {
	size := 1 << bits.Len(uint(2*strings.Count(file, "\n")))
	m := &model{features: make([]weighed, size)}
	byName := map[string]uint8{}
	for i, name := range templateNames {
		byName[name] = uint8(i)
	}
	for line := range strings.Lines(file) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(fields) < 6 {
			continue
		}
		var w [tags - 1]int16
		for i := range w {
			n, err := strconv.ParseInt(fields[3+i], 10, 16)
			if err != nil {
				panic("scrub: weights: " + line)
			}
			w[i] = int16(n)
		}
		if fields[0] == "follow" {
			m.follow[fields[1][0]-'0'][fields[2][0]-'0'] = marksOf{tagSelf: int32(w[0]), tagRelative: int32(w[1]), tagHome: int32(w[2])}
			continue
		}
		f := featureOf(byName[fields[0]], readSymbol(fields[1]), readSymbol(fields[2]))
		*m.slot(f) = weighed{f.key(), w}
		m.hints[f>>(64-hintBits)/64] |= 1 << (f >> (64 - hintBits) % 64)
	}
	return m
}

func readSymbol(s string) symbol {
	if s == "" {
		return 0
	}
	return symbolOf(s)
}

// key is what of a feature the table compares.
func (f feature) key() uint32 { return uint32(f>>32) | 1 }

// slot is where a feature stands, or would.
func (m *model) slot(f feature) *weighed {
	last, key := len(m.features)-1, f.key()
	for at := int(f) & last; ; at = (at + 1) & last {
		if w := &m.features[at]; w.key == 0 || w.key == key {
			return w
		}
	}
}

// never is what keeps a sequence from beginning with any tag but none.
var never = marksOf{0, -9900, -9900, -9900}

// tag gives the tokens that may have one the tag that is best, with caution taken off, in p.tags.
func (m *model) tag(p *page, caution marksOf) {
	n := len(p.alive)
	p.look()
	p.paths = slices.Grow(p.paths[:0], n)[:n]
	for from := 0; from < n; from++ {
		if !p.alive[from] {
			continue
		}
		end := from + 1
		for end < n && p.alive[end] {
			end++
		}
		for i := from; i < end; i++ {
			if m.quick(p, i) >= worthwhile {
				m.tagRun(p, from, end, caution)
				break
			}
		}
		from = end
	}
}

// tagRun gives tokens [from, end) the best sequence of tags between two that have none.
func (m *model) tagRun(p *page, from, end int, caution marksOf) {
	score := never
	for i := from; i < end; i++ {
		p.features = p.see(i, p.features[:0], nil)
		here := m.weigh(p.features)
		follow := &m.follow[p.joint(i)]
		var next marksOf
		for k := range next {
			best := 0
			for a := 1; a < len(score); a++ {
				if score[a]+follow[a][k] > score[best]+follow[best][k] {
					best = a
				}
			}
			p.paths[i][k] = tag(best)
			next[k] = score[best] + follow[best][k] + here[k] - caution[k]
		}
		score = next
	}
	if end < len(p.tokens) {
		for k := range score {
			score[k] += m.follow[p.joint(end)][k][tagNone]
		}
	}
	last := tagNone
	for k := range score {
		if score[k] > score[last] {
			last = tag(k)
		}
	}
	for i := end - 1; i >= from; i-- {
		if last != tagNone {
			p.setTag(i, last)
		}
		last = p.paths[i][last]
	}
}

// setTag gives token i a tag. Without any there are no tags.
func (p *page) setTag(i int, t tag) {
	if n := len(p.tokens); len(p.tags) == 0 {
		p.tags = slices.Grow(p.tags, n)[:n]
		clear(p.tags)
	}
	p.tags[i] = t
}

// caution is how much better a tag must be than none: what is taken out in error cannot be brought back by whoever reads the report.
var caution = marksOf{0, 350, 300, 150}

// readTags lets the tagger read the text, before any rule has taken names out of its sight.
func readTags(p *page) {
	if p.rouse() {
		fitted().tag(p, caution)
	}
}

// worthwhile is what the best token of a run must reach by quick for the whole run to be worth reading: of the runs that hold something 995 in
// 1000 do, of the others a third.
const worthwhile = 35

// quick is how well the best tag does for token i by the features that tell most.
func (m *model) quick(p *page, i int) int32 {
	s, before, after, at := p.sight(i), p.sight(i-1), p.sight(i+1), &p.standings[i]
	class := symNone
	if at.cue >= 0 {
		class = p.sight(int(at.cue)).class
	}
	features := [...]feature{
		featureOf(fShape, s.shape, s.class), featureOf(fBefore1, before.word, s.shape), featureOf(fAfter1, after.word, s.shape), featureOf(fCueShape, class, s.shape),
		featureOf(fSentence, sentenceSymbols[at.holds], s.shape), featureOf(fClassBefore, before.class, s.shape), featureOf(fClassAfter, after.class, s.shape),
		featureOf(fBefore2, p.sight(i-2).word, s.shape), featureOf(fFormBefore, before.form, s.shape),
	}
	sum := m.weigh(features[:])
	return max(sum[tagSelf], sum[tagRelative], sum[tagHome])
}
