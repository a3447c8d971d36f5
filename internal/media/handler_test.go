package media_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/media"
)

// public says which blobs everybody may see; one that is broken says nothing.
type public struct {
	seen   map[string]bool
	broken bool
}

func (p *public) PublicBlob(_ context.Context, name string) (bool, error) {
	if p.broken {
		return false, errors.New("the database is away")
	}
	return p.seen[name], nil
}

func fetch(h http.Handler, method, url string, headers ...string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	mux.Handle("GET "+media.Path+"{file}", h)
	request := httptest.NewRequest(method, url, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, request)
	return answer
}

func TestLinks(t *testing.T) {
	t.Parallel()
	p := open(t)
	refs := p.kept(civic.MediaOfReport, rand.Reader, photo(t, 1000, 500), film(t))
	picture, moving := &civic.Media{MediaRef: refs[0]}, &civic.Media{MediaRef: refs[1]}
	links := media.NewLinks([]byte("key"), p.clock.Now)
	others := media.NewLinks([]byte("another key"), p.clock.Now)
	everybody := &public{seen: map[string]bool{}}
	handler := media.NewHandler(p.blobs, links, everybody)
	status := func(url string) int { return fetch(handler, http.MethodGet, url).Code }

	signed, thumbnail := links.Of(picture, false)
	plain, plainThumbnail := links.Of(picture, true)
	filmLink, filmStill := links.Of(moving, false)
	if again, _ := links.Of(picture, false); again != signed {
		t.Error("a link changes from one moment to the next: no browser can keep what it has fetched")
	}
	stolen, _ := others.Of(picture, false)
	for url, want := range map[string]int{
		signed: 200, thumbnail: 200, filmLink: 200, filmStill: 200,
		plain: 404, plainThumbnail: 404, // nobody has said that everybody may
		stolen: 404,
		strings.Replace(signed, "until=1", "until=2", 1):            404,
		strings.Replace(signed, "signature=", "signature=A", 1):     404,
		strings.Replace(signed, refs[0].Blob, refs[0].Thumbnail, 1): 404,
		strings.Replace(signed, ".jpg", ".png", 1):                  404,
		plain + "?signature=":                                       404, plain + "?x": 404, media.Path + "x.jpg": 404, media.Path + refs[0].Blob: 404, media.Path: 404,
		media.Path + "..%2f" + refs[0].Blob + ".jpg": 404,
	} {
		if got := status(url); got != want {
			t.Errorf("%s: %d, want %d", url, got, want)
		}
	}

	everybody.seen[refs[0].Blob] = true
	if status(plain) != 200 || status(plainThumbnail) != 404 {
		t.Error("a public picture is not seen, or one that is not")
	}
	everybody.broken = true
	if status(plain) != 503 || status(signed) != 200 {
		t.Error("while the database is away plain links should wait, and signed ones work")
	}
	p.clock.Add(14 * time.Minute)
	if status(signed) != 200 {
		t.Error("a link is over before a quarter of an hour")
	}
	p.clock.Add(16 * time.Minute)
	if status(signed) != 404 {
		t.Error("a link is good for more than half an hour")
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	p := open(t)
	moving := &civic.Media{MediaRef: p.kept(civic.MediaOfReport, rand.Reader, film(t))[0]}
	whole := p.content(moving.Blob)
	links := media.NewLinks([]byte("key"), p.clock.Now)
	handler := media.NewHandler(p.blobs, links, &public{seen: map[string]bool{moving.Blob: true}})
	signed, _ := links.Of(moving, false)
	plain, _ := links.Of(moving, true)

	got := fetch(handler, http.MethodGet, plain)
	for name, want := range map[string]string{
		"Content-Type": "video/mp4", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=60", "ETag": `"` + moving.Blob + `"`,
		"Content-Disposition": `inline; filename="` + moving.Blob + `.mp4"`, "Accept-Ranges": "bytes",
		"Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got.Header().Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header().Get(name), want)
		}
	}
	if !strings.Contains(got.Header().Get("Content-Security-Policy"), "sandbox") || got.Body.String() != string(whole) {
		t.Error("not sandboxed, or not whole")
	}
	if cached := fetch(handler, http.MethodGet, signed).Header().Get("Cache-Control"); cached != "private, max-age=1374" { // 08:07:06 to 08:30:00
		t.Errorf("a signed link may be kept %q", cached)
	}
	end := fetch(handler, http.MethodGet, plain, "Range", "bytes=-7")
	if end.Code != http.StatusPartialContent || end.Body.String() != string(whole[len(whole)-7:]) {
		t.Errorf("the end: %d, %d bytes", end.Code, end.Body.Len())
	}
	middle := fetch(handler, http.MethodGet, plain, "Range", "bytes=100-199")
	if middle.Code != http.StatusPartialContent || middle.Body.String() != string(whole[100:200]) {
		t.Errorf("the middle: %d, %d bytes", middle.Code, middle.Body.Len())
	}
	if beyond := fetch(handler, http.MethodGet, plain, "Range", "bytes=99999999-"); beyond.Code != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond the end: %d", beyond.Code)
	}
	if same := fetch(handler, http.MethodGet, plain, "If-None-Match", `"`+moving.Blob+`"`); same.Code != http.StatusNotModified {
		t.Errorf("the same again: %d", same.Code)
	}
	if head := fetch(handler, http.MethodHead, plain); head.Code != 200 || head.Body.Len() != 0 {
		t.Errorf("HEAD: %d, %d bytes", head.Code, head.Body.Len())
	}
}

// A paper may hold anything: it is given out to be saved, by signed links alone.
func TestPapersAreSaved(t *testing.T) {
	t.Parallel()
	p := open(t)
	paper := []byte("%PDF-1.7\n" + canary + "\n%%EOF\n")
	ref := p.kept(civic.MediaAttached, rand.Reader, paper)[0]
	if ref.ContentType != "application/pdf" || ref.Thumbnail != "" || string(p.content(ref.Blob)) != string(paper) {
		t.Errorf("%+v", ref)
	}
	links := media.NewLinks([]byte("key"), p.clock.Now)
	handler := media.NewHandler(p.blobs, links, &public{seen: map[string]bool{}})
	signed, _ := links.Of(&civic.Media{MediaRef: ref}, false)
	plain, _ := links.Of(&civic.Media{MediaRef: ref}, true)
	got := fetch(handler, http.MethodGet, signed)
	if got.Code != http.StatusOK || got.Header().Get("Content-Disposition") != `attachment; filename="`+ref.Blob+`.pdf"` ||
		!strings.Contains(got.Header().Get("Content-Security-Policy"), "sandbox") || got.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("%d, %v", got.Code, got.Header())
	}
	if code := fetch(handler, http.MethodGet, plain).Code; code != http.StatusNotFound {
		t.Errorf("a plain link: %d", code)
	}
}
