package dossier_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/dossier"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

var budi = civic.CitizenID{UUID: civic.NamedUUID("budi")}

// held is what two databases hold about budi; rows end with broken where that is set.
type held struct {
	rows   int
	broken error
	down   error
}

func (h held) Dossier(_ context.Context, citizen civic.CitizenID) (*identityclient.Dossier, error) {
	if h.down != nil {
		return nil, h.down
	}
	if citizen != budi {
		return nil, civic.NotFound("account.not_found")
	}
	return &identityclient.Dossier{Name: "Budi", Sessions: []identityclient.HeldSession{}, Tokens: []identityclient.HeldTokens{}}, nil
}

func (h held) Own(_ context.Context, _ civic.CitizenID, begin func(string) error, row func(json.RawMessage) error) error {
	for _, section := range []string{"reports", "votes"} {
		if err := begin(section); err != nil {
			return err
		}
		for range h.rows {
			if err := row(json.RawMessage(`{"title":"` + strings.Repeat("x", 1000) + `"}`)); err != nil {
				return err
			}
		}
	}
	return h.broken
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func serve(t *testing.T, h held) (url string, links *dossier.Links, now *clock) {
	t.Helper()
	now = &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	links, err := dossier.NewLinks(make([]byte, 32), now.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+dossier.Path+"{link}", dossier.NewHandler(dossier.Config{Log: slog.New(slog.DiscardHandler)}, links, h, h))
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, links, now
}

func get(t *testing.T, url string) (status int, body []byte, err error) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		return 0, nil, err // broken off before anything came
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

func link(t *testing.T, links *dossier.Links, citizen civic.CitizenID) string {
	t.Helper()
	path, err := links.Of(citizen)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestADocumentIsWholeOrSeenToBeBroken(t *testing.T) {
	t.Parallel()
	for rows, broken := range map[int]error{0: nil, 1: nil, 2000: nil, 3: errors.New("away"), 2001: errors.New("away")} {
		url, links, _ := serve(t, held{rows: rows, broken: broken})
		status, body, err := get(t, url+link(t, links, budi))
		if broken != nil {
			if err == nil {
				t.Errorf("%d rows: a broken document looks whole", rows)
			}
			continue
		}
		var found struct {
			Format         string
			Account        struct{ Name string }
			Reports, Votes []struct{ Title string }
		}
		if err := errors.Join(err, json.Unmarshal(body, &found)); err != nil || status != http.StatusOK {
			t.Fatal(status, err)
		}
		if found.Account.Name != "Budi" || len(found.Reports) != rows || len(found.Votes) != rows || found.Format != "jagawarga-my-data-1" {
			t.Errorf("%d rows: %d and %d", rows, len(found.Reports), len(found.Votes))
		}
	}
}

// A link opens one document, for some minutes, and does not tell whose.
func TestLinks(t *testing.T) {
	t.Parallel()
	url, links, now := serve(t, held{})
	path := link(t, links, budi)
	if again := link(t, links, budi); again == path {
		t.Error("two links are the same: one may tell of the other")
	}
	status := func(path string) int {
		code, _, _ := get(t, url+path)
		return code
	}
	for what, c := range map[string]struct {
		path string
		want int
	}{
		"a link": {path, 200}, "nobody's": {link(t, links, civic.CitizenID{}), 404}, "another letter": {path[:len(path)-2] + "--", 404},
		"a short one": {dossier.Path + "aaaa", 404}, "no base64": {dossier.Path + "%20", 404},
	} {
		if got := status(c.path); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
	now.pass(10*time.Minute - time.Second)
	if got := status(path); got != http.StatusOK {
		t.Errorf("it is over too early: %d", got)
	}
	now.pass(time.Second)
	if got := status(path); got != http.StatusNotFound {
		t.Errorf("it is not over: %d", got)
	}
	url, links, _ = serve(t, held{down: civic.Unavailable("identity.unavailable")})
	if got, _, _ := get(t, url+link(t, links, budi)); got != http.StatusServiceUnavailable {
		t.Errorf("without the identity service: %d", got)
	}
	if _, err := dossier.NewLinks([]byte("short"), nil, nil); err == nil {
		t.Error("a key of any length")
	}
}
