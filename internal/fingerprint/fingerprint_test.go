package fingerprint_test

import (
	"bytes"
	"image"
	"image/color"
	"maps"
	"math"
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

// The promise of the package, measured: of pictures used again at least 95 % are found, by the index alone and after comparing, and of
// 1,000 pairs that have nothing to do with each other at most one is taken for a reuse.
func TestReuseIsFoundAndChanceIsNot(t *testing.T) {
	t.Parallel()
	all := gallery(t)
	var photos, tries, found, reached int
	for k, c := range changes {
		here := 0
		for _, p := range all {
			if p.made {
				continue
			}
			if fingerprint.Compare(p.own, p.changed[k]).Same() {
				here++
			}
			if shared(p.own.Words(), p.changed[k].Probes()) {
				reached++
			}
			tries++
		}
		photos = tries / (k + 1)
		found += here
		t.Logf("%-28s %d of %d photographs", c.name, here, photos)
		if float64(here) < 0.85*float64(photos) {
			t.Errorf("%s: %d of %d photographs found", c.name, here, photos)
		}
	}
	made, scenesFound := 0, 0
	for _, p := range all {
		for _, changed := range p.changed {
			if p.made {
				made++
				if fingerprint.Compare(p.own, changed).Same() {
					scenesFound++
				}
			}
		}
	}
	recall := func(n, of int) float64 { return float64(n) / float64(of) }
	figures.Tell(t, "reused pictures: photographs: recall %.4f (%d of %d), by the index %.4f; scenes: recall %.4f of %d",
		recall(found, tries), found, tries, recall(reached, tries), recall(scenesFound, made), made)
	if recall(found, tries) < 0.95 || recall(reached, tries) < 0.95 || recall(scenesFound, made) < 0.95 {
		t.Error("less than 95 % of what was used again is found")
	}

	var pairs, wrong, photoPairs, candidates int
	for i, p := range all {
		for j, q := range all {
			if i == j {
				continue
			}
			for k, changed := range q.changed {
				pairs++
				if m := fingerprint.Compare(p.own, changed); m.Same() {
					wrong++
					t.Logf("%s and %s, %s: %d spots agree", p.name, q.name, changes[k].name, m.Spots)
				}
				if !p.made && !q.made {
					photoPairs++
					if shared(p.own.Words(), changed.Probes()) {
						candidates++
					}
				}
			}
		}
	}
	figures.Tell(t, "reused pictures: %d pairs of different pictures: false positives %d (%.6f); of %d pairs of photographs the index brings %d along (%.5f)",
		pairs, wrong, recall(wrong, pairs), photoPairs, candidates, recall(candidates, photoPairs))
	if pairs < 20_000 {
		t.Errorf("%d pairs are too few to tell a rate of 0.001", pairs)
	}
	if recall(wrong, pairs) > 0.001 {
		t.Error("more than one of 1,000 pairs is taken for a reuse")
	}
	if recall(candidates, photoPairs) > 0.005 {
		t.Error("the index brings too many along: among a million it would be a scan")
	}
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

func TestMatchTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	photo := photographs(t)["china.jpg"]
	own := fingerprint.Of(photo)
	for _, c := range []struct {
		name     string
		picture  image.Image
		mirrored bool
		zoom     float64
		degrees  float64
	}{
		{"nothing", photo, false, 1, 0},
		{"mirrored", mirrored(photo), true, 1, 0},
		{"cropped", cropped(photo, 0.1, 0.1, 0.1, 0.1), false, 1.25, 0},
		{"turned", turned(photo, 3), false, 1, 3},
	} {
		m := fingerprint.Compare(own, fingerprint.Of(c.picture))
		if !m.Same() || m.Mirrored != c.mirrored || math.Abs(m.Zoom-c.zoom) > 0.04 || math.Abs(m.Degrees-c.degrees) > 0.7 {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func TestAPrintIsTheSameForEveryKindOfImage(t *testing.T) {
	t.Parallel()
	photo := photographs(t)["chelsea.jpg"]
	want := fingerprint.Of(photo)
	shifted := photo.SubImage(photo.Bounds().Inset(1))
	gray, straight := image.NewGray(photo.Bounds()), image.NewNRGBA(photo.Bounds())
	for y := range photo.Bounds().Dy() {
		for x := range photo.Bounds().Dx() {
			gray.Set(x, y, photo.At(x, y))
			straight.Set(x, y, photo.At(x, y))
		}
	}
	for name, img := range map[string]image.Image{"part": shifted, "gray": gray, "NRGBA": straight, "other": other{photo}, "YCbCr": saved(photo, 100)} {
		if m := fingerprint.Compare(want, fingerprint.Of(img)); m.Spots < 30 {
			t.Errorf("%s: %d spots agree", name, m.Spots)
		}
	}
}

// other hides what kind of image it is.
type other struct{ image.Image }

func TestWhatShowsNothingIsLikeNothing(t *testing.T) {
	t.Parallel()
	wall := image.NewUniform(color.Gray{Y: 90})
	for name, img := range map[string]image.Image{
		"empty": image.NewRGBA(image.Rect(0, 0, 0, 0)), "one pixel": image.NewRGBA(image.Rect(0, 0, 1, 1)),
		"one row": image.NewRGBA(image.Rect(0, 0, 5000, 1)), "one column": image.NewGray(image.Rect(0, 0, 1, 5000)), "wall": cropped(drawnFrom(wall), 0, 0, 0, 0),
	} {
		p := fingerprint.Of(img)
		if !p.Bare() || len(p.Words()) != 0 || fingerprint.Compare(p, p).Same() {
			t.Errorf("%s: something is seen in it", name)
		}
	}
}

func drawnFrom(uniform *image.Uniform) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			out.Set(x, y, uniform.C)
		}
	}
	return out
}

func TestBytesComeBack(t *testing.T) {
	t.Parallel()
	for name, photo := range photographs(t) {
		want := fingerprint.Of(photo)
		stored := want.Bytes()
		if len(stored) > 442 {
			t.Errorf("%s: %d bytes", name, len(stored))
		}
		got, err := fingerprint.Parse(stored)
		if err != nil || !bytes.Equal(got.Bytes(), stored) || !slices.Equal(got.Probes(), want.Probes()) {
			t.Errorf("%s: comes back as another (%v)", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range [][]byte{nil, {1}, {1, 255}, {2, 255}, append([]byte{1, 10}, make([]byte, 22)...), make([]byte, 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		p, err := fingerprint.Parse(stored)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Bytes(), stored) {
			t.Errorf("%x comes back as %x", stored, p.Bytes())
		}
		words, probes := p.Words(), p.Probes()
		for _, word := range words {
			if _, found := slices.BinarySearch(probes, word); word < 0 || !found {
				t.Errorf("word %d is negative or not looked for", word)
			}
		}
		fingerprint.Compare(p, p)
	})
}

func BenchmarkOf(b *testing.B) {
	photo := saved(scaled(photographs(b)["china.jpg"], 6), 80) // 6 megapixels, as a phone takes them
	b.ReportAllocs()
	for b.Loop() {
		fingerprint.Of(photo)
	}
}

func BenchmarkCompare(b *testing.B) {
	photos := photographs(b)
	one, two := fingerprint.Of(photos["china.jpg"]), fingerprint.Of(photos["life.jpg"])
	b.ReportAllocs()
	for b.Loop() {
		fingerprint.Compare(one, two)
	}
}
