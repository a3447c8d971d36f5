package strip_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"runtime"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
	"github.com/jagawarga/jagawarga/internal/figures"
)

// Not parallel: it measures what is allocated.
func TestBombsCostNothing(t *testing.T) {
	huge := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 60000), 60000)
	webp := func(chunk string, content []byte) []byte {
		body := append([]byte("WEBP"+chunk), binary.LittleEndian.AppendUint32(nil, uint32(len(content)))...)
		body = append(body, content...)
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	}
	// A head of 100 by 100 before a frame of 16383 by 16383.
	hidden := webp("VP8X", append([]byte{0, 0, 0, 0, 99, 0, 0, 99, 0, 0}, "VP8L\x0a\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00"...))
	binary.LittleEndian.PutUint32(hidden[16:], 10)
	for name, c := range map[string]struct {
		raw []byte
		key string
	}{
		"50 megapixels in 28 bytes":            {[]byte("\xff\xd8\xff\xc0\x00\x11\x08\x1b\x58\x1c\x20\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x0c\x03\x01\x00"), "media.too_many_pixels"},
		"PNG":                                  {append([]byte("\x89PNG\r\n\x1a\n"), withChunk(make([]byte, 33), "IHDR", append(huge, 8, 6, 0, 0, 0))[33:]...), "media.too_many_pixels"},
		"GIF":                                  {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"), "media.too_many_pixels"},
		"GIF with a frame larger than itself":  {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"), "media.damaged"},
		"WebP":                                 {webp("VP8X", []byte{0, 0, 0, 0, 0xff, 0x7f, 0, 0xff, 0x7f, 0}), "media.too_many_pixels"},
		"WebP with a frame larger than itself": {hidden, "media.damaged"},
		"film of tables without entries":       {film(table("stsz", 0xfffffff0, 0), table("stco", 0xfffffff0), table("stsc", 0xfffffff0)), "media.damaged"},
		"film of four thousand million samples": {
			film(table("stsz", 1, 0xffffffff), table("stco", 1, 8), table("stsc", 1, 1, 0xffffffff, 1)), "media.damaged"},
		"film that is inside itself": {bytes.Repeat([]byte("\x00\x00\x00\x00moov"), 100_000), "media.damaged"},
	} {
		before := allocated()
		work := figures.CPU(t, func() { refused(t, c.raw, strip.DefaultLimits, c.key) })
		if cost := allocated() - before; cost > uint64(1<<20+4*len(c.raw)) {
			t.Errorf("%s: %d bytes were allocated", name, cost)
		}
		if work > time.Second { // it takes some microseconds
			t.Errorf("%s: %v of a processor", name, work)
		}
	}
}

// A picture may be saved in steps; each step makes the decoder go over all of it.
func TestManyScansAreRefused(t *testing.T) {
	t.Parallel()
	plain := encodeJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	scan := plain[bytes.Index(plain, []byte("\xff\xda")) : len(plain)-2]
	bomb := append(bytes.Clone(plain[:len(plain)-2]), bytes.Repeat(scan, 1000)...)
	refused(t, append(bomb, 0xff, 0xd9), strip.DefaultLimits, "media.damaged")
}

// Texts that unpack to a thousand times their size are read as far as they may matter.
func TestPackedTextsAreBounded(t *testing.T) {
	raw := encodePNG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	bomb := append([]byte("Comment\x00\x00"), deflate(t, make([]byte, 8<<20))...)
	for range 200 {
		raw = withChunk(raw, "zTXt", bomb)
	}
	before := allocated()
	mustStrip(t, raw)
	if cost := allocated() - before; cost > 64<<20 {
		t.Errorf("%d bytes were allocated", cost)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func deflate(t testing.TB, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
