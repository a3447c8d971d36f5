package scrub

import (
	_ "embed"
	"maps"
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

// model is what was fitted: how much each feature speaks for each tag, and how well one tag follows another. The features stand in the order of
// their first bits, packed: every token asks for some forty, and all there are stay near the processor.
type model struct {
	features []weighed
	hints    [1 << hintBits / 64]uint64 // a bit for the beginning of each feature that there is: most answers are no
	first    [1<<hintBits/64 + 1]uint16 // where the features of 64 hints begin
	follow   [joints]([tags]marksOf)
}

const hintBits = 18

// weighed is a feature's last 32 bits and, above them, ten bits of what it says for each tag but none.
type weighed uint64

const weightBits = 10

func weighedOf(f feature, weights [tags - 1]int) weighed {
	w := weighed(uint32(f))
	for k, weight := range weights {
		if weight != weight<<(64-weightBits)>>(64-weightBits) {
			panic("scrub: a weight beyond its bits")
		}
		w |= weighed(weight) << (64 - weightBits) >> (64 - weightBits) << (32 + weightBits*k)
	}
	return w
}

// weight is what is said for tag k+1.
func (w weighed) weight(k int) int32 {
	return int32(int64(w) << (32 - weightBits*(k+1)) >> (64 - weightBits))
}

func (f feature) hint() uint64 { return uint64(f >> (64 - hintBits)) }

// weigh is what features say together; it uses up the list. Those that there may be go to its front first, without a branch that the
// processor would guess wrong every other time, so that it can fetch the weights of several at once.
func (m *model) weigh(features []feature) (sum marksOf) {
	there := 0
	for _, f := range features {
		hint := f.hint()
		features[there] = f
		there += int(m.hints[hint/64] >> (hint % 64) & 1)
	}
	for _, f := range features[:there] {
		hint := f.hint()
		at := int(m.first[hint/64]) + bits.OnesCount64(m.hints[hint/64]&(1<<(hint%64)-1))
		for end := int(m.first[hint/64+1]); at < end; at++ { // a step or two on where features share a hint
			if w := m.features[at]; uint32(w) == uint32(f) {
				sum[tagSelf] += w.weight(0)
				sum[tagRelative] += w.weight(1)
				sum[tagHome] += w.weight(2)
				break
			}
		}
	}
	return sum
}

var fitted = sync.OnceValue(func() *model { return readModel(weightFile) })

// readModel reads "template symbol symbol self relative home" a line, in hundredths; how a tag follows another is "follow joint tag ...".
func readModel(file string) *model {
	m := &model{}
	byName := map[string]uint8{}
	for i, name := range templateNames {
		byName[name] = uint8(i)
	}
	weights := map[feature]weighed{}
	for line := range strings.Lines(file) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(fields) < 6 {
			continue
		}
		var w [tags - 1]int
		for i := range w {
			n, err := strconv.Atoi(fields[3+i])
			if err != nil {
				panic("scrub: weights: " + line)
			}
			w[i] = n
		}
		if fields[0] == "follow" {
			m.follow[fields[1][0]-'0'][fields[2][0]-'0'] = marksOf{tagSelf: int32(w[0]), tagRelative: int32(w[1]), tagHome: int32(w[2])}
			continue
		}
		f := featureOf(byName[fields[0]], readSymbol(fields[1]), readSymbol(fields[2]))
		weights[f] = weighedOf(f, w)
	}
	for _, f := range slices.Sorted(maps.Keys(weights)) {
		hint := f.hint()
		m.features = append(m.features, weights[f])
		m.hints[hint/64] |= 1 << (hint % 64)
		m.first[hint/64+1] = uint16(len(m.features))
	}
	for i := range m.first[1:] { // where no feature begins
		m.first[i+1] = max(m.first[i+1], m.first[i])
	}
	return m
}

func readSymbol(s string) symbol {
	if s == "" {
		return 0
	}
	return symbolOf(s)
}

// never is what keeps a sequence from beginning with any tag but none.
var never = marksOf{0, -9900, -9900, -9900}

// tag gives tokens [from, end) the sequence of tags between two that have none that is best with caution taken off, in p.tags. It reports
// whether one of them has a tag.
func (m *model) tag(p *page, from, end int) (any bool) {
	p.paths, p.tags = p.paths[:0], slices.Grow(p.tags[:0], end-from)[:end-from]
	score := never
	var list [templates + 8]feature
	for i := from; i < end; i++ {
		here := m.weigh(p.see(i, &p.standings[i-from], list[:0], nil))
		follow := &m.follow[p.joint(i)]
		var next marksOf
		var path [tags]tag
		for k := range next {
			best := 0
			for a := 1; a < len(score); a++ {
				if score[a]+follow[a][k] > score[best]+follow[best][k] {
					best = a
				}
			}
			path[k] = tag(best)
			next[k] = score[best] + follow[best][k] + here[k] - caution[k]
		}
		p.paths, score = append(p.paths, path), next
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
	for i := end - from - 1; i >= 0; i-- {
		p.tags[i], any = last, any || last != tagNone
		last = p.paths[i][last]
	}
	return any
}

// caution is how much better a tag must be than none: what is taken out in error cannot be brought back by whoever reads the report.
var caution = marksOf{0, 350, 300, 150}

// worthwhile is what the best token of a run must reach by quick for the whole run to be worth reading: of the runs that hold something 995 in
// 1000 do, of the others a third.
const worthwhile = 35

// worth reports whether tokens [from, end) are worth reading.
func (m *model) worth(p *page, from, end int) bool {
	for i := from; i < end; i++ {
		if m.quick(p, i, &p.standings[i-from]) >= worthwhile {
			return true
		}
	}
	return false
}

// quick is how well the best tag does for token i by the features that tell most.
func (m *model) quick(p *page, i int, at *standing) int32 {
	s, before, after := p.sight(i), p.sight(i-1), p.sight(i+1)
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
