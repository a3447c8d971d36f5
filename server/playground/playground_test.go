package playground_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/server/playground"
)

func get(t *testing.T, path string, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/x", nil)
	request.URL.Path = path
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	playground.Handler().ServeHTTP(recorder, request)
	return recorder.Result()
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var reference = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

func TestPageAndItsParts(t *testing.T) {
	t.Parallel()
	page := get(t, "")
	html := text(t, page.Body)
	if page.StatusCode != 200 || page.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d %v", page.StatusCode, page.Header)
	}
	policy := page.Header.Get("Content-Security-Policy")
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy: %s", policy)
	}
	found := 0
	for _, match := range reference.FindAllStringSubmatch(html, -1) {
		name := match[1]
		if strings.HasPrefix(name, "data:") {
			continue
		}
		found++
		plain := get(t, name)
		if plain.StatusCode != 200 || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Fatalf("%s: %d %v", name, plain.StatusCode, plain.Header)
		}
		packed := get(t, name, "Accept-Encoding", "br, gzip")
		unpacked, err := gzip.NewReader(packed.Body)
		if err != nil || packed.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %v", name, err)
		}
		if text(t, unpacked) != text(t, plain.Body) {
			t.Errorf("%s: packed and plain differ", name)
		}
		if again := get(t, name, "If-None-Match", plain.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d although nothing has changed", name, again.StatusCode)
		}
	}
	if found != 2 {
		t.Errorf("%d parts, want a script and a style sheet", found)
	}
	if missing := get(t, "nothing.js"); missing.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", missing.StatusCode)
	}
}

// The demo accounts and operations that people are shown must be in the bundle.
func TestExamples(t *testing.T) {
	t.Parallel()
	match := regexp.MustCompile(`src="([^"]+\.js)"`).FindStringSubmatch(text(t, get(t, "").Body))
	script := text(t, get(t, match[1]).Body)
	for _, want := range []string{"SignInAsCitizen", "SignInAsOfficer", "SignInAsHeadAuthority", "SignInToReportAnonymously",
		"submitReport", "submitAnonymousReport", "anonymousReport", "changeStatus", "assignReport", "departmentFeed", "publicFeed",
		"reportChanged", "petugas1.jalan@demo.jagawarga.test", "walikota@demo.jagawarga.test"} {
		if !strings.Contains(script, want) {
			t.Errorf("no %s", want)
		}
	}
}
