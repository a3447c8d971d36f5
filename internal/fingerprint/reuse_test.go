package fingerprint_test

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/internal/fingerprint"
)

// printed is a picture and what was made from it, as prints.
type printed struct {
	name    string
	made    bool // by the test, not by a camera
	own     fingerprint.Print
	changed map[int]fingerprint.Print // by the number of the change
}

const (
	scenes    = 60
	sceneEach = 3 // changes, in turn
)

// gallery takes the prints of all photographs and of every change of each, and of made scenes and some changes.
func gallery(t testing.TB) []printed {
	photos := photographs(t)
	all := make([]printed, 0, len(photos)+scenes)
	for _, name := range slices.Sorted(maps.Keys(photos)) {
		all = append(all, printed{name: name})
	}
	for range scenes {
		all = append(all, printed{name: "scene", made: true})
	}
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for n := range all {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			random := rand.New(rand.NewPCG(4, uint64(n)))
			p := &all[n]
			picture := photos[p.name]
			if p.made {
				picture = scene(random)
			}
			p.own = fingerprint.Of(picture)
			p.changed = map[int]fingerprint.Print{}
			for k, c := range changes {
				if !p.made || (k+n)%len(changes) < sceneEach {
					p.changed[k] = fingerprint.Of(c.do(picture, random))
				}
			}
		})
	}
	group.Wait()
	return all
}

// share is how many of how many.
type share struct{ n, of int }

func (s share) rate() float64 { return float64(s.n) / float64(s.of) }

func (s *share) count(yes bool) {
	s.of++
	if yes {
		s.n++
	}
}

// reuse is how well pictures are known again.
type reuse struct {
	photographs, scenes share         // of changed pictures, those found
	byIndex             share         // of changed photographs, those whose words lead to the original
	byChange            map[int]share // of photographs, those found, by the number of the change
	wrong               share         // of pairs of different pictures, those taken for the same
	candidates          share         // of pairs of different photographs, those that the index brings along
}

// measure compares every picture with what was made of it and of every other one.
func measure(t testing.TB) reuse {
	all, r := gallery(t), reuse{byChange: map[int]share{}}
	for i, p := range all {
		for k, changed := range p.changed {
			same := fingerprint.Compare(p.own, changed).Same()
			if p.made {
				r.scenes.count(same)
				continue
			}
			here := r.byChange[k]
			here.count(same)
			r.byChange[k] = here
			r.photographs.count(same)
			r.byIndex.count(shared(p.own.Words(), changed.Probes()))
		}
		for j, q := range all {
			if i == j {
				continue
			}
			for k, changed := range q.changed {
				m := fingerprint.Compare(p.own, changed)
				if r.wrong.count(m.Same()); m.Same() {
					t.Logf("%s and %s, %s: %d spots agree", p.name, q.name, changes[k].name, m.Spots)
				}
				if !p.made && !q.made {
					r.candidates.count(shared(p.own.Words(), changed.Probes()))
				}
			}
		}
	}
	return r
}

// shared tells whether two sorted lists have a number in common.
func shared(words, probes []int32) bool {
	for _, word := range words {
		if _, found := slices.BinarySearch(probes, word); found {
			return true
		}
	}
	return false
}

// The promise of the package, measured: of pictures used again at least 95 % are found, by the index alone and after comparing, and of
// 1,000 pairs that have nothing to do with each other at most one is taken for a reuse.
func TestReuseIsFoundAndChanceIsNot(t *testing.T) {
	t.Parallel()
	r := measure(t)
	for k, c := range changes {
		here := r.byChange[k]
		t.Logf("%-28s %d of %d photographs", c.name, here.n, here.of)
		if here.rate() < 0.85 {
			t.Errorf("%s: %d of %d photographs found", c.name, here.n, here.of)
		}
	}
	figures.Tell(t, "reused pictures: photographs: recall %.4f (%d of %d), by the index %.4f; scenes: recall %.4f of %d",
		r.photographs.rate(), r.photographs.n, r.photographs.of, r.byIndex.rate(), r.scenes.rate(), r.scenes.of)
	if r.photographs.rate() < 0.95 || r.byIndex.rate() < 0.95 || r.scenes.rate() < 0.95 {
		t.Error("less than 95 % of what was used again is found")
	}
	figures.Tell(t, "reused pictures: %d pairs of different pictures: false positives %d (%.6f); of %d pairs of photographs the index brings %d along (%.5f)",
		r.wrong.of, r.wrong.n, r.wrong.rate(), r.candidates.of, r.candidates.n, r.candidates.rate())
	if r.wrong.of < 20_000 {
		t.Errorf("%d pairs are too few to tell a rate of 0.001", r.wrong.of)
	}
	if r.wrong.rate() > 0.001 {
		t.Error("more than one of 1,000 pairs is taken for a reuse")
	}
	if r.candidates.rate() > 0.005 {
		t.Error("the index brings too many along: among a million it would be a scan")
	}
}

// BenchmarkReuse tells, beside how long things take, how well pictures are known again.
func BenchmarkReuse(b *testing.B) {
	var r reuse
	for b.Loop() {
		r = measure(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(r.photographs.rate(), "recall")
	b.ReportMetric(r.byIndex.rate(), "recall-by-index")
	b.ReportMetric(r.scenes.rate(), "recall-of-scenes")
	b.ReportMetric(r.wrong.rate(), "false-positives/pair")
	b.ReportMetric(float64(r.photographs.n+r.scenes.n)/float64(r.photographs.n+r.scenes.n+r.wrong.n), "precision")
}
