package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// told is figures by what they are: "byStatus RECEIVED", "series 2026-11-23T17:00:00Z escalated".
type told map[string]float64

// asking is one question about the city's figures; no department: all of them.
type asking struct {
	department string // its code
	period     insight.Period
}

// recountTries is how often figures are compared: reports turn late while somebody counts.
const recountTries = 5

// recount asks for all figures through the API and counts each again from the rows, by SQL that shares nothing with what keeps them. It fails
// with what differs.
func (b *bench) recount(ctx context.Context, super *pgxpool.Pool, mayor string) error {
	now := time.Now().UTC().Truncate(time.Second)
	figures := 0
	for _, q := range []asking{
		{"", insight.Period{From: now.AddDate(-2, 0, 0), To: now}},
		{"", insight.Period{From: now.AddDate(-3, 0, 0).Truncate(24 * time.Hour).Add(-7 * time.Hour), To: now.AddDate(0, -2, -3)}},
		{"infrastruktur", insight.Period{From: now.AddDate(-1, -2, -9), To: now.Add(-31 * time.Hour)}},
		{"jalan", insight.Period{From: now.Add(-50 * time.Hour), To: now.Add(-45 * time.Hour)}},
	} {
		var differs []string
		for range recountTries {
			shown, err := b.shown(ctx, mayor, q)
			if err != nil {
				return err
			}
			counted, err := countedAgain(ctx, super, q)
			if err != nil {
				return err
			}
			if differs = differences(shown, counted); len(differs) == 0 {
				figures += len(shown)
				break
			}
		}
		if len(differs) > 0 {
			return fmt.Errorf("%d figures of %v differ from the rows: %s", len(differs), q, strings.Join(differs[:min(len(differs), 8)], "; "))
		}
	}
	b.say("%d figures are what is counted from the rows", figures)
	return nil
}

// differences names what is not the same. Percentiles are within the precision, and what is told together is the rest of its whole.
func differences(shown, counted told) (differs []string) {
	together := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		part, of, _ := strings.Cut(name, " ")
		want, known := counted[name]
		tolerance := 1e-9 * math.Abs(want)
		if strings.HasSuffix(name, "p50") || strings.HasSuffix(name, "p90") {
			tolerance = insight.Precision*want + 1.0/3600
		}
		switch {
		case of == "other":
			together[part] += shown[name]
		case !known && shown[name] != 0, known && math.Abs(shown[name]-want) > tolerance:
			differs = append(differs, fmt.Sprintf("%s is %v and not %v", name, shown[name], want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counted)) {
		part, _, _ := strings.Cut(name, " ")
		if _, there := shown[name]; there || counted[name] == 0 {
			continue
		}
		if _, hidden := together[part]; hidden {
			together[part] -= counted[name]
			continue
		}
		differs = append(differs, fmt.Sprintf("%s is missing and not %v", name, counted[name]))
	}
	for part, rest := range together {
		if rest != 0 {
			differs = append(differs, fmt.Sprintf("%s: together %v too many", part, rest))
		}
	}
	return differs
}

// what says which reports a question is about; $4 is the moment.
const (
	asked   = " FROM reports LEFT JOIN ratings ON ratings.report_id = reports.id WHERE department_id = ANY ($1) AND created_at >= $2 AND created_at < $3"
	isOpen  = "status IN ('RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'AWAITING_REPORTER', 'ESCALATED')"
	waits   = "resolved_at IS NULL AND closed_at IS NULL AND clock_stopped_at IS NULL"
	isLate  = waits + " AND (resolution_due_at <= $4 OR answered_at IS NULL AND response_due_at <= $4)"
	isDue   = "resolution_due_at IS NOT NULL AND (resolved_at IS NOT NULL OR " + waits + " AND resolution_due_at <= $4)"
	answer  = "(extract(epoch FROM answered_at - created_at) / 3600)::float8"
	solving = "(extract(epoch FROM resolved_at - created_at) / 3600)::float8"
	share   = "(count(*) FILTER (WHERE resolved_at <= resolution_due_at))::float8 / nullif(count(*) FILTER (WHERE " + isDue + "), 0)"
)

func spread(hours, name string) string {
	return strings.NewReplacer("#", hours, "@", name).Replace("'@ count', count(#), '@ p50', percentile_cont(0.5) WITHIN GROUP (ORDER BY #), " +
		"'@ p90', percentile_cont(0.9) WITHIN GROUP (ORDER BY #), '@ mean', avg(#)")
}

// recounts are queries whose rows are a name's parts and figures; each figure of the row's JSON is called by prefix, id and its own name.
var recounts = []struct{ prefix, kind, sql string }{
	{"", "", "SELECT NULL::uuid, '', json_build_object('total', count(*), " + spread(answer, "responseHours") + ", " + spread(solving, "resolutionHours") + ")" + asked},
	{"byCategory", "category", "SELECT category_id, '', json_build_object('', count(*))" + asked + " GROUP BY 1"},
	{"byDistrict", "district", "SELECT district_id, CASE WHEN district_id IS NULL THEN 'none' ELSE '' END, json_build_object('', count(*))" + asked + " GROUP BY 1"},
	{"byDepartment", "department", "SELECT department_id, '', json_build_object('', count(*))" + asked + " GROUP BY 1"},
	{"byStatus", "", "SELECT NULL::uuid, status, json_build_object('', count(*))" + asked + " GROUP BY 2"},
	{"backlogAge", "", `SELECT NULL::uuid, (CASE WHEN age < 1 THEN 0 WHEN age < 3 THEN 1 WHEN age < 7 THEN 3 WHEN age < 30 THEN 7 WHEN age < 90 THEN 30 ELSE 90 END)::text,
		json_build_object('', count(*)) FROM (SELECT ($4::timestamptz AT TIME ZONE 'Asia/Jakarta')::date - (created_at AT TIME ZONE 'Asia/Jakarta')::date AS age` +
		asked + " AND " + isOpen + ") AS open GROUP BY 2"},
	{"series", "", `SELECT NULL::uuid, to_char((date_trunc('day', at AT TIME ZONE 'Asia/Jakarta') AT TIME ZONE 'Asia/Jakarta') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		json_build_object('received', sum(r), 'resolved', sum(s), 'escalated', sum(e)) FROM (
			SELECT created_at AS at, 1 AS r, 0 AS s, 0 AS e, department_id FROM reports UNION ALL SELECT resolved_at, 0, 1, 0, department_id FROM reports
			UNION ALL SELECT timeline.at, 0, 0, 1, reports.department_id FROM timeline JOIN reports ON reports.id = report_id
				WHERE kind = 'ESCALATED') AS happened
		WHERE department_id = ANY ($1) AND at >= $2 AND at < $3 GROUP BY 2`},
	{"performance", "department", "SELECT department_id, '', json_build_object('received', count(*), 'open', count(*) FILTER (WHERE " + isOpen +
		"), 'overdue', count(*) FILTER (WHERE " + isLate + "), 'resolved', count(resolved_at), 'escalated', count(*) FILTER (WHERE escalation_level > 0), " +
		"'reopened', count(*) FILTER (WHERE reopened > 0), 'withinSla', " + share + ", 'rating', avg(score)::float8, " +
		spread(answer, "responseHours") + ", " + spread(solving, "resolutionHours") + ")" + asked + " GROUP BY 1"},
	{"officers", "officer", "SELECT assignee_id, department_id::text, json_build_object('handled', count(*) FILTER (WHERE NOT " + isOpen + "), 'rating', avg(score)::float8, " +
		spread(solving, "resolutionHours") + ")" + asked + " AND assignee_id IS NOT NULL GROUP BY 1, 2"},
	{"city", "", "SELECT NULL::uuid, '', json_build_object('received', count(*), 'open', count(*) FILTER (WHERE " + isOpen + "), 'resolved', count(resolved_at), 'withinSla', " +
		share + ", 'p50', percentile_cont(0.5) WITHIN GROUP (ORDER BY " + solving + ")) FROM reports WHERE $1::uuid[] IS NOT NULL AND $2::timestamptz <= $3::timestamptz"},
}

// countedAgain counts everything from the rows.
func countedAgain(ctx context.Context, super *pgxpool.Pool, q asking) (told, error) {
	counted := told{}
	departments, err := below(ctx, super, q.department)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	for _, count := range recounts {
		all := departments
		if count.prefix == "performance" || count.prefix == "officers" { // they are asked of the whole city
			if all, err = below(ctx, super, ""); err != nil {
				return nil, err
			}
		}
		args := []any{all, q.period.From, q.period.To}
		if strings.Contains(count.sql, "$4") {
			args = append(args, now)
		}
		rows, err := super.Query(ctx, count.sql, args...)
		if err != nil {
			return nil, err
		}
		var id *[16]byte
		var name string
		var figures map[string]*float64
		_, err = pgx.ForEachRow(rows, []any{&id, &name, &figures}, func() error {
			for figure, value := range figures {
				if value != nil {
					counted[called(count.prefix, opaque(count.kind, id), name, figure)] = *value
				}
			}
			figures = nil
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", count.prefix, err)
		}
	}
	return counted, nil
}

// called joins the parts of a name.
func called(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

// below are the ids of a department and those below it.
func below(ctx context.Context, super *pgxpool.Pool, code string) (ids [][16]byte, err error) {
	rows, err := super.Query(ctx, `WITH RECURSIVE tree AS (SELECT id FROM departments WHERE code = $1 OR $1 = '' AND parent_id IS NULL
		UNION SELECT d.id FROM departments AS d JOIN tree ON d.parent_id = tree.id) SELECT id FROM tree`, code)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[[16]byte])
}

// departmentArgument asks for one department's figures.
func (q asking) departmentArgument() string {
	if q.department == "" {
		return ""
	}
	return fmt.Sprintf("department: %q, ", demo.DepartmentID(q.department))
}
