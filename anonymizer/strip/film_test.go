package strip_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer/strip"
)

// Everything that ffmpeg, exiftool and the encoders wrote beside picture and sound is gone, and every frame is what it was, in its place:
// so it plays as before. The comparison is by this test's own reading of the tables, not by that of the package.
func TestFilmsComeOutCleanAndPlay(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{
		"phone.mp4": "video/mp4", "iphone.mov": "video/quicktime", "fragments.mp4": "video/mp4", "av1.mp4": "video/mp4",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := read(t, "films", name)
			clean := mustStrip(t, raw)
			if clean.Kind != strip.Video || clean.ContentType != contentType || clean.Width != 160 || clean.Height != 120 || clean.Thumbnail != nil {
				t.Errorf("%v %s %dx%d", clean.Kind, clean.ContentType, clean.Width, clean.Height)
			}
			for _, word := range []string{"KENARI", "Lavc", "Lavf", "x264", "x265", "Handler", "FFMP", "subtitle", "chapter"} {
				if !holds(raw, word) && word == "KENARI" && name != "iphone.mov" && name != "av1.mp4" {
					t.Error("the fixture has lost its canary")
				}
				if holds(clean.Body, word) {
					t.Errorf("%q is still there", word)
				}
			}
			if name == "fragments.mp4" {
				sameFragments(t, raw, clean.Body)
				return
			}
			before, after := tracksOf(t, raw), tracksOf(t, clean.Body)
			for _, handler := range []string{"vide", "soun"} {
				if len(before[handler]) != len(after[handler]) {
					t.Fatalf("%s: %d samples were %d", handler, len(after[handler]), len(before[handler]))
				}
				for i, sample := range after[handler] {
					same(t, handler, i, raw[before[handler][i][0]:before[handler][i][1]], clean.Body[sample[0]:sample[1]], name == "av1.mp4")
				}
			}
			if len(after["vide"]) < 10 || len(after) > 2 {
				t.Errorf("%d frames, %d kinds of tracks", len(after["vide"]), len(after))
			}
			again := mustStrip(t, clean.Body)
			if !bytes.Equal(again.Body, clean.Body) {
				t.Error("what is clean is changed when it is cleaned again")
			}
			if again.Facts != (strip.Facts{}) {
				t.Errorf("what is clean still says %+v", again.Facts)
			}
		})
	}
}

func TestWhatFilmsSay(t *testing.T) {
	t.Parallel()
	wib := strip.DefaultLimits.Zone
	for name, c := range map[string]struct {
		taken  time.Time
		camera bool
	}{
		"phone.mp4":     {time.Date(2024, 5, 6, 14, 8, 9, 0, wib), true},
		"iphone.mov":    {time.Date(2024, 5, 6, 7, 8, 9, 0, wib), true},
		"fragments.mp4": {time.Time{}, false},
	} {
		f := mustStrip(t, read(t, "films", name)).Facts
		if !f.TakenAt.Equal(c.taken) || f.Camera != c.camera || f.Generated || f.Edited || f.ContentCredentials {
			t.Errorf("%s: %+v", name, f)
		}
		if f.Latitude == nil || math.Abs(*f.Latitude+6.2088) > 1e-4 || math.Abs(*f.Longitude-106.8456) > 1e-4 {
			t.Errorf("%s: place %v %v", name, f.Latitude, f.Longitude)
		}
	}
}

func TestATurnedFilmIsMeasuredUpright(t *testing.T) {
	t.Parallel()
	raw := read(t, "films", "phone.mp4")
	head := bytes.Index(raw, []byte("tkhd")) + 4
	copy(raw[head+40:], []byte{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0})
	if clean := mustStrip(t, raw); clean.Width != 120 || clean.Height != 160 || !bytes.Equal(clean.Body[head+40:head+60], raw[head+40:head+60]) {
		t.Errorf("%dx%d", clean.Width, clean.Height)
	}
}

func TestNothingFollowsAFilm(t *testing.T) {
	t.Parallel()
	raw := read(t, "films", "phone.mp4")
	for name, tail := range map[string]string{
		"archive": "PK\x03\x04KENARI-archive", "page": "<html><script>KENARI-page</script></html>", "phone's own": "\x00\x00\x00\x14sefdKENARI-tail!", "zeros": "\x00\x00\x00",
		"free": "\x00\x00\x00\x14freeKENARI-tail!",
	} {
		if clean := mustStrip(t, append(bytes.Clone(raw), tail...)); holds(clean.Body, "KENARI") || len(clean.Body) > len(raw) {
			t.Errorf("%s: it is still there", name)
		}
	}
}

// Data between the samples, and in them beside the picture, in both ways of writing units.
func TestDataBesideThePictureIsGone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"phone.mp4", "iphone.mov"} {
		raw := read(t, "films", name)
		marked := [16]byte{}
		copy(marked[:], "KENARI-in-a-unit")
		first := tracksOf(t, raw)["vide"][0]
		unit := raw[first[0]:first[1]]
		at := bytes.Index(unit, []byte("x264 - core"))
		if name == "iphone.mov" {
			unit = raw
			at = bytes.Index(raw, []byte("x265 (build"))
		}
		if at < 0 {
			t.Fatalf("%s: the encoder has not left its settings", name)
		}
		copy(unit[at:], marked[:])
		if clean := mustStrip(t, raw); holds(clean.Body, "KENARI") {
			t.Errorf("%s: user data of the encoder are still there", name)
		}
	}
}

// same compares a sample before and after. Units that show something must be the same; what was around them may have been blanked.
func same(t *testing.T, handler string, i int, before, after []byte, whole bool) {
	t.Helper()
	if bytes.Equal(before, after) {
		return
	}
	if handler == "soun" {
		if i > 0 { // the encoder's name is in the first frame
			t.Errorf("sound %d was changed", i)
		}
		return
	}
	if whole {
		t.Errorf("frame %d was changed", i)
		return
	}
	for len(before) >= 4 {
		length := int(binary.BigEndian.Uint32(before))
		if kind := before[4] & 31; (kind == 1 || kind == 5 || kind == 7 || kind == 8) && !bytes.Equal(before[:4+length], after[:4+length]) {
			t.Errorf("frame %d: a unit of type %d was changed", i, kind)
		}
		before, after = before[4+length:], after[4+length:]
	}
}

// sameFragments compares the data of fragments but for the first, which holds what the encoders say of themselves.
func sameFragments(t *testing.T, before, after []byte) {
	t.Helper()
	for at := 0; at+8 <= len(after); {
		size := int(binary.BigEndian.Uint32(after[at:]))
		if kind := string(after[at+4 : at+8]); kind == "moof" || kind == "mdat" {
			if kind != string(before[at+4:at+8]) {
				t.Errorf("there was no %s at %d", kind, at)
			}
			differing := 0
			for i := at; i < at+size; i++ {
				if before[i] != after[i] {
					differing++
				}
			}
			if differing > 800 { // the settings of the encoder are about 650 bytes
				t.Errorf("%d bytes of a %s of %d were changed", differing, kind, size)
			}
		}
		at += size
	}
	if bytes.Count(after, []byte("trun")) != bytes.Count(before, []byte("trun")) {
		t.Error("runs of samples are missing")
	}
}

// tracksOf reads where the samples of each kind of track lie, by searching for the tables in the order in which ffmpeg writes them.
func tracksOf(t *testing.T, raw []byte) map[string][][2]int {
	t.Helper()
	tracks := map[string][][2]int{}
	for _, trak := range bytes.Split(raw[bytes.Index(raw, []byte("moov")):], []byte("trak"))[1:] {
		at := bytes.Index(trak, []byte("hdlr"))
		word := func(kind string, i int) int {
			return int(binary.BigEndian.Uint32(trak[bytes.Index(trak, []byte(kind))+8+4*i:]))
		}
		sample := 0
		for chunk := range word("stco", 0) {
			perChunk := 0
			for run := range word("stsc", 0) {
				if word("stsc", 1+3*run) <= chunk+1 {
					perChunk = word("stsc", 2+3*run)
				}
			}
			from := word("stco", 1+chunk)
			for range perChunk {
				size := word("stsz", 0)
				if size == 0 {
					size = word("stsz", 2+sample)
				}
				handler := string(trak[at+12 : at+16])
				tracks[handler] = append(tracks[handler], [2]int{from, from + size})
				from += size
				sample++
			}
		}
	}
	if len(tracks["vide"]) == 0 {
		t.Fatal("no track of pictures was found")
	}
	return tracks
}

// film is a film of one track without data but for the tables given.
func film(tables ...[]byte) []byte {
	box := func(kind string, content ...[]byte) []byte {
		body := slices.Concat(content...)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
	}
	head := make([]byte, 84)
	handler := make([]byte, 25)
	copy(handler[8:], "vide")
	entry := make([]byte, 78)
	binary.BigEndian.PutUint16(entry[24:], 64)
	binary.BigEndian.PutUint16(entry[26:], 64)
	list := box("stsd", []byte{0, 0, 0, 0, 0, 0, 0, 1}, box("vp09", entry))
	stbl := box("stbl", append([][]byte{list}, tables...)...)
	return slices.Concat(
		box("ftyp", []byte("isom\x00\x00\x02\x00isomiso2")), box("mdat", make([]byte, 64)),
		box("moov", box("trak", box("tkhd", head), box("mdia", box("hdlr", handler), box("minf", stbl)))),
	)
}

func table(kind string, words ...uint32) []byte {
	body := make([]byte, 4)
	for _, word := range words {
		body = binary.BigEndian.AppendUint32(body, word)
	}
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
}
