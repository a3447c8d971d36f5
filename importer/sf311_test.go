package importer_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/importer"
)

// TestTenThousandReports imports the whole file and counts it again, by other means.
func TestTenThousandReports(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(sf311File)
	if err != nil {
		t.Fatal(err)
	}
	a := newArchive(t)
	a.mustRun(string(text), importer.Counts{Imported: 10_000, Redated: 17})
	a.mustRun(string(text), importer.Counts{Skipped: 10_000})

	requests := readAll(t, string(text))
	equal(t, a, "status", "SELECT status FROM reports", requests, expectedStatus)
	equal(t, a, "category", "SELECT code FROM reports JOIN categories ON categories.id = category_id", requests, expectedCategory)
	equal(t, a, "filed", "SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS+00:00') FROM reports", requests,
		func(r request) string { return r["created_date"] })
	equal(t, a, "closed", "SELECT to_char(closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS+00:00') FROM reports WHERE status = 'CLOSED'",
		slices.DeleteFunc(slices.Clone(requests), func(r request) bool { return r["status"] == "Open" }),
		func(r request) string { return max(r["closed_date"], r["created_date"]) })
	equal(t, a, "notes", "SELECT message FROM timeline WHERE message <> ''", withNotes(requests), expectedNotes)
	equal(t, a, "placed", "SELECT (latitude IS NOT NULL)::text FROM reports", requests,
		func(r request) string { return strconv.FormatBool(number(r["latitude"]) != 0) })

	for what, sql := range map[string]string{
		"reports not public, with a reporter or with a due time": `SELECT count(*) FROM reports WHERE visibility <> 'PUBLIC' OR hidden
			OR reporter_id IS NOT NULL OR response_due_at IS NOT NULL OR resolution_due_at IS NOT NULL OR next_due_at IS NOT NULL`,
		"events": "SELECT count(*) FROM outbox",
		"reports in another department than their category's": `SELECT count(*) FROM reports JOIN categories ON categories.id = category_id
			WHERE categories.department_id <> reports.department_id`,
		"reports without their audit line": `SELECT count(*) FROM reports WHERE 1 <> (SELECT count(*) FROM audit
			WHERE audit.report_id = reports.id AND actor = 'system:import')`,
		"reports whose timeline does not end where they stand": `SELECT count(*) FROM reports WHERE status <>
			(SELECT status FROM timeline WHERE report_id = reports.id ORDER BY at DESC, id DESC LIMIT 1)`,
		"numbers given twice": "SELECT count(*) - count(DISTINCT number) FROM reports",
	} {
		if n := a.Count(sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func readAll(t *testing.T, text string) (requests []request) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		r := request{}
		for i, name := range records[0] {
			r[name] = record[i]
		}
		requests = append(requests, r)
	}
	return requests
}

// equal compares how often each value occurs in the database and in the file.
func equal(t *testing.T, a *archive, what, sql string, requests []request, expected func(request) string) {
	t.Helper()
	got, want := map[string]int{}, map[string]int{}
	for _, value := range a.column(sql) {
		got[value]++
	}
	for _, r := range requests {
		want[expected(r)]++
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: %.2000v in the database, %.2000v in the file", what, got, want)
	}
}

func expectedStatus(r request) string {
	return map[string]string{"Open": "RECEIVED", "Closed": "CLOSED"}[r["status"]]
}

// expectedCategory says in code what the table of categories says in lines.
func expectedCategory(r request) string {
	category, agency := r["category"], strings.TrimPrefix(r["category"], "General Request - ")
	is := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(r["descriptor"], p) })
	}
	switch {
	case category == "Sewer Issues" && r["complaint_type"] == "Flooding":
		return "banjir"
	case category == "Sewer Issues":
		return "saluran-mampet"
	case category == "Street Defects", agency == "PUBLIC WORKS" && is("bssr"):
		return "jalan-rusak"
	case category == "Noise Report":
		return "kebisingan"
	case category == "MUNI Feedback", agency == "TAXI COMMISSION", agency == "MTA" && is("mta", "muni", "transit"):
		return "angkutan-umum"
	case r["complaint_type"] == "Garbage", agency == "PUBLIC WORKS" && is("bses"):
		return "sampah"
	case r["complaint_type"] == "Trees", agency == "PUBLIC WORKS" && is("buf"):
		return "pohon-tumbang"
	case agency == "PUBLIC WORKS" && is("bsm"):
		return "trotoar"
	case agency == "MTA" && is("parking", "citations"):
		return "parkir-liar"
	case agency == "MTA" && is("sign_shop", "paint_shop", "color_curb", "traffic"), agency == "DPT":
		return "rambu-lalu-lintas"
	case agency == "PUC" && is("water_quality"):
		return "air-keruh"
	case agency == "COUNTY CLERK", agency == "DPH" && is("ovr"):
		return "ktp-kk"
	}
	if code, found := map[string]string{"RPD": "taman", "BUILDING INSPECTION": "bangunan-liar", "OCC": "penyalahgunaan-wewenang"}[agency]; found {
		return code
	}
	return "lainnya"
}

func expectedNotes(r request) string {
	return strings.TrimSpace(strings.ReplaceAll(r["status_notes"], "\r\n", "\n"))
}

func withNotes(requests []request) []request {
	return slices.DeleteFunc(slices.Clone(requests), func(r request) bool {
		return expectedNotes(r) == "" || strings.EqualFold(expectedNotes(r), r["status"])
	})
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func TestPlacesKeepTheirRelativePosition(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	b := a.City.Bounds
	for i, test := range []struct {
		latitude, longitude string
		place               *civic.Place
	}{
		{"37.77", "-122.435", &civic.Place{Latitude: (b.South + b.North) / 2, Longitude: (b.West + b.East) / 2}},
		{"37.70", "-122.52", &civic.Place{Latitude: b.South, Longitude: b.West}},
		{"37.84", "-122.35", &civic.Place{Latitude: b.North, Longitude: b.East}},
		{"0.0", "0.0", nil},
		{"", "", nil},
		{"37.77", "", nil},
		{"37.69", "-122.435", nil},
		{"NaN", "-122.435", nil},
		{"-6.9", "107.6", nil},
	} {
		key := strconv.Itoa(i)
		a.mustRun(file(row(key, "latitude", test.latitude, "longitude", test.longitude)), importer.Counts{Imported: 1})
		place := a.report(key).Place
		if (place == nil) != (test.place == nil) {
			t.Errorf("%s, %s became %+v, want %+v", test.latitude, test.longitude, place, test.place)
			continue
		}
		if place == nil {
			continue
		}
		if math.Abs(place.Latitude-test.place.Latitude) > 1e-6 || math.Abs(place.Longitude-test.place.Longitude) > 1e-6 {
			t.Errorf("%s, %s became %+v, want %+v", test.latitude, test.longitude, place, test.place)
		}
		if place.Address != "1 POLK ST, SAN FRANCISCO" {
			t.Errorf("address %q", place.Address)
		}
		district := a.City.DistrictAt(place.Latitude, place.Longitude)
		if (district == nil) != (place.District == nil) || district != nil && district.ID != *place.District {
			t.Errorf("district %v, want %v", place.District, district)
		}
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	none := "Not associated with a specific address"
	for i, test := range []struct {
		change []string
		title  string
	}{
		{nil, "Sewer Issues, Flooding, On street: 1 POLK ST"},
		{[]string{"incident_address", none}, "Sewer Issues, Flooding, On street"},
		{[]string{"descriptor", "Flooding On_street", "incident_address", none}, "Sewer Issues, Flooding On street"},
		{[]string{"complaint_type", "other", "descriptor", "na", "incident_address", none}, "Sewer Issues"},
		{[]string{"category", "MUNI Feedback", "complaint_type", "MUNI  -", "descriptor", "", "incident_address", none}, "MUNI Feedback"},
		{[]string{"category", "Noise Report", "complaint_type", "traffic", "descriptor", "Noise Report - traffic"}, "Noise Report - traffic: 1 POLK ST"},
		{[]string{"category", "General Request - CITY ATTORNEY", "complaint_type", "other", "descriptor", "city_attorney - other", "incident_address", none},
			"General Request - CITY ATTORNEY"},
		{[]string{"incident_address", "CORNER OF\nTHIRD"}, "Sewer Issues, Flooding, On street: CORNER OF THIRD"},
	} {
		key := strconv.Itoa(i)
		a.mustRun(file(row(key, test.change...)), importer.Counts{Imported: 1})
		if title := a.report(key).Title; title != test.title {
			t.Errorf("title %q, want %q", title, test.title)
		}
	}
}

func TestLongTitleIsCutAtAWord(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.mustRun(file(row("1", "descriptor", strings.Repeat("águas ", 40))), importer.Counts{Imported: 1})
	title := a.report("1").Title
	if n := utf8.RuneCountInString(title); n > civic.MaxTitle || n < civic.MaxTitle-len("águas ") || !strings.HasSuffix(title, "águas…") {
		t.Errorf("title of %d characters: %q", n, title)
	}
}

func TestOpenRequestWaitsWithItsNotes(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.mustRun(file(
		row("1", "status", "Open", "closed_date", "", "status_notes", "in progress"),
		row("2", "status", "Open", "closed_date", "", "status_notes", "open"),
	), importer.Counts{Imported: 2})
	if r := a.report("1"); r.Status != civic.Received || r.ClosedAt != nil || !r.UpdatedAt.Equal(r.CreatedAt) {
		t.Errorf("%+v", r)
	}
	if got := a.column("SELECT kind || ' ' || message FROM timeline ORDER BY message"); fmt.Sprint(got) != "[SUBMITTED  SUBMITTED in progress]" {
		t.Errorf("timeline %q", got)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	want := time.Date(2014, 5, 11, 9, 16, 48, 0, time.UTC)
	for i, text := range []string{
		"2014-05-11 09:16:48+00:00", "2014-05-11 16:16:48+07:00", "2014-05-11T09:16:48Z", "2014-05-11 09:16:48 UTC", " 2014-05-11 09:16:48Z ",
	} {
		key := strconv.Itoa(i)
		a.mustRun(file(row(key, "created_date", text)), importer.Counts{Imported: 1})
		if got := a.report(key).CreatedAt; !got.Equal(want) {
			t.Errorf("%q became %s", text, got)
		}
	}
}
