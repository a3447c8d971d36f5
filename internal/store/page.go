package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/golang/geo/r1"
	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// PublicReports is a page of what everybody may see.
func (s *Store) PublicReports(ctx context.Context, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error) {
	q := &pageQuery{}
	q.where("visibility = 'PUBLIC' AND NOT hidden")
	return s.page(ctx, civic.Scope{}, q, filter, order, page)
}

// CitizenReports is a page of what a citizen reported, hidden or not; nil statuses ask for all.
func (s *Store) CitizenReports(ctx context.Context, citizen civic.CitizenID, statuses []civic.Status, page civic.PageRequest) (civic.Page[*civic.Report], error) {
	q := &pageQuery{}
	q.where("reporter_id = " + q.arg(citizen.UUID))
	return s.page(ctx, civic.Scope{Citizen: &citizen}, q, civic.Filter{Statuses: statuses}, civic.Newest, page)
}

// FollowedReports is a page of what a citizen follows, as far as they may see it now.
func (s *Store) FollowedReports(ctx context.Context, citizen civic.CitizenID, page civic.PageRequest) (civic.Page[*civic.Report], error) {
	q := &pageQuery{}
	q.where("id IN (SELECT report_id FROM followers WHERE citizen_id = " + q.arg(citizen.UUID) + ")")
	return s.page(ctx, civic.Scope{Citizen: &citizen}, q, civic.Filter{}, civic.Newest, page)
}

// DepartmentReports is a page of the reports of departments, as far as scope may see them.
func (s *Store) DepartmentReports(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error) {
	q := &pageQuery{}
	q.where("department_id = ANY (" + q.arg(uuids(departments)) + ")")
	return s.page(ctx, scope, q, filter, order, page)
}

func (s *Store) page(ctx context.Context, scope civic.Scope, q *pageQuery, filter civic.Filter, order civic.Order, page civic.PageRequest) (civic.Page[*civic.Report], error) {
	var result civic.Page[*civic.Report]
	q.filter(filter, s.now())
	sorting := sortings[order]
	if err := q.after(sorting, page.After); err != nil {
		return result, err
	}
	sql := q.sql(sorting, page.First+1)
	err := s.read(ctx, scope, func(tx db.DBTX) (err error) {
		result.Items, err = collectReports(tx.Query(ctx, sql, q.args...))
		return err
	})
	if err != nil {
		return civic.Page[*civic.Report]{}, err
	}
	if len(result.Items) > page.First {
		result.Items, result.HasNext = result.Items[:page.First], true
	}
	result.HasPrev = page.After != ""
	result.Cursors = make([]string, len(result.Items))
	for i, report := range result.Items {
		result.Cursors[i] = sorting.cursor(report)
	}
	return result, nil
}

// pageQuery is a list of reports in the making: its text depends on the filter alone, its values are parameters. The limit is
// written into the text because PostgreSQL plans a query with an unknown limit anew at each call, which costs more than the query.
type pageQuery struct {
	conditions []string
	args       []any
}

func (q *pageQuery) where(condition string) { q.conditions = append(q.conditions, condition) }

func (q *pageQuery) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *pageQuery) sql(order sorting, limit int) string {
	return "-- name: PageOfReports\nSELECT " + reportColumns + " FROM reports" + q.conditionsOf() +
		" ORDER BY " + order.by + " LIMIT " + strconv.Itoa(limit)
}

// conditionsOf is the WHERE; there is always something to ask for.
func (q *pageQuery) conditionsOf() string { return " WHERE " + strings.Join(q.conditions, " AND ") }

func (q *pageQuery) filter(f civic.Filter, now time.Time) {
	if f.Number != "" {
		q.where("number = " + q.arg(f.Number))
		return
	}
	if f.Text != "" {
		q.where("to_tsvector('simple', title || ' ' || body) @@ plainto_tsquery('simple', " + q.arg(f.Text) + ")")
	}
	anyOf(q, "status", f.Statuses)
	anyOf(q, "priority", f.Priorities)
	anyID(q, "category_id", f.Categories)
	anyID(q, "department_id", f.Departments)
	anyID(q, "district_id", f.Districts)
	anyID(q, "cause_id", f.Causes)
	if f.CreatedFrom != nil {
		q.where("created_at >= " + q.arg(*f.CreatedFrom))
	}
	if f.CreatedTo != nil {
		q.where("created_at < " + q.arg(*f.CreatedTo))
	}
	if f.Within != nil {
		q.within(*f.Within)
	}
	if f.AssignedTo != nil {
		q.where("assignee_id = " + q.arg(f.AssignedTo.UUID))
	}
	q.flag(f.Unassigned, "assignee_id IS NULL")
	q.flag(f.Escalated, "escalation_level > 0")
	if f.Overdue != nil {
		q.flag(f.Overdue, "(closed_at IS NULL AND resolved_at IS NULL AND clock_stopped_at IS NULL AND (resolution_due_at <= "+
			q.arg(now)+" OR answered_at IS NULL AND response_due_at <= "+q.arg(now)+")) IS TRUE")
	}
}

// within narrows to a box: a few ranges of S2 cells that an index can answer, and the exact edges.
func (q *pageQuery) within(b civic.Bounds) {
	southWest, northEast := s2.LatLngFromDegrees(b.South, b.West), s2.LatLngFromDegrees(b.North, b.East)
	// Made from its edges: adding corner to corner takes the shorter way round the Earth, which is the wrong one for a wide box.
	rect := s2.Rect{
		Lat: r1.Interval{Lo: southWest.Lat.Radians(), Hi: northEast.Lat.Radians()},
		Lng: s1.IntervalFromEndpoints(southWest.Lng.Radians(), northEast.Lng.Radians()),
	}
	coverer := s2.RegionCoverer{MaxLevel: 16, MaxCells: 8}
	var ranges []string
	for _, cell := range coverer.Covering(rect) {
		ranges = append(ranges, "cell BETWEEN "+q.arg(int64(cell.RangeMin()))+" AND "+q.arg(int64(cell.RangeMax())))
	}
	q.where("(" + strings.Join(ranges, " OR ") + ")")
	q.where("latitude BETWEEN " + q.arg(b.South) + " AND " + q.arg(b.North))
	q.where("longitude BETWEEN " + q.arg(b.West) + " AND " + q.arg(b.East))
}

func (q *pageQuery) flag(wanted *bool, condition string) {
	if wanted == nil {
		return
	}
	if !*wanted {
		condition = "NOT (" + condition + ")"
	}
	q.where(condition)
}

func anyOf[T ~string](q *pageQuery, column string, values []T) {
	if values == nil {
		return
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	q.where(column + " = ANY (" + q.arg(texts) + ")")
}

func anyID[ID interface{ Bytes() [16]byte }](q *pageQuery, column string, ids []ID) {
	if ids != nil {
		q.where(column + " = ANY (" + q.arg(uuids(ids)) + ")")
	}
}
