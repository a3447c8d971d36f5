package fingerprint_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/internal/fingerprint"
)

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
