package export_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/export"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// broken is the store whose pages fail after some.
type broken struct {
	*store.Store
	pages int
}

func (b *broken) ExportPage(ctx context.Context, scope civic.Scope, department civic.DepartmentID, filter civic.Filter, p insight.Period, after *insight.Listed, most int) ([]insight.Listed, error) {
	if b.pages--; b.pages < 0 {
		return nil, errors.New("the database is away")
	}
	return b.Store.ExportPage(ctx, scope, department, filter, p, after, most)
}

type desk struct {
	*coretest.Core
	now   time.Time
	links *export.Links
	url   string
}

func newDesk(t *testing.T, c *coretest.Core, source export.Source) *desk {
	t.Helper()
	d := &desk{Core: c, now: coretest.Monday}
	d.links = export.NewLinks([]byte("key"), func() time.Time { return d.now })
	mux := http.NewServeMux()
	mux.Handle("GET "+export.Path+"{file}", export.NewHandler(export.Config{Log: slog.New(slog.DiscardHandler)}, d.links, source, func() *civic.City { return c.City }))
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// about is a question about all of a department's reports, and those below.
func (d *desk) about(code string) insight.Question {
	return insight.Question{
		Departments: d.City.Below(demo.DepartmentID(code)),
		Period:      insight.Period{From: coretest.Monday.AddDate(-1, 0, 0), To: coretest.Monday.AddDate(1, 0, 0)},
	}
}

func (d *desk) fetch(t *testing.T, link string) (status int, body string, err error) {
	t.Helper()
	response, err := http.Get(d.url + link)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func (d *desk) table(t *testing.T, q insight.Question) []map[string]string {
	t.Helper()
	link, _ := d.links.Links(q)
	status, body, err := d.fetch(t, link)
	if status != http.StatusOK || err != nil {
		t.Fatalf("%d %s %v", status, body, err)
	}
	body, marked := strings.CutPrefix(body, "\ufeff")
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !marked {
		t.Fatalf("marked as UTF-8: %v, %v", marked, err)
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = map[string]string{}
		for n, name := range lines[0] {
			rows[i][name] = line[n]
		}
	}
	return rows
}

func (d *desk) placed(s *civic.Submission) {
	s.Place, _ = d.City.CheckPlace("location", civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "Jalan Rahasia"})
}

// A file leaves the department: it tells nothing by which a reporter could be known.
func TestWhatAFileTells(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	d := newDesk(t, c, c.Store(roles.Server))
	formula := c.File(d.placed, func(s *civic.Submission) { s.Title = `=HYPERLINK("http://x","y")` })
	private := c.File(d.placed, coretest.Visibility(civic.Private), func(s *civic.Submission) { s.Title = "Rahasia" })
	for code, n := range map[string]int{"jalan-rusak": 6, "trotoar": 2, "jembatan": 3} {
		for range n {
			c.File(c.Of(code), d.placed, coretest.Visibility(civic.Anonymous))
		}
	}
	c.File(c.Of("sampah")) // somebody else's
	rows := d.table(t, d.about("infrastruktur"))
	byNumber, anonymous := map[string]map[string]string{}, map[string]string{}
	for _, row := range rows {
		if row["number"] != "" {
			byNumber[row["number"]] = row
			continue
		}
		anonymous[row["category"]] = row["count"]
		if row["latitude"]+row["title"] != "" || row["category"] == "" && row["created"]+row["district"]+row["department"]+row["status"] != "" {
			t.Errorf("too much is told of anonymous reports: %v", row)
		}
	}
	if len(byNumber) != 2 || byNumber[formula.Number]["title"][0] != '\'' || byNumber[formula.Number]["latitude"] != "-6.900000" {
		t.Errorf("public: %v", byNumber)
	}
	if row := byNumber[private.Number]; row == nil || row["title"]+row["latitude"] != "" || row["status"] != "RECEIVED" {
		t.Errorf("private: %v", row)
	}
	if len(anonymous) != 2 || anonymous["jalan-rusak"] != "6" || anonymous[""] != "5" {
		t.Errorf("anonymous: %v", anonymous)
	}

	_, link := d.links.Links(d.about("infrastruktur"))
	_, body, err := d.fetch(t, link)
	var collection struct {
		Type     string
		Features []struct {
			Geometry   *struct{ Coordinates []float64 }
			Properties map[string]any
		}
	}
	if err := errors.Join(err, json.Unmarshal([]byte(body), &collection)); err != nil || collection.Type != "FeatureCollection" || len(collection.Features) != len(rows) {
		t.Fatalf("%v, %d features for %d lines", err, len(collection.Features), len(rows))
	}
	placed := 0
	for _, feature := range collection.Features {
		if feature.Geometry != nil {
			placed++
		}
	}
	if placed != 1 || strings.Contains(body, "Rahasia") {
		t.Errorf("%d places are told: %s", placed, body)
	}
}

// Each month's anonymous reports are told by themselves where there are enough of them, and the rest of all months together.
func TestMonthsOfAnonymousReports(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	d := newDesk(t, c, c.Store(roles.Server))
	beforeMidnight := time.Date(2026, time.October, 31, 16, 59, 0, 0, time.UTC) // in UTC; in Jakarta it is 23:59
	for at, n := range map[time.Time]int{beforeMidnight: 5, beforeMidnight.Add(2 * time.Minute): 6, coretest.Monday.AddDate(0, -6, 0): 1} {
		for range n {
			c.File(c.Of("jalan-rusak"), coretest.Visibility(civic.Anonymous), coretest.At(at))
		}
	}
	told := map[string]string{}
	for _, row := range d.table(t, d.about("jalan")) {
		told[row["created"]] = row["count"]
	}
	if want := map[string]string{"2026-10": "5", "2026-11": "6", "": "1"}; !maps.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	d := newDesk(t, c, c.Store(roles.Server))
	link, other := d.links.Links(d.about("jalan"))
	elsewhere, _ := d.links.Links(d.about("walikota"))
	stolen, _ := export.NewLinks([]byte("another key"), func() time.Time { return d.now }).Links(d.about("jalan"))
	query := func(link string) string { _, query, _ := strings.Cut(link, "?"); return query }
	signature := func(link string) string {
		_, s, _ := strings.Cut(link, "&signature=")
		s, _, _ = strings.Cut(s, "&")
		return s
	}
	for link, want := range map[string]int{
		link: 200, other: 200, stolen: 404, export.Path + "reports.csv": 404, export.Path + "reports.geojson?" + query(link): 404,
		export.Path + "reports.xlsx?" + query(link):                          404,
		strings.Replace(elsewhere, signature(elsewhere), signature(link), 1): 404,
	} {
		if status, _, _ := d.fetch(t, link); status != want {
			t.Errorf("%s: %d, want %d", link, status, want)
		}
	}
	d.now = d.now.Add(31 * time.Minute)
	if status, _, _ := d.fetch(t, link); status != 404 {
		t.Errorf("a link is good after half an hour: %d", status)
	}
}

// A file that is broken off never looks whole; one that cannot be begun says so.
func TestAFileThatIsBrokenOff(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	c.Exec(`INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, answers, created_at, updated_at)
		SELECT gen_random_uuid(), 'T-' || n, repeat('x', 100), 'x', 'PUBLIC', 'RECEIVED', 'NORMAL', (SELECT id FROM categories WHERE code = 'jalan-rusak'),
		(SELECT id FROM departments WHERE code = 'jalan'), '[]', $1, $1 FROM generate_series(1, 4500) AS n`, coretest.Monday)
	whole := newDesk(t, c, c.Store(roles.Server))
	if rows := whole.table(t, whole.about("jalan")); len(rows) != 4500 {
		t.Errorf("%d lines", len(rows))
	}
	for pages, want := range map[int]int{0: http.StatusServiceUnavailable, 2: http.StatusOK} {
		d := newDesk(t, c, &broken{c.Store(roles.Server), pages})
		link, geoJSON := d.links.Links(d.about("jalan"))
		status, body, err := d.fetch(t, link)
		if status != want || (want == http.StatusOK) != (err != nil) {
			t.Errorf("after %d pages: %d, %d bytes, %v", pages, status, len(body), err)
		}
		if status, _, err := d.fetch(t, geoJSON); want == http.StatusOK && status == http.StatusOK && err == nil {
			t.Error("half a file looks whole")
		}
	}
}
