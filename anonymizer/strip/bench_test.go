package strip_test

import (
	"image"
	"image/color"
	"os"
	"testing"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
)

// Photographs of 12 megapixels as phones take them: as they lie, turned, and in a phone's colours.
func BenchmarkPhotograph(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	noise := uint32(1)
	for i := range m.Y {
		noise = noise*1664525 + 1013904223
		m.Y[i] = byte(i/4000/16) + byte(noise>>28)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+i%2000/40), byte(150-i%2000/50)
	}
	raw := encodeJPEG(b, m)
	p3 := withSegment(raw, 0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), displayP3()...))
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"upright", raw}, {"turned", withEXIF(raw, orientationTIFF(6))}, {"P3", p3}, {"P3 turned", withEXIF(p3, orientationTIFF(6))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.raw)))
			for b.Loop() {
				if _, err := strip.Strip(c.raw, strip.DefaultLimits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScreen(b *testing.B) {
	m := image.NewNRGBA(image.Rect(0, 0, 1170, 2532))
	for y := range 2532 {
		for x := range 1170 {
			m.SetNRGBA(x, y, color.NRGBA{byte(y / 10), byte(x / 30 * 30), byte(x * y / 5000), 255})
		}
	}
	raw := encodePNG(b, m)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := strip.Strip(raw, strip.DefaultLimits); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFilm(b *testing.B) {
	raw, err := os.ReadFile("testdata/films/phone.mp4")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := strip.Strip(raw, strip.DefaultLimits); err != nil {
			b.Fatal(err)
		}
	}
}
