package strip_test

import (
	"bytes"
	"errors"
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/civic"
)

func TestPhotographsComeOutClean(t *testing.T) {
	t.Parallel()
	wib := strip.DefaultLimits.Zone
	for _, c := range []struct {
		name          string
		width, height int
		taken         time.Time
		place         []float64
		camera        bool
		edited        bool
	}{
		{name: "gps-ifd.jpg", width: 1600, height: 900, taken: time.Date(2012, 6, 23, 6, 55, 49, 0, wib), camera: true},
		{name: "gps-nikon.jpg", width: 640, height: 480, taken: time.Date(2008, 10, 22, 16, 28, 39, 0, wib), place: []float64{43.467448, 11.885127}, camera: true},
		{name: "invalid-exif.jpg", width: 425, height: 120, edited: true},
		{name: "orientation-6.jpg", width: 600, height: 450},
		{name: "phone-jolla.jpg", width: 3264, height: 2448, taken: time.Date(2014, 9, 21, 16, 0, 56, 0, wib), camera: true},
		{name: "photoshop.jpg", width: 100, height: 77, edited: true},
		{name: "xmp.jpg", width: 360, height: 216, edited: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clean := mustStrip(t, read(t, "photos", c.name))
			if clean.Kind != strip.Image || clean.Kind.String() != "IMAGE" || clean.ContentType != "image/jpeg" || clean.Width != c.width || clean.Height != c.height {
				t.Errorf("%v %s %dx%d, want a JPEG of %dx%d", clean.Kind, clean.ContentType, clean.Width, clean.Height, c.width, c.height)
			}
			shows(t, clean)
			f := clean.Facts
			if !f.TakenAt.Equal(c.taken) || f.Camera != c.camera || f.Edited != c.edited || f.Generated || f.ContentCredentials {
				t.Errorf("facts %+v", f)
			}
			if (f.Latitude != nil) != (c.place != nil) || (f.Longitude != nil) != (c.place != nil) {
				t.Fatalf("place %v %v, want %v", f.Latitude, f.Longitude, c.place)
			}
			if c.place != nil && (math.Abs(*f.Latitude-c.place[0]) > 1e-5 || math.Abs(*f.Longitude-c.place[1]) > 1e-5) {
				t.Errorf("place %v %v, want %v", *f.Latitude, *f.Longitude, c.place)
			}
		})
	}
}

// The forms that pictures come in: inks, grey, palettes, 16 bits, transparency, chroma in rows of four, moving pictures.
func TestEveryFormIsTaken(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{
		"cmyk.jpeg": "image/jpeg", "rgb.jpeg": "image/jpeg", "gray.jpeg": "image/jpeg", "411-progressive.jpeg": "image/jpeg",
		"lossy.webp": "image/jpeg", "alpha.webp": "image/png", "moving.gif": "image/png",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := read(t, "forms", name)
			clean := mustStrip(t, raw)
			if clean.ContentType != contentType {
				t.Errorf("became %s, want %s", clean.ContentType, contentType)
			}
			looksLike(t, decode(t, raw), shows(t, clean), 6)
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	photo, film := read(t, "photos", "photoshop.jpg"), read(t, "films", "phone.mp4")
	small := strip.DefaultLimits
	small.ImageBytes, small.FilmBytes = 1000, 1000
	few := strip.DefaultLimits
	few.Pixels = 7000
	for name, c := range map[string]struct {
		raw    []byte
		limits strip.Limits
		key    string
	}{
		"nothing":                   {nil, strip.DefaultLimits, "media.unknown_kind"},
		"text":                      {[]byte("<html><body>not a picture at all</body></html>"), strip.DefaultLimits, "media.unknown_kind"},
		"vector graphics":           {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), strip.DefaultLimits, "media.unknown_kind"},
		"picture of too many bytes": {photo, small, "media.too_large"},
		"film of too many bytes":    {film, small, "media.too_large"},
		"too many pixels":           {photo, few, "media.too_many_pixels"},
		"film of too many pixels":   {film, few, "media.too_many_pixels"},
		"HEIC":                      {read(t, "photos", "sample.heif"), strip.DefaultLimits, "media.heic_unsupported"},
		"film without a head":       {bytes.ReplaceAll(film, []byte("moov"), []byte("miiv")), strip.DefaultLimits, "media.damaged"},
		"film of an unknown codec":  {bytes.ReplaceAll(film, []byte("avc1"), []byte("mjpa")), strip.DefaultLimits, "media.film_unsupported"},
		"half a film":               {film[:len(film)/2], strip.DefaultLimits, "media.damaged"},
		"half a picture":            {photo[:len(photo)/2], strip.DefaultLimits, "media.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.raw, c.limits, c.key)
		})
	}
}

func TestTheOriginalIsNotTouched(t *testing.T) {
	t.Parallel()
	for _, path := range fixtures(t) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before := bytes.Clone(raw)
		if _, err := strip.Strip(raw, strip.DefaultLimits); err != nil && filepath.Ext(path) != ".heif" {
			t.Errorf("%s: %v", path, err)
		}
		if !bytes.Equal(raw, before) {
			t.Errorf("%s was changed in the caller's memory", path)
		}
	}
}

func fixtures(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*/*.*")
	if err != nil || len(paths) < 18 {
		t.Fatalf("fixtures are missing: %v %v", paths, err)
	}
	var media []string
	for _, path := range paths {
		if filepath.Ext(path) != ".md" {
			media = append(media, path)
		}
	}
	return media
}

func read(t testing.TB, dir, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func mustStrip(t testing.TB, raw []byte) *strip.Clean {
	t.Helper()
	clean, err := strip.Strip(raw, strip.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return clean
}

func refused(t testing.TB, raw []byte, limits strip.Limits, key string) {
	t.Helper()
	clean, err := strip.Strip(raw, limits)
	var border *civic.Error
	if clean != nil || !errors.As(err, &border) || border.Code != civic.CodeInvalidInput || border.Field != "media" || border.Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// shows decodes what came out and its thumbnail, and gives the picture.
func shows(t testing.TB, clean *strip.Clean) image.Image {
	t.Helper()
	m := decode(t, clean.Body)
	if m.Bounds() != image.Rect(0, 0, clean.Width, clean.Height) {
		t.Errorf("the picture is %v, said to be %dx%d", m.Bounds(), clean.Width, clean.Height)
	}
	small := decode(t, clean.Thumbnail).Bounds()
	edge := strip.DefaultLimits.ThumbnailEdge
	if longer := max(small.Dx(), small.Dy()); longer != min(edge, max(clean.Width, clean.Height)) {
		t.Errorf("the thumbnail is %v", small)
	}
	looksLike(t, m, decode(t, clean.Thumbnail), 25) // the colours of small squares run into each other
	return m
}

func decode(t testing.TB, raw []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// looksLike compares the mean colours of a grid of 8 by 8, on white, of two pictures that may differ in size.
func looksLike(t testing.TB, a, b image.Image, tolerance float64) {
	t.Helper()
	cell := func(m image.Image, column, row, channel int) float64 {
		size := m.Bounds()
		sum, n := 0.0, 0.0
		for y := size.Min.Y + row*size.Dy()/8; y < size.Min.Y+(row+1)*size.Dy()/8; y++ {
			for x := size.Min.X + column*size.Dx()/8; x < size.Min.X+(column+1)*size.Dx()/8; x++ {
				r, g, b, alpha := m.At(x, y).RGBA()
				sum += float64([]uint32{r, g, b}[channel]+0xffff-alpha) / 257
				n++
			}
		}
		return sum / n
	}
	for row := range 8 {
		for column := range 8 {
			for channel := range 3 {
				if x, y := cell(a, column, row, channel), cell(b, column, row, channel); math.Abs(x-y) > tolerance {
					t.Fatalf("at %d,%d of 8,8 channel %d is %.0f and %.0f", column, row, channel, x, y)
				}
			}
		}
	}
}
