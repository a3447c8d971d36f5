package integration

import (
	"io"
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// budgets are what a page may weigh on the way, packed, with everything that it needs to be read and used, and how many requests that may take. The
// map in the browser is fetched when somebody gets to it, and pictures when they come into view.
var budgets = []struct {
	path      string
	kilobytes int
	requests  int
}{
	{"/", 100, 10}, {"/laporan", 100, 12}, {"/peta", 100, 10}, {"/statistik", 100, 10}, {"/lacak", 100, 12}, {"/anonim", 200, 14}, {"/saya/lapor", 200, 12},
	{"/saya/masuk", 100, 10}, {"/saya/daftar", 100, 10}, {"/nowhere", 100, 10},
}

// pagesAreLight audits every page that a stranger can open.
func pagesAreLight(t *testing.T, city *System) {
	for _, budget := range budgets {
		city.light(t, budget.path, budget.kilobytes, budget.requests)
	}
}

// light fails for a page that is too heavy.
func (s *System) light(t *testing.T, path string, kilobytes, most int) {
	t.Helper()
	weight, requests := s.weigh(t, path)
	if weight > kilobytes<<10 || requests > most {
		t.Errorf("%s weighs %d bytes in %d requests, and may weigh %d in %d", path, weight, requests, kilobytes<<10, most)
	}
	figures.Tell(t, "portal: %s weighs %.1f KB with all it needs, in %d requests", path, float64(weight)/1024, requests)
}

// weigh fetches a page and everything that it names on the way.
func (s *System) weigh(t *testing.T, path string) (bytes, requests int) {
	t.Helper()
	links := []string{path}
	page := s.Visitor(t).Opens(path)
	page.Find("link[rel=stylesheet], link[rel=preload], link[rel=modulepreload], link[rel=icon], link[rel=manifest], script[src]").Each(func(_ int, part *goquery.Selection) {
		links = append(links, part.AttrOr("href", part.AttrOr("src", "")))
	})
	for _, link := range links {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+link, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", "gzip, br")
		response, err := outside.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK && (link != path || response.StatusCode != page.Status) {
			t.Fatalf("%s: %d %v", link, response.StatusCode, err)
		}
		bytes += len(raw)
	}
	return bytes, len(links)
}
