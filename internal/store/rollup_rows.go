package store

import (
	"encoding/hex"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// What a fact is read from, in the order that scanFact takes. When it climbed is asked for by who counts alone: report by report, which
// OFFSET 0 keeps the planner from turning round as long as it knows nothing of a young table.
const (
	factColumns = `id, department_id, category_id, district_id, cause_id, assignee_id, status, visibility, created_at, answered_at, resolved_at, closed_at,
 clock_stopped_at, response_due_at, resolution_due_at, escalation_level, reopened, score`
	climbColumn = `ARRAY(SELECT steps.at FROM (SELECT id, kind, at FROM timeline WHERE timeline.report_id = reports.id OFFSET 0) AS steps
 WHERE steps.kind = 'ESCALATED' ORDER BY steps.at, steps.id)`
	factSource = ` FROM reports LEFT JOIN ratings ON ratings.report_id = reports.id`
)

// scanFact reads factColumns; what more columns hold goes to more.
func scanFact(row pgx.CollectableRow, more ...any) (*insight.Fact, error) {
	var (
		f                                   insight.Fact
		district, cause, officer            pgtype.UUID
		visibility                          string
		level, reopened                     int32
		score                               pgtype.Int4
		answered, resolved, closed, stopped pgtype.Timestamptz
		responseDue, resolutionDue          pgtype.Timestamptz
	)
	err := row.Scan(append([]any{(*[16]byte)(&f.Report.UUID), (*[16]byte)(&f.Department.UUID), (*[16]byte)(&f.Category.UUID), &district, &cause, &officer,
		(*string)(&f.Status), &visibility, &f.Created, &answered, &resolved, &closed, &stopped, &responseDue, &resolutionDue, &level,
		&reopened, &score}, more...)...)
	if err != nil {
		return nil, err
	}
	if district.Valid {
		f.District = &civic.DistrictID{UUID: district.Bytes}
	}
	if cause.Valid {
		f.Cause = &civic.CauseID{UUID: cause.Bytes}
	}
	if officer.Valid {
		f.Officer = &civic.OfficerID{UUID: officer.Bytes}
	}
	f.Anonymous = civic.Visibility(visibility) == civic.Anonymous
	f.Answered, f.Resolved, f.Closed, f.Stopped = timeOf(answered), timeOf(resolved), closed.Valid, stopped.Valid
	f.ResponseDue, f.ResolutionDue = timeOf(responseDue), timeOf(resolutionDue)
	f.Escalated, f.Reopened, f.Score = level > 0, reopened > 0, int(score.Int32)
	return &f, nil
}

// collectFacts reads facts with climbColumn.
func collectFacts(rows pgx.Rows, err error) ([]*insight.Fact, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*insight.Fact, error) {
		var climbs []time.Time
		f, err := scanFact(row, &climbs)
		if err != nil {
			return nil, err
		}
		f.Climbs = climbs
		return f, nil
	})
}

// rollupKey is a key as jsonb_to_recordset names its columns.
type rollupKey struct {
	Department string        `json:"department_id"`
	Kind       insight.Kind  `json:"kind"`
	Grain      insight.Grain `json:"grain"`
	Period     string        `json:"period"`
	Key        string        `json:"key"`
}

// rollupRow is a row of rollups in the same way.
type rollupRow struct {
	rollupKey
	Received          int    `json:"received"`
	Anonymous         int    `json:"anonymous"`
	Statuses          []int  `json:"statuses"`
	AnonymousStatuses []int  `json:"anonymous_statuses"`
	Overdue           int    `json:"overdue"`
	Resolved          int    `json:"resolved"`
	Escalated         int    `json:"escalated"`
	Reopened          int    `json:"reopened"`
	Due               int    `json:"due"`
	InTime            int    `json:"in_time"`
	Ratings           int    `json:"ratings"`
	Scores            int    `json:"scores"`
	ResponseSum       int64  `json:"response_sum"`
	Response          string `json:"response"`
	ResolutionSum     int64  `json:"resolution_sum"`
	Resolution        string `json:"resolution"`
	ResolvedThen      int    `json:"resolved_then"`
	ClimbedThen       int    `json:"climbed_then"`
}

func newRollupKey(k insight.Key) rollupKey {
	return rollupKey{k.Department.UUIDString(), k.Kind, k.Grain, k.Period.String(), k.Of.UUIDString()}
}

func newRollupRow(k insight.Key, t *insight.Tally) rollupRow {
	return rollupRow{
		rollupKey: newRollupKey(k), Received: t.Received, Anonymous: t.Anonymous, Statuses: some(t.Statuses[:]), AnonymousStatuses: some(t.AnonymousStatuses[:]),
		Overdue: t.Overdue, Resolved: t.Resolved, Escalated: t.Escalated, Reopened: t.Reopened, Due: t.Due, InTime: t.InTime,
		Ratings: t.Ratings, Scores: t.Scores, ResponseSum: t.Response.Sum, Response: bytesText(t.Response.Kept()),
		ResolutionSum: t.Resolution.Sum, Resolution: bytesText(t.Resolution.Kept()), ResolvedThen: t.ResolvedThen, ClimbedThen: t.ClimbedThen,
	}
}

// some is the counters, or nothing where all are zero.
func some(counters []int) []int {
	for _, n := range counters {
		if n != 0 {
			return counters
		}
	}
	return []int{}
}

// mergeRow adds a kept row to a tally.
func mergeRow(t *insight.Tally, row db.ReadTalliesRow) {
	t.Received += int(row.Received)
	t.Anonymous += int(row.Anonymous)
	t.Overdue += int(row.Overdue)
	t.Resolved += int(row.Resolved)
	t.Escalated += int(row.Escalated)
	t.Reopened += int(row.Reopened)
	t.Due += int(row.Due)
	t.InTime += int(row.InTime)
	t.Ratings += int(row.Ratings)
	t.Scores += int(row.Scores)
	t.ResolvedThen += int(row.ResolvedThen)
	t.ClimbedThen += int(row.ClimbedThen)
	for i, n := range row.Statuses {
		t.Statuses[i] += int(n)
	}
	for i, n := range row.AnonymousStatuses {
		t.AnonymousStatuses[i] += int(n)
	}
	t.Response.MergeKept(row.ResponseSum, row.Response)
	t.Resolution.MergeKept(row.ResolutionSum, row.Resolution)
}

// bytesText is how PostgreSQL reads bytes from text.
func bytesText(b []byte) string { return `\x` + hex.EncodeToString(b) }
