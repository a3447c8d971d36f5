package scrub

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// lesson is one annotated text, in features and the tags that it should get.
type lesson struct {
	id       string
	features [][]int32
	joints   []int
	want     []tag
}

// fitting learns the weights of the tagger: a conditional random field, by stochastic gradient descent with AdaGrad.
type fitting struct {
	index  map[feature]int32
	names  []string
	counts []int
	w, g   [][tags]float64
	follow [joints][tags][tags]float64
	fg     [joints][tags][tags]float64
}

type annotatedLine struct {
	ID, Text string
	Remove   []struct {
		Type Kind
		Text string
	}
	Keep []string
}

func annotatedLines(t testing.TB, path string) (lines []annotatedLine) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for in := bufio.NewScanner(file); in.Scan(); {
		var line annotatedLine
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// wanted are the tags of a text as its annotation has them.
func (p *page) wanted(line annotatedLine) []tag {
	want := make([]tag, len(p.tokens))
	kept := map[int]bool{}
	for _, k := range line.Keep {
		if at := strings.Index(line.Text, k); at >= 0 {
			for b := range len(k) {
				kept[at+b] = true
			}
		}
	}
	for _, r := range line.Remove {
		kind := tagNone
		for k, name := range tagKinds {
			if name == r.Type {
				kind = tag(k)
			}
		}
		if kind == tagNone {
			continue
		}
		for at := 0; ; {
			next := strings.Index(line.Text[at:], r.Text)
			if next < 0 {
				break
			}
			from, to := at+next, at+next+len(r.Text)
			at = to
			for i := range p.tokens {
				if start, end := p.source(int(p.tokens[i].start), int(p.tokens[i].end)); start >= from && end <= to && !(kept[from] && kept[to-1]) {
					want[i] = kind
				}
			}
		}
	}
	return want
}

func (f *fitting) lesson(line annotatedLine, learn bool) lesson {
	p := open(line.Text)
	defer p.close()
	p.apply(numberRules)
	l := lesson{id: line.ID, want: p.wanted(line)}
	symbols := standIns()
	for i := range p.tokens {
		symbols[symbolOf(p.lower(i))] = p.lower(i)
	}
	markGiven(p)
	p.sights = make([]sight, len(p.tokens))
	o := newOutlook()
	p.look(&o, 0, len(p.tokens))
	for i := range p.tokens {
		var named []string
		fs := p.see(i, &p.standings[i], nil, func(t uint8, a, b symbol) {
			if learn {
				named = append(named, templateNames[t]+"\t"+symbols[a]+"\t"+symbols[b])
			}
		})
		var indexes []int32
		for k, name := range fs {
			at, ok := f.index[name]
			if !ok && learn {
				at, ok = int32(len(f.names)), true
				f.index[name], f.names, f.counts = at, append(f.names, named[k]), append(f.counts, 0)
			}
			if ok {
				if learn {
					f.counts[at]++
				}
				indexes = append(indexes, at)
			}
		}
		l.features = append(l.features, indexes)
		l.joints = append(l.joints, p.joint(i))
	}
	return l
}

const (
	rounds = 14
	rate   = 0.03
	decay  = 4e-5
	// rareFeature is how often a feature must stand in the texts to be learnt, and prune how much it must say, in hundredths, to be written.
	rareFeature = 3
	prune       = 15
)

func (f *fitting) learn(lessons []lesson) {
	f.w, f.g = make([][tags]float64, len(f.names)), make([][tags]float64, len(f.names))
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(lessons))
	for range rounds {
		for _, n := range order {
			f.step(lessons[n])
		}
	}
}

func logSum(a [tags]float64) float64 {
	m := slices.Max(a[:])
	sum := 0.0
	for _, x := range a {
		sum += math.Exp(x - m)
	}
	return m + math.Log(sum)
}

// standIns are all symbols that are no words, under the names that the weights are written with.
func standIns() map[symbol]string {
	names := []string{"<none>", "<start>", "<end>", "<1>", "<2>", "<3>", "<4>", "<long>", "<mark>", "<emoji>", "<taken>"}
	for _, c := range telling {
		names = append(names, "<"+c.name+">")
	}
	for _, letters := range letterNames {
		for _, what := range wordNames {
			names = append(names, "<"+letters+" "+what+">")
		}
	}
	for _, n := range []string{"0", "1", "2", "3", "5", "8", "13"} {
		names = append(names, "<"+n+" off>", "<"+n+" off me>", "<"+n+" off others>")
	}
	for bits := range sentenceSymbols {
		names = append(names, sentenceName(bits))
	}
	for _, beginning := range append([]string{""}, wordBeginnings...) {
		for _, end := range append([]string{""}, wordEnds...) {
			names = append(names, "<"+beginning+"-"+end+">")
		}
	}
	all := map[symbol]string{0: ""}
	for _, name := range names {
		all[symbolOf(name)] = name
	}
	return all
}

// step follows the gradient of one text's likelihood.
func (f *fitting) step(l lesson) {
	n := len(l.features)
	if n == 0 {
		return
	}
	here, alpha, beta := make([][tags]float64, n), make([][tags]float64, n), make([][tags]float64, n)
	for i, features := range l.features {
		for _, at := range features {
			if f.counts[at] >= rareFeature {
				for k := range here[i] {
					here[i][k] += f.w[at][k]
				}
			}
		}
	}
	alpha[0] = here[0]
	for k := range alpha[0] {
		alpha[0][k] += f.follow[l.joints[0]][0][k]
	}
	for i := 1; i < n; i++ {
		for k := range tags {
			var in [tags]float64
			for a := range tags {
				in[a] = alpha[i-1][a] + f.follow[l.joints[i]][a][k]
			}
			alpha[i][k] = logSum(in) + here[i][k]
		}
	}
	for i := n - 2; i >= 0; i-- {
		for a := range tags {
			var out [tags]float64
			for k := range tags {
				out[k] = f.follow[l.joints[i+1]][a][k] + here[i+1][k] + beta[i+1][k]
			}
			beta[i][a] = logSum(out)
		}
	}
	all := logSum(alpha[n-1])
	update := func(w, g *float64, gradient float64) {
		gradient -= decay * *w
		*g += gradient * gradient
		*w += rate * gradient / (1e-6 + math.Sqrt(*g))
	}
	for i := range n {
		var gradient [tags]float64
		for k := range tags {
			gradient[k] = -math.Exp(alpha[i][k] + beta[i][k] - all)
		}
		gradient[l.want[i]]++
		for _, at := range l.features[i] {
			if f.counts[at] < rareFeature {
				continue
			}
			for k := range tags {
				update(&f.w[at][k], &f.g[at][k], gradient[k])
			}
		}
		j := l.joints[i]
		for a := range tags {
			if i == 0 && a > 0 {
				break
			}
			for k := range tags {
				before := 0.0
				if i > 0 {
					before = alpha[i-1][a]
				}
				expected := math.Exp(before + f.follow[j][a][k] + here[i][k] + beta[i][k] - all)
				seen := 0.0
				if l.want[i] == k && (i == 0 || l.want[i-1] == a) {
					seen = 1
				}
				update(&f.follow[j][a][k], &f.fg[j][a][k], seen-expected)
			}
		}
	}
}

// text is what was learnt, in hundredths and relative to no tag.
func (f *fitting) text() string {
	var lines []string
	hundredths := func(w float64) int { return int(math.Round(100 * w)) }
	for at, name := range f.names {
		w := f.w[at]
		a, b, c := hundredths(w[1]-w[0]), hundredths(w[2]-w[0]), hundredths(w[3]-w[0])
		if f.counts[at] >= rareFeature && max(abs(a), abs(b), abs(c)) >= prune {
			lines = append(lines, name+"\t"+strconv.Itoa(a)+"\t"+strconv.Itoa(b)+"\t"+strconv.Itoa(c)+"\n")
		}
	}
	slices.Sort(lines)
	for j := range joints {
		for a := range tags {
			w := f.follow[j][a]
			lines = append(lines, "follow\t"+strconv.Itoa(j)+"\t"+strconv.Itoa(int(a))+"\t"+strconv.Itoa(hundredths(w[1]-w[0]))+"\t"+strconv.Itoa(hundredths(w[2]-w[0]))+"\t"+strconv.Itoa(hundredths(w[3]-w[0]))+"\n")
		}
	}
	return strings.Join(lines, "")
}

func abs(n int) int { return max(n, -n) }

func fit(lines []annotatedLine) *fitting {
	f := &fitting{index: map[feature]int32{}}
	var lessons []lesson
	for _, line := range lines {
		lessons = append(lessons, f.lesson(line, true))
	}
	f.learn(lessons)
	return f
}

func lessonsOfOurs(t testing.TB) (lines []annotatedLine) {
	for _, path := range []string{"own", "phrasings", "voices", "examples"} {
		for _, line := range annotatedLines(t, "testdata/"+path+".jsonl") {
			if n, err := strconv.Atoi(strings.TrimPrefix(line.ID, "open-")); path == "examples" && (err != nil || n%2 == 0) {
				continue
			}
			lines = append(lines, line)
		}
	}
	return lines
}

var update = flag.Bool("update", false, "write lexicon/weights.txt anew")

const weightHead = "# Weights of the tagger, fitted by TestWeightsAreFitted (go test -run WeightsAreFitted -update) to own, phrasings, voices and the odd ids\n" +
	"# of examples in testdata: a conditional random field, by stochastic gradient descent with AdaGrad. The even ids and sealed took no part.\n" +
	"# template, two symbols, then what speaks for the reporter's name, a relative's name and the reporter's home, in hundredths, tabs between.\n"

// The weights are what fitting makes of the texts, so that a text added or a feature changed without fitting anew shows.
func TestWeightsAreFitted(t *testing.T) {
	t.Parallel()
	text := weightHead + fit(lessonsOfOurs(t)).text()
	if *update {
		if err := os.WriteFile("lexicon/weights.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	was, is := written(t, weightFile), written(t, text)
	differ := 0
	for name, weights := range is {
		for k, w := range weights {
			if abs(w-was[name][k]) > 5 { // processors round differently
				differ++
			}
		}
	}
	if differ > len(is)/100 {
		t.Errorf("%d weights differ from those fitted to testdata: run with -update", differ)
	}
}

// written are the weights of a file, in hundredths, by the feature's name.
func written(t *testing.T, file string) map[string][tags - 1]int {
	t.Helper()
	all := map[string][tags - 1]int{}
	for line := range strings.Lines(file) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(fields) < 6 {
			continue
		}
		var weights [tags - 1]int
		for k := range weights {
			n, err := strconv.Atoi(fields[3+k])
			if err != nil {
				t.Fatal(err)
			}
			weights[k] = n
		}
		all[strings.Join(fields[:3], "\t")] = weights
	}
	return all
}
