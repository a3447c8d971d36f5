package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// site is one whose API is the handler; the clock stands at noon.
func site(t *testing.T, api http.HandlerFunc) *page.Site {
	t.Helper()
	sessions, err := session.NewKeeper(session.Citizen, bytes.Repeat([]byte{7}, session.KeySize), false)
	if err != nil {
		t.Fatal(err)
	}
	officers, err := session.NewKeeper(session.Officer, bytes.Repeat([]byte{7}, session.KeySize), false)
	if err != nil {
		t.Fatal(err)
	}
	s, err := page.NewSite(page.Config{
		API: client.New("http://server", client.Within(func() http.Handler { return api })), Sessions: sessions, Officers: officers, Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// refresher gives a new session for a refresh token, once, as the API does.
type refresher struct {
	mu   sync.Mutex
	used map[string]bool
	n    int
	away bool
}

func (r *refresher) serve(w http.ResponseWriter, request *http.Request) {
	var asked struct{ Variables struct{ Token string } }
	_ = json.NewDecoder(request.Body).Decode(&asked)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		http.Error(w, "away", http.StatusBadGateway)
		return
	}
	if r.used[asked.Variables.Token] {
		_, _ = io.WriteString(w, `{"errors":[{"message":"over","extensions":{"code":"UNAUTHENTICATED"}}]}`)
		return
	}
	r.used[asked.Variables.Token] = true
	r.n++
	_, _ = fmt.Fprintf(w, `{"data":{"refreshSession":{"accessToken":"access%d","refreshToken":"refresh%d","expiresAt":%q,
		"viewer":{"__typename":"Citizen","name":"Siti"}}}}`, r.n, r.n, noon.Add(15*time.Minute).Format(time.RFC3339))
}

// Three tabs that come with the same old cookie get the same new session: a refresh token used twice would end it.
func TestASessionIsRenewedOnceForAllTabs(t *testing.T) {
	t.Parallel()
	api := &refresher{used: map[string]bool{}}
	s := site(t, api.serve)
	old := sealed(t, s, session.Session{Access: "access0", Refresh: "refresh0", Expires: noon.Add(10 * time.Second), Name: "Siti"})
	handler := s.HandleOwn(func(v *page.Visit) error {
		if v.Session == nil {
			_, err := io.WriteString(v.W, "nobody")
			return err
		}
		_, err := io.WriteString(v.W, v.Session.Access)
		return err
	})
	visit := func(cookie *http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, session.Path, nil)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	var tabs sync.WaitGroup
	for range 8 {
		tabs.Go(func() {
			if w := visit(old); w.Body.String() != "access1" || len(w.Result().Cookies()) != 1 {
				t.Errorf("a tab has %s", w.Body)
			}
		})
	}
	tabs.Wait()
	fresh := visit(old).Result().Cookies()[0]
	if w := visit(fresh); w.Body.String() != "access1" || len(w.Result().Cookies()) != 0 {
		t.Errorf("the new cookie gives %s", w.Body)
	}
	over := sealed(t, s, session.Session{Refresh: "refresh9", Expires: noon.Add(-time.Hour)})
	api.used["refresh9"] = true
	if w := visit(over); w.Body.String() != "nobody" || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("a session that is over gives %s", w.Body)
	}
	api.away = true
	kept := sealed(t, s, session.Session{Access: "kept", Refresh: "refresh5", Expires: noon.Add(-time.Hour)})
	if w := visit(kept); w.Body.String() != "kept" || len(w.Result().Cookies()) != 0 {
		t.Errorf("while the API is away a session becomes %s", w.Body)
	}
}

func sealed(t *testing.T, s *page.Site, of session.Session) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := s.Sessions.Set(w, of); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()[0]
}

func TestOnlyPathsOfOursAreGoneBackTo(t *testing.T) {
	t.Parallel()
	for path, ours := range map[string]bool{
		"/saya": true, "/laporan?cari=x": true, "//evil.example": false, "https://evil.example": false, `/\evil.example`: false, "": false, "saya": false, "/\t/evil.example": false,
	} {
		if got := page.Local(path, "fallback"); (got == path) != ours {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

// What is too large keeps the words that came before it.
func TestFormsHaveLimits(t *testing.T) {
	t.Parallel()
	s := site(t, func(http.ResponseWriter, *http.Request) {})
	read := func(kind string, body io.Reader) (form page.Form, failed error) {
		r := httptest.NewRequest(http.MethodPost, "/", body)
		r.Header.Set("Content-Type", kind)
		s.Handle(func(v *page.Visit) error {
			form, failed = v.Form()
			form.Release()
			return nil
		}).ServeHTTP(httptest.NewRecorder(), r)
		return form, failed
	}
	if form, err := read("application/x-www-form-urlencoded", strings.NewReader(url.Values{"a": {" b "}}.Encode())); err != nil || form.Get("a") != "b" {
		t.Errorf("a small form is %v %v", form.Values, err)
	}
	if _, err := read("application/x-www-form-urlencoded", strings.NewReader("a="+strings.Repeat("x", 1<<20))); err != page.ErrTooLarge {
		t.Errorf("a large form is %v", err)
	}
	many := func(files, size int) (string, io.Reader) {
		var out bytes.Buffer
		w := multipart.NewWriter(&out)
		_ = w.WriteField("a", "b")
		for range files {
			part, _ := w.CreateFormFile("foto", "x.jpg")
			_, _ = part.Write(make([]byte, size))
		}
		_ = w.Close()
		return w.FormDataContentType(), &out
	}
	if form, err := read(many(10, 1000)); err != nil || len(form.Files) != 10 || form.Get("a") != "b" {
		t.Errorf("ten files are %d, %v", len(form.Files), err)
	}
	if form, err := read(many(1, 0)); err != nil || len(form.Files) != 0 {
		t.Errorf("an empty file field is %d files, %v", len(form.Files), err)
	}
	for name, body := range map[string][2]int{"eleven files": {11, 10}, "61 MiB": {1, 61 << 20}} {
		if form, err := read(many(body[0], body[1])); err != page.ErrTooLarge || form.Get("a") != "b" {
			t.Errorf("%s: %v with %v", name, err, form.Values)
		}
	}
}
