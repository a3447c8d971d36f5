package open311_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

func day(n int) func(*civic.Submission) {
	return coretest.At(coretest.Monday.Add(time.Duration(n) * 24 * time.Hour))
}

func at(latitude, longitude float64) func(*civic.Submission) {
	return func(s *civic.Submission) { s.Place = &civic.Place{Latitude: latitude, Longitude: longitude} }
}

func TestFilters(t *testing.T) {
	t.Parallel()
	c := open(t)
	names := map[string]string{}
	file := func(name string, changes ...func(*civic.Submission)) {
		names[c.File(changes...).Number] = name
	}
	file("old", day(-100))
	file("flood", c.Of("banjir"), day(-50), at(-6.9147, 107.6098))
	file("near", day(-3), at(-6.9183, 107.6098)) // 400 m further south
	file("closed", day(-2))
	file("new", day(-1), at(-6.95, 107.70))
	file("private", coretest.Visibility(civic.Private))
	file("anonymous", coretest.Visibility(civic.Anonymous))
	number := map[string]string{}
	for n, name := range names {
		number[name] = n
	}
	c.Exec("UPDATE reports SET status = 'CLOSED', updated_at = $2 WHERE number = $1", number["closed"], coretest.Monday)
	for query, want := range map[string]string{
		"":                                           "new closed near flood",
		"status=open":                                "new near flood",
		"status=closed":                              "closed",
		"status=open,closed":                         "new closed near flood",
		"service_code=banjir":                        "flood",
		"service_code=banjir,jalan-rusak":            "new closed near flood",
		"service_code=ufo":                           "",
		"start_date=2026-11-21T00:00:00Z":            "new closed",
		"start_date=2026-11-20":                      "new closed near",
		"end_date=2026-08-20T00:00:00Z":              "old",
		"start_date=2026-10-01&end_date=2026-11-01":  "flood",
		"end_date=2026-11-21T02:00:00%2B00:00":       "closed near flood",
		"end_date=2026-11-21T02:00:00+00:00":         "closed near flood",
		"lat=-6.9147&long=107.6098":                  "near flood",
		"lat=-6.9147&long=107.6098&radius=399":       "flood",
		"lat=-6.9147&long=107.6098&radius=401":       "near flood",
		"lat=-6.9147&long=107.6098&radius=20000":     "new near flood",
		"page_size=2":                                "new closed",
		"page_size=2&page=2":                         "near flood",
		"page_size=2&page=3":                         "",
		"updated_after=2026-11-22T12:00:00Z":         "closed",
		"updated_before=2026-11-01":                  "flood old",
		"jurisdiction_id=kota.example&status=closed": "closed",
		"service_request_id=" + number["old"] + "," + number["near"] + "&status=closed": "near old",
		"service_request_id=" + strings.ToLower(number["old"]):                          "old",
		"service_request_id=" + number["private"] + "," + number["anonymous"]:           "",
		"service_request_id=42": "",
	} {
		var got []string
		for id := range strings.FieldsSeq(c.ids(query)) {
			got = append(got, names[id])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, name := range []string{"private", "anonymous"} {
		if a := c.get("requests/" + number[name] + ".json?api_key=" + demoKey); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, query := range []string{
		"status=fixed", "start_date=yesterday", "start_date=2026-01-01&end_date=2026-05-01", "start_date=2026-02-01&end_date=2026-01-01", "page=0", "page_size=1001",
		"lat=1", "long=1", "lat=1&long=200", "lat=1&long=1&radius=-1", "lat=1&long=1&radius=NaN", "page=x", "status=%ff", "status=%zz", "updated_after=x",
	} {
		if a := c.get("requests.json?" + query); a.status != http.StatusBadRequest || !strings.HasPrefix(a.body, `[{"code":400,`) {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	lines, err := csv.NewReader(strings.NewReader(c.get("requests.csv").body)).ReadAll()
	if err != nil || len(lines) != 6 || lines[0][0] != "service_request_id" || names[lines[1][0]] != "new" || names[lines[5][0]] != "old" {
		t.Errorf("%v %q", err, lines)
	}
}

// A file goes on where an answer would end, and keeps its words from becoming formulas.
func TestABulkFile(t *testing.T) {
	t.Parallel()
	c := open(t)
	all := make([]civic.Submission, 1100)
	for i := range all {
		all[i] = c.Submission(coretest.At(coretest.Monday.Add(-time.Duration(i/7)*time.Hour)), func(s *civic.Submission) { s.Body = "=1+1" })
	}
	c.TakeIn(all...)
	a := c.get("requests.csv")
	lines, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(lines) != len(all)+1 || a.kind != "text/csv; charset=utf-8; header=present" {
		t.Fatalf("%v, %d lines, %s", err, len(lines), a.kind)
	}
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		if seen[line[0]] = true; line[10] != "'=1+1" {
			t.Fatalf("%q", line)
		}
	}
	if len(seen) != len(all) {
		t.Errorf("%d different ones", len(seen))
	}
	if n := len(strings.Fields(c.ids(""))); n != 1000 {
		t.Errorf("a list has %d", n)
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	c := open(t)
	for path, status := range map[string]int{
		"services.xml": 200, "services.json": 200, "services": 404, "services.csv": 404, "services/jalan-rusak.xml": 200, "services/ufo.json": 404, "services/.json": 404,
		"tokens/x.json": 404, "tokens.json": 404, "requests/JW-0000-0000.xml": 404, "requests/x.xml": 404, "nothing.json": 404, ".xml": 404, "": 404, "requests/a/b.xml": 404,
		"discovery.json": 200, "servicerequestupdates.json": 200, "services.yaml": 404,
	} {
		if a := c.get(path); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := c.post("services.json", good()...); a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST services: %d", a.status)
	}
	// The language is the caller's.
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"services/ufo.json", nil)
	r.Header.Set("Accept-Language", "id")
	if a := c.do(r); !strings.Contains(a.body, "tidak ditemukan") {
		t.Error(a.body)
	}
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.filed()
	report, err := c.reader().ReportByNumber(t.Context(), civic.Scope{}, id)
	if err != nil {
		t.Fatal(err)
	}
	officer := c.Officer("jalan")
	for _, step := range []func() error{
		func() error {
			_, err := c.desk.ChangeStatus(t.Context(), officer, report.ID, civic.AwaitingReporter, "Di sisi mana?")
			return err
		},
		func() error { _, err := c.desk.Comment(t.Context(), officer, report.ID, "Kami menunggu."); return err },
		func() error {
			_, err := c.desk.Comment(t.Context(), coretest.Citizen("budi"), report.ID, "Saya juga lihat.")
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	// FixMyStreet's own way of asking and answering.
	form := []string{
		"api_key", demoKey, "service_request_id", id, "update_id", "17", "updated_datetime", "2026-11-23T09:00:00+07:00", "status", "OPEN", "description", "Sisi kiri.",
		"email", "siti@example.org", "last_name", "Siti",
	}
	first := c.post("servicerequestupdates.xml", form...)
	if first.status != http.StatusOK || !strings.Contains(first.body, "<request_update><update_id>") {
		t.Fatalf("%d %s", first.status, first.body)
	}
	if again := c.post("servicerequestupdates.xml", form...); again != first {
		t.Errorf("a retry: %v", again)
	}
	if n := c.Count("SELECT count(*) FROM comments WHERE body = 'Sisi kiri.' AND author_kind = 'REPORTER' AND author_id IS NULL"); n != 1 {
		t.Errorf("%d comments", n)
	}
	if got := c.Report(report.ID).Status; got != civic.InProgress {
		t.Errorf("the report stands at %s", got)
	}
	var told []string
	for _, u := range read[[]row](t, c.get("servicerequestupdates.json?start_date=2026-11-22&end_date=2026-11-24")) {
		told = append(told, fmt.Sprint(u["service_request_id"] == id, " ", u["status"], " ", u["external_status_code"], " ", u["description"]))
	}
	for _, want := range []string{"true open AWAITING_REPORTER Di sisi mana?", "true open AWAITING_REPORTER Kami menunggu.", "true open IN_PROGRESS <nil>"} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("%q is not in %q", want, told)
		}
	}
	if len(told) != 3 {
		t.Errorf("%q", told)
	}
	xml := c.get("servicerequestupdates.xml")
	if !strings.Contains(xml.body, "<service_requests_updates><request_update><update_id>") {
		t.Error(xml.body)
	}
	if notes := read[[]row](t, c.get("requests/"+id+".json"))[0]["status_notes"]; notes != "Di sisi mana?" {
		t.Errorf("notes %v", notes)
	}
	for name, refused := range map[string]struct {
		change []string
		status int
	}{
		"somebody else's":    {[]string{"api_key", otherKey, "update_id", "18"}, 404},
		"no key":             {[]string{"api_key", ""}, 403},
		"no words":           {[]string{"description", ""}, 400},
		"no report":          {[]string{"service_request_id", ""}, 400},
		"an unknown report":  {[]string{"service_request_id", "JW-0000-0000"}, 404},
		"a report like none": {[]string{"service_request_id", "7"}, 404},
	} {
		if a := c.post("servicerequestupdates.json", append(form, refused.change...)...); a.status != refused.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if n := c.Count("SELECT count(*) FROM comments"); n != 3 {
		t.Errorf("%d comments", n)
	}
}
