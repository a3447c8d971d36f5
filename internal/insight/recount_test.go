package insight_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang/geo/s2"
	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/importer"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/rollups"
)

// archive is the 10,000 imported reports, as they came or stirred.
type archive struct {
	*coretest.Core
	t       *testing.T
	server  *store.Store
	analyst *insight.Analyst
}

func newArchive(t *testing.T, stirred bool) *archive {
	t.Helper()
	a := &archive{Core: coretest.New(t), t: t}
	ingest := a.Store(roles.Ingest)
	file, err := os.Open("../../importer/testdata/sf311.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	task, err := importer.New(importer.Config{Format: "sf311", Now: func() time.Time { return coretest.Monday }}, a.City, a.Desk(ingest, casework.Config{}), ingest)
	if err != nil {
		t.Fatal(err)
	}
	if counts, err := task.Run(t.Context(), file); err != nil || counts.Imported < 9000 {
		t.Fatalf("%+v, %v", counts, err)
	}
	if stirred {
		a.stir()
	}
	keeper := rollups.New(rollups.Config{}, ingest, func() *time.Location { return a.City.Calendar.Zone })
	if err := keeper.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.server = a.Store(roles.Server)
	a.analyst = insight.New(insight.Config{Now: func() time.Time { return coretest.Monday }}, a.server, func() *civic.City { return a.City })
	return a
}

// stir gives the reports what imported ones do not have: answers, promises, climbs, ratings, officers, visibilities, and some to now.
func (a *archive) stir() {
	a.Exec("UPDATE reports SET created_at = $1::timestamptz - abs(hashtext(number)) % 200 * interval '13 hours', resolved_at = NULL, closed_at = NULL, status = 'IN_PROGRESS' WHERE abs(hashtext(number)) % 4 = 0", coretest.Monday)
	a.Exec(`UPDATE reports SET
		answered_at = CASE WHEN abs(hashtext(number)) % 3 = 0 THEN created_at + abs(hashtext(title)) % 5000 * interval '1 minute' END,
		response_due_at = CASE WHEN abs(hashtext(number)) % 5 > 0 THEN created_at + interval '8 hours' END,
		resolution_due_at = CASE WHEN abs(hashtext(number)) % 5 > 0 THEN created_at + abs(hashtext(body || number)) % 900 * interval '1 hour' END,
		clock_stopped_at = CASE WHEN abs(hashtext(number)) % 16 = 4 THEN created_at END,
		escalation_level = abs(hashtext(number)) % 3, reopened = abs(hashtext(number)) % 7 / 5,
		cause_id = CASE WHEN abs(hashtext(number)) % 2 = 0 THEN (SELECT id FROM causes ORDER BY id OFFSET abs(hashtext(number)) % 10 LIMIT 1) END,
		assignee_id = (SELECT id FROM officers ORDER BY id OFFSET abs(hashtext(number)) % 9 LIMIT 1),
		visibility = (ARRAY['PUBLIC', 'PRIVATE', 'ANONYMOUS'])[1 + abs(hashtext(number)) % 3]`)
	a.Exec("INSERT INTO ratings SELECT id, 1 + abs(hashtext(number)) % 5, '', created_at FROM reports WHERE abs(hashtext(number)) % 4 = 1")
	a.Exec("INSERT INTO timeline (id, report_id, kind, at, status) SELECT gen_random_uuid(), id, 'ESCALATED', created_at + n * interval '30 hours', 'ESCALATED' FROM reports, generate_series(1, escalation_level) AS n")
	a.Exec("INSERT INTO rollup_pending (reports) SELECT array_agg(id) FROM reports")
}

// rows is what a query answers, as text.
func (a *archive) rows(sql string, args ...any) []string {
	a.t.Helper()
	rows, err := a.Admin.Query(context.Background(), sql, args...)
	if err != nil {
		a.t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		words := make([]string, len(values))
		for i, value := range values {
			if words[i] = fmt.Sprint(value); value == nil {
				words[i] = "-"
			}
		}
		return strings.Join(words, " "), err
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return lines
}

func (a *archive) same(what string, got []string, sql string, args ...any) {
	a.t.Helper()
	if want := a.rows(sql, args...); strings.Join(got, "\n") != strings.Join(want, "\n") {
		a.t.Errorf("%s: %d lines, counted from the rows %d\n%.600s\nwant\n%.600s", what, len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// near compares a distribution with the exact one.
func (a *archive) near(what string, h *insight.Histogram, sql string, args ...any) {
	a.t.Helper()
	var count int
	var exact [3]*float64
	if err := a.Admin.QueryRow(context.Background(), sql, args...).Scan(&count, &exact[0], &exact[1], &exact[2]); err != nil {
		a.t.Fatal(err)
	}
	d := h.Distribution()
	if d.Count != count {
		a.t.Errorf("%s: %d, counted from the rows %d", what, d.Count, count)
	}
	for i, got := range []*float64{d.P50, d.P90, d.Mean} {
		switch tolerance := []float64{insight.Precision, insight.Precision, 1e-9}[i]; {
		case (got == nil) != (exact[i] == nil):
			a.t.Errorf("%s, %d: %v, counted from the rows %v", what, i, got, exact[i])
		case got != nil && math.Abs(*got-*exact[i]) > tolerance**exact[i]+1.0/3600:
			a.t.Errorf("%s, %d: %v, counted from the rows %v", what, i, *got, *exact[i])
		}
	}
}

const distributionOf = "count(%[1]s), percentile_cont(0.5) WITHIN GROUP (ORDER BY %[1]s), percentile_cont(0.9) WITHIN GROUP (ORDER BY %[1]s), avg(%[1]s)::float8"

func hoursTo(column string) string {
	return "(CASE WHEN " + column + " IS NOT NULL THEN extract(epoch FROM greatest(" + column + " - created_at, interval '0')) / 3600 END)::float8"
}

func (a *archive) cells(r *insight.Analysis, kind insight.Kind) []string {
	a.t.Helper()
	cells, err := r.Cells(a.t.Context(), kind)
	if err != nil {
		a.t.Fatal(err)
	}
	parts, _ := insight.Slices(cells, false, func(x, y civic.UUID) int { return strings.Compare(x.UUIDString(), y.UUIDString()) })
	var lines []string
	for _, part := range parts {
		lines = append(lines, fmt.Sprintf("%s %d %d", part.Key.UUIDString(), part.Count, cells[part.Key].Anonymous))
	}
	return lines
}

const (
	late     = "(closed_at IS NULL AND resolved_at IS NULL AND clock_stopped_at IS NULL AND (resolution_due_at <= $4 OR answered_at IS NULL AND response_due_at <= $4)) IS TRUE"
	duty     = "resolution_due_at IS NOT NULL AND (resolved_at IS NOT NULL OR closed_at IS NULL AND clock_stopped_at IS NULL AND resolution_due_at <= $4)"
	inTime   = "resolved_at <= resolution_due_at"
	nobodys  = "'00000000-0000-0000-0000-000000000000'"
	ofPeriod = " FROM reports WHERE department_id = ANY ($1) AND created_at >= $2 AND created_at < $3"
)

// Every figure is what is counted from the rows, for departments and periods of all kinds.
func TestFiguresAreRecounted(t *testing.T) {
	t.Parallel()
	for name, stirred := range map[string]bool{"as imported": false, "stirred": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newArchive(t, stirred)
			day := func(text string) time.Time {
				at, err := time.Parse(time.RFC3339, text)
				if err != nil {
					t.Fatal(err)
				}
				return at
			}
			for _, period := range []insight.Period{
				{From: day("2007-12-31T17:00:00Z"), To: day("2026-12-31T17:00:00Z")}, // whole years in Jakarta
				{From: day("2010-03-05T09:41:07Z"), To: day("2026-11-20T23:59:59.5Z")},
				{From: day("2026-08-10T17:00:00Z"), To: day("2026-11-23T17:00:00Z")},
				{From: day("2026-11-20T03:00:00Z"), To: day("2026-11-20T22:30:00Z")}, // no whole day
				{From: day("2026-11-20T03:00:00Z"), To: day("2026-11-20T03:00:00Z")},
			} {
				for _, of := range []string{"walikota", "infrastruktur", "jalan"} {
					departments := a.City.Below(demo.DepartmentID(of))
					for filtered, filter := range map[string]civic.Filter{"all": {}, "open": {Statuses: []civic.Status{civic.InProgress, civic.Closed}}} {
						q := insight.Question{Scope: civic.Scope{Departments: departments}, Departments: departments, Period: period, Filter: filter}
						a.recount(fmt.Sprintf("%s %s from %s", filtered, of, period.From.Format(time.DateOnly)), q.Narrowed(len(a.City.Departments)))
					}
				}
			}
		})
	}
}

func (a *archive) recount(what string, q insight.Question) {
	a.t.Helper()
	r, err := a.analyst.Analyse(a.t.Context(), q)
	if err != nil {
		a.t.Fatal(err)
	}
	ids := make([][16]byte, len(q.Departments))
	for i, id := range q.Departments {
		ids[i] = id.Bytes()
	}
	also := ""
	if q.Filter.Statuses != nil {
		also = " AND status IN ('IN_PROGRESS', 'CLOSED')"
	}
	args := []any{ids, q.Period.From, q.Period.To}
	timed := append(args, coretest.Monday)
	a.same(what+" total", []string{fmt.Sprint(r.Total.Received, r.Total.Anonymous, r.Total.Resolved, r.Total.Escalated, r.Total.Reopened)},
		"SELECT count(*), count(*) FILTER (WHERE visibility = 'ANONYMOUS'), count(resolved_at), count(*) FILTER (WHERE escalation_level > 0), count(*) FILTER (WHERE reopened > 0)"+ofPeriod+also, args...)
	a.same(what+" promises", []string{fmt.Sprint(r.Total.Overdue, r.Total.Due, r.Total.InTime)},
		"SELECT count(*) FILTER (WHERE "+late+"), count(*) FILTER (WHERE "+duty+"), count(*) FILTER (WHERE "+inTime+")"+ofPeriod+also, timed...)
	a.same(what+" ratings", []string{fmt.Sprint(r.Total.Ratings, r.Total.Scores)},
		"SELECT count(score), coalesce(sum(score), 0) FROM reports JOIN ratings ON report_id = id"+strings.TrimPrefix(ofPeriod, " FROM reports")+also, args...)
	for i, status := range civic.Statuses {
		a.same(what+" "+string(status), []string{fmt.Sprint(r.Total.Statuses[i])}, "SELECT count(*)"+ofPeriod+also+" AND status = '"+string(status)+"'", args...)
	}
	for kind, column := range map[insight.Kind]string{insight.All: "department_id", insight.ByCategory: "category_id", insight.ByDistrict: "coalesce(district_id, " + nobodys + ")"} {
		a.same(what+" by "+column, a.cells(r, kind),
			"SELECT "+column+"::text, count(*), count(*) FILTER (WHERE visibility = 'ANONYMOUS')"+ofPeriod+also+" GROUP BY 1 ORDER BY 2 DESC, 1", args...)
	}
	a.same(what+" by cause", a.cells(r, insight.ByCause), "SELECT cause_id::text, count(*), count(*) FILTER (WHERE visibility = 'ANONYMOUS')"+
		ofPeriod+also+" AND cause_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", args...)
	a.near(what+" response", &r.Total.Response, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("answered_at"))+ofPeriod+also, args...)
	a.near(what+" resolution", &r.Total.Resolution, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("resolved_at"))+ofPeriod+also, args...)
	var backlog []string
	for class, cell := range r.Backlog {
		if cell.Count > 0 {
			backlog = append(backlog, fmt.Sprint(insight.Ages()[class], cell.Count))
		}
	}
	a.same(what+" backlog", backlog, `SELECT CASE WHEN age < 1 THEN 0 WHEN age < 3 THEN 1 WHEN age < 7 THEN 3 WHEN age < 30 THEN 7 WHEN age < 90 THEN 30 ELSE 90 END, count(*)
		FROM (SELECT ($4 AT TIME ZONE 'Asia/Jakarta')::date - (created_at AT TIME ZONE 'Asia/Jakarta')::date AS age`+ofPeriod+also+
		` AND status IN ('RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'AWAITING_REPORTER', 'ESCALATED')) AS open GROUP BY 1 ORDER BY 1`, timed...)
	for bucket, word := range map[insight.Bucket]string{insight.Hourly: "hour", insight.Daily: "day", insight.Weekly: "week", insight.Monthly: "month"} {
		points, err := r.Series(a.t.Context(), bucket)
		if bucket == insight.Hourly && q.Period.To.Sub(q.Period.From) > 31*24*time.Hour {
			if err == nil {
				a.t.Error("years are told hour by hour")
			}
			continue
		}
		if err != nil {
			a.t.Fatal(err)
		}
		var lines []string
		for _, p := range points {
			if p.Received+p.Resolved+p.Escalated > 0 {
				lines = append(lines, fmt.Sprint(p.At.Unix(), p.Received, p.Resolved, p.Escalated))
			}
		}
		a.same(what+" by "+word, lines, `SELECT extract(epoch FROM date_trunc('`+word+`', at AT TIME ZONE 'Asia/Jakarta') AT TIME ZONE 'Asia/Jakarta')::bigint, sum(a)::int, sum(b)::int, sum(c)::int FROM (
			SELECT created_at AS at, 1 AS a, 0 AS b, 0 AS c, status, department_id FROM reports UNION ALL SELECT resolved_at, 0, 1, 0, status, department_id FROM reports
			UNION ALL SELECT at, 0, 0, 1, reports.status, reports.department_id FROM timeline JOIN reports ON reports.id = report_id AND kind = 'ESCALATED') AS all_of_it
			WHERE department_id = ANY ($1) AND at >= $2 AND at < $3`+also+" GROUP BY 1 ORDER BY 1", args...)
	}
	a.recountSpots(what, r, "SELECT latitude, longitude, visibility = 'ANONYMOUS'"+ofPeriod+also+" AND cell IS NOT NULL", args)
	if also == "" {
		a.recountPerformance(what, q, timed)
	}
}

// recountSpots puts each report into its small area again, by where it lies.
func (a *archive) recountSpots(what string, r *insight.Analysis, sql string, args []any) {
	a.t.Helper()
	rows, err := a.Admin.Query(context.Background(), sql, args...)
	if err != nil {
		a.t.Fatal(err)
	}
	type count struct{ named, unnamed int }
	counts := map[s2.CellID]count{}
	var at civic.Place
	var anonymous bool
	if _, err := pgx.ForEachRow(rows, []any{&at.Latitude, &at.Longitude, &anonymous}, func() error {
		spot := s2.CellIDFromLatLng(s2.LatLngFromDegrees(at.Latitude, at.Longitude)).Parent(15)
		c := counts[spot]
		if anonymous {
			c.unnamed++
		} else {
			c.named++
		}
		counts[spot] = c
		return nil
	}); err != nil {
		a.t.Fatal(err)
	}
	want := map[s2.CellID]int{}
	for spot, c := range counts {
		if c.unnamed >= insight.Fewest {
			c.named += c.unnamed
		}
		if c.named > 0 {
			want[spot] = c.named
		}
	}
	spots, err := r.Spots(a.t.Context(), 10_000)
	if err != nil {
		a.t.Fatal(err)
	}
	got := map[s2.CellID]int{}
	for i, spot := range spots {
		got[s2.CellIDFromLatLng(s2.LatLngFromDegrees(spot.Latitude, spot.Longitude)).Parent(15)] = spot.Count
		if i > 0 && spot.Count > spots[i-1].Count {
			a.t.Errorf("%s: the spots are in no order", what)
		}
	}
	if !maps.Equal(got, want) {
		a.t.Errorf("%s: %d spots, counted from the rows %d: %.300s, want %.300s", what, len(got), len(want), fmt.Sprint(got), fmt.Sprint(want))
	}
}

func (a *archive) recountPerformance(what string, q insight.Question, args []any) {
	a.t.Helper()
	performance, err := a.analyst.Performance(a.t.Context(), q.Scope, q.Departments, q.Period)
	if err != nil {
		a.t.Fatal(err)
	}
	officers, err := performance.Officers(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	figures := performance.Departments
	if len(figures) != len(q.Departments) {
		a.t.Errorf("%s: %d departments of %d", what, len(figures), len(q.Departments))
	}
	const measured = `SELECT count(*), count(*) FILTER (WHERE status IN ('RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'AWAITING_REPORTER', 'ESCALATED')),
		count(*) FILTER (WHERE ` + late + `), count(*) FILTER (WHERE ` + duty + `), count(*) FILTER (WHERE ` + inTime + `), count(score), coalesce(sum(score), 0),
		count(resolved_at), count(*) FILTER (WHERE escalation_level > 0), count(*) FILTER (WHERE reopened > 0)
		FROM reports LEFT JOIN ratings ON report_id = id WHERE department_id = ANY ($1) AND created_at >= $2 AND created_at < $3`
	for department, t := range figures {
		args[0] = [][16]byte{department.Bytes()}
		line := func(t *insight.Tally) []string {
			return []string{fmt.Sprint(t.Received, t.Open().Count, t.Overdue, t.Due, t.InTime, t.Ratings, t.Scores, t.Resolved, t.Escalated, t.Reopened)}
		}
		a.same(what+" performance of "+a.City.Department(department).Code, line(t), measured, args...)
		if len(q.Departments) > 10 {
			continue // percentiles take time; the departments come again with those above them alone
		}
		a.near(what+" responses of a department", &t.Response, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("answered_at"))+ofPeriod, args[:3]...)
		a.near(what+" resolutions of a department", &t.Resolution, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("resolved_at"))+ofPeriod, args[:3]...)
		for officer, t := range officers[department] {
			his := " AND assignee_id = '" + officer.UUIDString() + "'"
			a.same(what+" performance of an officer", line(t), measured+his, args...)
			a.near(what+" resolutions of an officer", &t.Resolution, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("resolved_at"))+ofPeriod+his, args[:3]...)
		}
		a.same(what+" officers", []string{fmt.Sprint(len(officers[department]))},
			"SELECT count(DISTINCT assignee_id)"+ofPeriod+" AND ($4::timestamptz IS NOT NULL)", args...)
	}
}

// What everybody may know of the city is all of it, and needs no rights.
func TestTheCityIsRecounted(t *testing.T) {
	t.Parallel()
	a := newArchive(t, true)
	total, err := a.analyst.OfCity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.same("the city", []string{fmt.Sprint(total.Received, total.Open().Count, total.Resolved)},
		"SELECT count(*), count(*) FILTER (WHERE status IN ('RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'AWAITING_REPORTER', 'ESCALATED')), count(resolved_at) FROM reports")
	a.near("resolutions", &total.Resolution, "SELECT "+fmt.Sprintf(distributionOf, hoursTo("resolved_at"))+" FROM reports")
}
