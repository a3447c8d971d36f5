package strip_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// Each orientation as EXIF draws it: where the stored picture's top left, top right, bottom left and bottom right come to lie.
var orientations = map[int][4]int{
	1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1}, 5: {0, 2, 1, 3}, 6: {1, 3, 0, 2}, 7: {3, 1, 2, 0}, 8: {2, 0, 3, 1},
}

func TestPicturesAreSetUpright(t *testing.T) {
	t.Parallel()
	quarters := [4]color.RGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {230, 230, 230, 255}}
	stored := image.NewRGBA(image.Rect(0, 0, 97, 64))
	grey := image.NewGray(stored.Rect)
	for y := range 64 {
		for x := range 97 {
			c := quarters[y/32*2+x/49]
			stored.Set(x, y, c)
			grey.Set(x, y, c)
		}
	}
	for name, encoded := range map[string]func(tiff []byte) []byte{
		"JPEG":      func(tiff []byte) []byte { return withEXIF(encodeJPEG(t, stored), tiff) },
		"grey JPEG": func(tiff []byte) []byte { return withEXIF(encodeJPEG(t, grey), tiff) },
		"PNG":       func(tiff []byte) []byte { return withChunk(encodePNG(t, stored), "eXIf", tiff) },
	} {
		for orientation, placed := range orientations {
			clean := mustStrip(t, encoded(orientationTIFF(orientation)))
			width, height := 97, 64
			if orientation >= 5 {
				width, height = height, width
			}
			if clean.Width != width || clean.Height != height {
				t.Fatalf("%s %d: %dx%d", name, orientation, clean.Width, clean.Height)
			}
			m := decode(t, clean.Body)
			for from, to := range placed {
				want := color.Color(quarters[from])
				if name == "grey JPEG" {
					want = color.GrayModel.Convert(want)
				}
				got := m.At(width/4+to%2*width/2, height/4+to/2*height/2)
				if !near(got, want, 12) {
					t.Errorf("%s, orientation %d: quarter %d should lie at %d in %v, there is %v", name, orientation, from, to, want, got)
				}
			}
		}
	}
}

func near(a, b color.Color, tolerance int) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
		if d < -tolerance || d > tolerance {
			return false
		}
	}
	return true
}

func orientationTIFF(orientation int) []byte {
	return []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0, 0, 0, 0, 0}
}

func encodeJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func withEXIF(jpg, tiff []byte) []byte {
	return withSegment(jpg, 0xe1, append([]byte("Exif\x00\x00"), tiff...))
}

func withSegment(jpg []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return bytes.Join([][]byte{jpg[:2], segment, content, jpg[2:]}, nil)
}

// withChunk puts a chunk behind the head of a PNG.
func withChunk(pngFile []byte, kind string, content []byte) []byte {
	const head = 33
	body := append([]byte(kind), content...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	return bytes.Join([][]byte{pngFile[:head], chunk, pngFile[head:]}, nil)
}
