package media_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/media"
)

const canary = "Kanarius-Rahasiawan-7231"

// photo is a JPEG with the canary in a comment, in a maker's segment and behind its end.
func photo(t testing.TB, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		picture.Set(i%width, i/width, color.RGBA{byte(i), byte(i / width), byte(i * 7), 255})
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(canary))), canary...)
	}
	return slices.Concat(out.Bytes()[:2], segment(0xfe), segment(0xed), out.Bytes()[2:], []byte(canary))
}

func film(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "anonymizer", "strip", "testdata", "films", "phone.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type place struct {
	t     *testing.T
	clock *clock
	blobs *blob.Store
	*media.Keeper
}

func open(t *testing.T) *place {
	t.Helper()
	dir := t.TempDir()
	p := &place{t: t, clock: &clock{now: time.Date(2026, 11, 23, 8, 7, 6, 0, time.UTC)}}
	var err error
	p.blobs, err = blob.Open(t.Context(), blob.Config{URL: "file://" + dir + "/blobs", KeyFile: dir + "/key", Now: p.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.blobs.Close() })
	p.Keeper = media.NewKeeper(media.Config{}, p.blobs)
	return p
}

func (p *place) kept(purpose civic.MediaPurpose, random io.Reader, files ...[]byte) []civic.MediaRef {
	p.t.Helper()
	uploads := make([]civic.Upload, len(files))
	for i, file := range files {
		uploads[i] = civic.NewUpload(file)
	}
	keep, err := p.Clean(p.t.Context(), purpose, uploads)
	if err != nil {
		p.t.Fatal(err)
	}
	refs, err := keep(p.t.Context(), random)
	if err != nil {
		p.t.Fatal(err)
	}
	return refs
}

func (p *place) content(name string) []byte {
	p.t.Helper()
	reader, err := p.blobs.Open(p.t.Context(), name)
	if err != nil {
		p.t.Fatal(err)
	}
	defer reader.Close()
	content, err := io.ReadAll(reader)
	if err != nil {
		p.t.Fatal(err)
	}
	return content
}

func (p *place) names() (names []string) {
	p.t.Helper()
	err := p.blobs.List(p.t.Context(), func(l blob.Listed) bool {
		names = append(names, l.Name)
		return true
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return names
}

func TestPicturesAndFilmsAreKeptClean(t *testing.T) {
	t.Parallel()
	p := open(t)
	refs := p.kept(civic.MediaOfReport, rand.Reader, photo(t, 1000, 500), film(t))
	for i, want := range []civic.MediaRef{
		{Kind: civic.Image, ContentType: "image/jpeg", Width: 1000, Height: 500}, {Kind: civic.Video, ContentType: "video/mp4", Width: refs[1].Width, Height: refs[1].Height},
	} {
		got := refs[i]
		content := p.content(got.Blob)
		if got.Kind != want.Kind || got.ContentType != want.ContentType || got.Width != want.Width || got.Height != want.Height || got.ByteSize != len(content) || got.Facts != nil {
			t.Errorf("%+v, want %+v", got, want)
		}
		if bytes.Contains(content, []byte(canary)) {
			t.Errorf("%d: the canary lives", i)
		}
	}
	if thumbnail, err := jpeg.DecodeConfig(bytes.NewReader(p.content(refs[0].Thumbnail))); err != nil || thumbnail.Width != 480 {
		t.Errorf("the thumbnail: %+v, %v", thumbnail, err)
	}
	if refs[1].Thumbnail != "" || len(p.names()) != 3 {
		t.Errorf("%q, %d blobs", refs[1].Thumbnail, len(p.names()))
	}
}

// One damaged file refuses all, before anything is stored.
func TestDamagedFilesLeaveNothing(t *testing.T) {
	t.Parallel()
	p := open(t)
	good := photo(t, 300, 200)
	for what, bad := range map[string][]byte{"cut": good[:len(good)/2], "empty": nil, "text": []byte("#!/bin/sh"), "a cut film": film(t)[:100]} {
		_, err := p.Clean(t.Context(), civic.MediaOfReport, []civic.Upload{civic.NewUpload(good), civic.NewUpload(bad)})
		var refusal *civic.Error
		if !errors.As(err, &refusal) || refusal.Code != civic.CodeInvalidInput || refusal.Field != "media" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if names := p.names(); len(names) != 0 {
		t.Errorf("kept %v", names)
	}
}

// A retry draws the same names, and so replaces what its first try has left.
func TestTheSameRandomGivesTheSameNames(t *testing.T) {
	t.Parallel()
	p := open(t)
	seed := strings.Repeat("twenty bytes and more", 10)
	first := p.kept(civic.MediaOfReport, strings.NewReader(seed), photo(t, 40, 30), photo(t, 30, 40))
	second := p.kept(civic.MediaOfReport, strings.NewReader(seed), photo(t, 40, 30), photo(t, 30, 40))
	for i := range first {
		if first[i].Blob != second[i].Blob || first[i].Thumbnail != second[i].Thumbnail {
			t.Errorf("%+v became %+v", first[i], second[i])
		}
	}
	if len(p.names()) != 4 {
		t.Errorf("%d blobs", len(p.names()))
	}
}

// What a file says of itself stays with a proof of work alone, and never goes into the stream.
func TestFacts(t *testing.T) {
	t.Parallel()
	p := open(t)
	taken, err := os.ReadFile(filepath.Join("..", "..", "anonymizer", "strip", "testdata", "photos", "gps-nikon.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	proof := p.kept(civic.MediaOfResolution, rand.Reader, taken)[0].Facts
	if proof == nil || !proof.Camera || proof.TakenAt == nil || proof.Latitude == nil {
		t.Errorf("a proof: %+v", proof)
	}
	if other := p.kept(civic.MediaOfReport, rand.Reader, taken)[0]; other.Facts != nil || other.Print != nil {
		t.Errorf("a report: %+v", other.Facts)
	}
}

func TestWhoNoLongerWaitsIsNotServed(t *testing.T) {
	t.Parallel()
	p := open(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.Clean(gone, civic.MediaOfReport, []civic.Upload{civic.NewUpload(photo(t, 40, 30))})
	var refusal *civic.Error
	if !errors.As(err, &refusal) || refusal.Code != civic.CodeUnavailable {
		t.Errorf("%v", err)
	}
}

// Many at once wait for each other and are all served.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	p := open(t)
	file := photo(t, 200, 100)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			keep, err := p.Clean(t.Context(), civic.MediaOfReport, []civic.Upload{civic.NewUpload(file), civic.NewUpload(file)})
			if err == nil {
				_, err = keep(t.Context(), rand.Reader)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(p.names()); n != 80 {
		t.Errorf("%d blobs", n)
	}
}

// Prints are of pictures that are kept: films have none, and what is lost is left out.
func TestPrints(t *testing.T) {
	t.Parallel()
	p := open(t)
	refs := p.kept(civic.MediaOfReport, rand.Reader, photo(t, 40, 30), film(t))
	pictures := []*civic.Media{{MediaRef: refs[0]}, {MediaRef: refs[1]}, {MediaRef: civic.MediaRef{Thumbnail: refs[0].Thumbnail[1:] + "0"}}}
	prints, err := p.Prints(t.Context(), pictures)
	if err != nil || len(prints) != 1 {
		t.Errorf("%d prints, %v", len(prints), err)
	}
	proof := p.kept(civic.MediaOfResolution, rand.Reader, photo(t, 40, 30))
	if len(prints) == 1 && !bytes.Equal(prints[0], proof[0].Print) {
		t.Error("the same picture has two prints")
	}
	_, err = p.Clean(t.Context(), civic.MediaOfResolution, []civic.Upload{civic.NewUpload(photo(t, 40, 30)), civic.NewUpload(film(t))})
	if refusal, ok := errors.AsType[*civic.Error](err); !ok || refusal.Key != "media.not_a_picture" {
		t.Errorf("a film as a proof: %v", err)
	}
}
