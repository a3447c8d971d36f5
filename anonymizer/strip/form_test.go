package strip_test

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"math"
	"testing"
)

func TestPNGOfEveryDepth(t *testing.T) {
	t.Parallel()
	rect := image.Rect(0, 0, 64, 48)
	paint := func(m interface {
		image.Image
		Set(x, y int, c color.Color)
	}) image.Image {
		for y := range 48 {
			for x := range 64 {
				m.Set(x, y, color.NRGBA64{uint16(x * 1024), uint16(y * 1365), 0x8000, uint16(0xffff - x*500)})
			}
		}
		return m
	}
	for name, m := range map[string]image.Image{
		"grey": paint(image.NewGray(rect)), "grey of 16 bits": paint(image.NewGray16(rect)), "palette": paint(image.NewPaletted(rect, palette.Plan9)),
		"colour": paint(image.NewNRGBA(rect)), "colour of 16 bits": paint(image.NewNRGBA64(rect)),
	} {
		clean := mustStrip(t, encodePNG(t, m))
		if clean.ContentType != "image/png" {
			t.Errorf("%s became %s", name, clean.ContentType)
		}
		looksLike(t, m, shows(t, clean), 2)
	}
}

// A cropping tool that only makes pixels transparent leaves what they showed.
func TestWhatIsTransparentIsGone(t *testing.T) {
	t.Parallel()
	m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range m.Pix {
		m.Pix[i] = byte(i)
		if i%4 == 3 {
			m.Pix[i] = 0
		}
	}
	clean, ok := decode(t, mustStrip(t, encodePNG(t, m)).Body).(*image.NRGBA)
	if !ok {
		t.Fatal("the transparency is gone")
	}
	for i, v := range clean.Pix {
		if v != 0 {
			t.Fatalf("byte %d is %d", i, v)
		}
	}
}

// The colours of phones: what is stored as full red in Display P3 lies outside of sRGB, and a middle red gets stronger numbers.
func TestDisplayP3BecomesSRGB(t *testing.T) {
	t.Parallel()
	profile := displayP3()
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []byte{200, 100, 50, 255})
	}
	// The reference was computed with the matrices of CSS Color 4 (P3 to XYZ D65 to sRGB).
	want := color.RGBA{215, 93, 31, 255}
	icc := append([]byte("ICC_PROFILE\x00\x01\x01"), profile...)
	if got := decode(t, mustStrip(t, withSegment(encodeJPEG(t, m), 0xe2, icc)).Body).At(30, 30); !near(got, want, 4) {
		t.Errorf("JPEG: %v, want %v", got, want)
	}
	packed := append([]byte("Display P3\x00\x00"), deflate(t, profile)...)
	if got := decode(t, mustStrip(t, withChunk(encodePNG(t, m), "iCCP", packed)).Body).At(30, 30); !near(got, want, 2) {
		t.Errorf("PNG: %v, want %v", got, want)
	}
	if got := decode(t, mustStrip(t, encodePNG(t, m)).Body).At(30, 30); !near(got, color.RGBA{200, 100, 50, 255}, 0) {
		t.Errorf("without a profile: %v", got)
	}
}

// displayP3 is a profile of a matrix and parametric curves with Apple's numbers.
func displayP3() []byte {
	fixed := func(values ...float64) (raw []byte) {
		for _, v := range values {
			raw = binary.BigEndian.AppendUint32(raw, uint32(int32(math.Round(v*65536))))
		}
		return raw
	}
	xyz := func(values ...float64) []byte { return append([]byte("XYZ \x00\x00\x00\x00"), fixed(values...)...) }
	curve := append([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), fixed(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)...)
	tags := []struct {
		name string
		data []byte
	}{
		{"rXYZ", xyz(0.51512, 0.24120, -0.00105)}, {"gXYZ", xyz(0.29198, 0.69225, 0.04189)}, {"bXYZ", xyz(0.15710, 0.06657, 0.78407)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	profile := make([]byte, 128)
	copy(profile[12:], "mntrRGB XYZ ")
	profile = binary.BigEndian.AppendUint32(profile, uint32(len(tags)))
	at := 132 + 12*len(tags)
	var data []byte
	for _, tag := range tags {
		profile = append(profile, tag.name...)
		profile = binary.BigEndian.AppendUint32(profile, uint32(at+len(data)))
		profile = binary.BigEndian.AppendUint32(profile, uint32(len(tag.data)))
		data = append(data, tag.data...)
	}
	return append(profile, data...)
}
