package anonymizer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/blob"
	"github.com/jagawarga/jagawarga/internal/media"
)

// pictureCanary says who took a picture, inside of it.
const pictureCanary = "Kamera-milik-Kanarius"

// photo is a picture that tells of its maker before, within and behind itself.
func photo(t *testing.T, edge int) civic.Upload {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, edge, edge)), nil); err != nil {
		t.Fatal(err)
	}
	comment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xfe}, uint16(2+len(pictureCanary))), pictureCanary...)
	return civic.NewUpload(slices.Concat(out.Bytes()[:2], comment, out.Bytes()[2:], []byte(pictureCanary)))
}

// gallery is a flat with a place for pictures.
type gallery struct {
	*flat
	blobs *blob.Store
}

func openGallery(t *testing.T) *gallery {
	t.Helper()
	f, dir := openWithKeys(t), t.TempDir()
	blobs, err := blob.Open(t.Context(), blob.Config{URL: "file://" + dir + "/blobs", KeyFile: dir + "/key", Now: f.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	f.media = media.NewKeeper(media.Config{}, blobs)
	f.serve(t, f.intake)
	return &gallery{f, blobs}
}

func (g *gallery) names(t *testing.T) (names []string) {
	t.Helper()
	err := g.blobs.List(t.Context(), func(l blob.Listed) bool {
		if !l.At.Equal(filedAt.Truncate(time.Hour)) {
			t.Errorf("a blob is from %v", l.At)
		}
		names = append(names, l.Name)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func withPictures(r anonymizerclient.Report, files ...civic.Upload) anonymizerclient.Report {
	r.Media = files
	return r
}

func TestPicturesAreCleanedAndKept(t *testing.T) {
	t.Parallel()
	g := openGallery(t)
	g.file(t, withPictures(with(draw(t, 1), ""), photo(t, 40), photo(t, 60)))
	stored := g.stored(t)
	if len(stored) != 1 || len(stored[0].Media) != 2 {
		t.Fatalf("%+v", stored)
	}
	for i, edge := range []int{40, 60} {
		ref := stored[0].Media[i]
		reader, err := g.blobs.Open(t.Context(), ref.Blob)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		_ = reader.Close()
		if err != nil || ref.Width != edge || ref.Kind != civic.Image || ref.ByteSize != len(content) || bytes.Contains(content, []byte(pictureCanary)) {
			t.Errorf("%+v: %v; the canary is in it: %v", ref, err, bytes.Contains(content, []byte(pictureCanary)))
		}
	}
	if n := len(g.names(t)); n != 4 {
		t.Errorf("%d blobs", n)
	}
	g.searchEverything(t)
	if bytes.Contains(g.log.Bytes(), []byte(pictureCanary)) {
		t.Error("the log has the canary")
	}
}

// A damaged picture is refused before anything is stored: the token is as good as before.
func TestADamagedPictureCostsNoToken(t *testing.T) {
	t.Parallel()
	g := openGallery(t)
	token := draw(t, 1)
	whole := photo(t, 40).Reveal()
	for what, files := range map[string][]civic.Upload{
		"cut":      {photo(t, 40), civic.NewUpload(whole[:len(whole)/2])},
		"text":     {civic.NewUpload([]byte("#!/bin/sh"))},
		"too many": slices.Repeat([]civic.Upload{photo(t, 8)}, civic.MaxMedia+1),
	} {
		_, err := g.client.Submit(t.Context(), withPictures(with(token, ""), files...))
		refusal, ok := errors.AsType[*civic.Error](err)
		if !ok || refusal.Code != civic.CodeInvalidInput || refusal.Field != "media" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if names := g.names(t); len(names) != 0 {
		t.Errorf("kept %v", names)
	}
	g.file(t, withPictures(with(token, ""), photo(t, 40)))
	// A forged token makes nobody work.
	forged := *draw(t, 1)
	forged.Signature = slices.Clone(forged.Signature)
	forged.Signature[9] ^= 1
	if _, err := g.client.Submit(t.Context(), withPictures(with(&forged, ""), civic.NewUpload([]byte("damaged")))); !refusedAs(err, civic.CodeInvalidInput, "token.signature", "tokens.forged") {
		t.Errorf("a forged token with a damaged picture: %v", err)
	}
}

// failing loses the first submissions before they reach the stream, as a crash between the blobs and the stream would.
type failing struct {
	anonymizer.Intake
	left atomic.Int32
}

func (f *failing) Submit(ctx context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	if f.left.Add(-1) >= 0 {
		return "", false, civic.Unavailable("submission.unavailable")
	}
	return f.Intake.Submit(ctx, s)
}

// A retry with the same client key neither doubles nor loses a picture, whatever the first try has left.
func TestARetryKeepsTheSamePictures(t *testing.T) {
	t.Parallel()
	g := openGallery(t)
	broken := &failing{Intake: g.intake}
	broken.left.Store(1)
	g.serve(t, broken)
	r := withPictures(with(draw(t, 1), "mine"), photo(t, 40), photo(t, 60))
	if _, err := g.client.Submit(t.Context(), r); err == nil {
		t.Fatal("it was filed without a stream")
	}
	left := g.names(t)
	first := g.file(t, r)
	g.serve(t, g.intake) // as after a crash
	second := g.file(t, r)
	if first.Receipt != second.Receipt {
		t.Error("the receipt has changed")
	}
	names := g.names(t)
	slices.Sort(left)
	slices.Sort(names)
	if len(names) != 4 || !slices.Equal(left, names) {
		t.Errorf("%v, then %v", left, names)
	}
	for _, s := range g.stored(t) {
		for i, ref := range s.Media {
			if !slices.Contains(names, ref.Blob) || !slices.Contains(names, ref.Thumbnail) || ref.ID != g.stored(t)[0].Media[i].ID {
				t.Errorf("%+v", ref)
			}
		}
	}
	if g.reports(t) != 1 {
		t.Errorf("%d reports", g.reports(t))
	}
	other := withPictures(r, photo(t, 40), photo(t, 61))
	other.Token = nil
	if _, err := g.client.Submit(t.Context(), other); !reused(err) {
		t.Errorf("the same key with another picture: %v", err)
	}
}
