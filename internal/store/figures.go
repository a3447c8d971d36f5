package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/golang/geo/s2"
	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

type spanRow struct {
	Grain insight.Grain `json:"grain"`
	First string        `json:"first"`
	After string        `json:"after"`
	Age   int           `json:"age"`
}

func spansOf(spans []insight.Span) ([]byte, error) {
	rows := make([]spanRow, len(spans))
	for i, span := range spans {
		rows[i] = spanRow{span.Grain, span.From.String(), span.To.String(), span.Age}
	}
	return json.Marshal(rows)
}

// Tallies adds up kept tallies; see insight.Source.
func (s *Store) Tallies(ctx context.Context, scope civic.Scope, departments []civic.UUID, kind insight.Kind, spans []insight.Span, into func(department, of civic.UUID, age int) *insight.Tally) error {
	encoded, err := spansOf(spans)
	if err != nil || len(spans) == 0 {
		return err
	}
	return s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ReadTallies(ctx, db.ReadTalliesParams{Spans: encoded, Departments: departments, Kind: int16(kind)})
		for _, row := range rows {
			mergeRow(into(row.DepartmentID, row.Key, int(row.Age)), row)
		}
		return err
	})
}

// Cells sums up kept tallies; see insight.Source.
func (s *Store) Cells(ctx context.Context, scope civic.Scope, departments []civic.UUID, kind insight.Kind, spans []insight.Span) (map[civic.UUID]insight.Cell, error) {
	cells := map[civic.UUID]insight.Cell{}
	encoded, err := spansOf(spans)
	if err != nil || len(spans) == 0 {
		return cells, err
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).SumCells(ctx, db.SumCellsParams{Kind: int16(kind), Spans: encoded, Departments: departments})
		for _, row := range rows {
			cells[row.Of] = insight.Cell{Count: int(row.Received), Anonymous: int(row.Anonymous)}
		}
		return err
	})
	return cells, err
}

// Days tells what happened day by day; see insight.Source.
func (s *Store) Days(ctx context.Context, scope civic.Scope, departments []civic.UUID, span insight.Span, each func(day civic.Date, point insight.Point)) error {
	params := db.ReadDaysParams{Departments: departments, First: dateOf(span.From), After: dateOf(span.To)}
	return s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ReadDays(ctx, params)
		for _, row := range rows {
			each(civic.DateOf(row.Period), insight.Point{Received: int(row.Received), Resolved: int(row.Resolved), Escalated: int(row.Climbed)})
		}
		return err
	})
}

func dateOf(day civic.Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
}

// asked is the reports of departments that a question is about, with column in the period; no departments and no
// column ask for nothing.
func (s *Store) asked(departments []civic.DepartmentID, filter civic.Filter, column string, p insight.Period) *pageQuery {
	q := &pageQuery{}
	if departments != nil {
		q.where("department_id = ANY (" + q.arg(uuids(departments)) + ")")
	}
	if column != "" {
		q.where(column + " >= " + q.arg(p.From) + " AND " + column + " < " + q.arg(p.To))
	}
	q.filter(filter, s.now())
	return q
}

// Facts finds the reports themselves; see insight.Source.
func (s *Store) Facts(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p insight.Period, each func(*insight.Fact)) error {
	q := s.asked(departments, filter, "created_at", p)
	sql := "-- name: FactsAsked\nSELECT " + factColumns + factSource + q.conditionsOf()
	return s.read(ctx, scope, func(tx db.DBTX) error {
		return eachRow(ctx, tx, sql, q.args, func(row pgx.CollectableRow) error {
			fact, err := scanFact(row)
			if err == nil {
				each(fact)
			}
			return err
		})
	})
}

// Happened tells when reports came, were resolved and climbed; see insight.Source.
func (s *Store) Happened(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p insight.Period, each func(received, resolved, escalated time.Time)) error {
	var zero time.Time
	received, resolved := s.asked(departments, filter, "created_at", p), s.asked(departments, filter, "resolved_at", p)
	climbed := s.asked(departments, filter, "", p)
	climbed.where("steps.kind = 'ESCALATED' AND steps.at >= " + climbed.arg(p.From) + " AND steps.at < " + climbed.arg(p.To))
	return s.read(ctx, scope, func(tx db.DBTX) error {
		for _, part := range []struct {
			sql  string
			q    *pageQuery
			tell func(at time.Time)
		}{
			{"-- name: ReceivedThen\nSELECT created_at FROM reports", received, func(at time.Time) { each(at, zero, zero) }},
			{"-- name: ResolvedThen\nSELECT resolved_at FROM reports", resolved, func(at time.Time) { each(zero, at, zero) }},
			{"-- name: ClimbedThen\nSELECT steps.at FROM reports JOIN (SELECT report_id, kind, at FROM timeline) AS steps ON steps.report_id = reports.id",
				climbed, func(at time.Time) { each(zero, zero, at) }},
		} {
			err := eachRow(ctx, tx, part.sql+part.q.conditionsOf(), part.q.args, func(row pgx.CollectableRow) error {
				var at time.Time
				err := row.Scan(&at)
				part.tell(at)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// spotLevel is the level of the S2 cells that are spots: about 300 m across.
const spotLevel = 15

// Spots finds where most reports lie; see insight.Source. Anonymous reports are told of where there are enough of them.
func (s *Store) Spots(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p insight.Period, most int) ([]insight.Spot, error) {
	q := s.asked(departments, filter, "created_at", p)
	q.where("cell IS NOT NULL")
	few := strconv.Itoa(insight.Fewest)
	// All leaf cells of a spot share their upper bits.
	sql := "-- name: Spots\nSELECT spot, named + CASE WHEN unnamed >= " + few + " THEN unnamed ELSE 0 END AS n FROM (SELECT cell >> " +
		strconv.Itoa(spotShift) + " AS spot, count(*) FILTER (WHERE visibility <> 'ANONYMOUS') AS named, count(*) FILTER (WHERE visibility = 'ANONYMOUS') AS unnamed" +
		" FROM reports" + q.conditionsOf() + " GROUP BY 1) AS spots WHERE named > 0 OR unnamed >= " + few + " ORDER BY n DESC, spot LIMIT " + strconv.Itoa(most)
	var spots []insight.Spot
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		spots = nil
		return eachRow(ctx, tx, sql, q.args, func(row pgx.CollectableRow) error {
			var spot int64
			var n int
			if err := row.Scan(&spot, &n); err != nil {
				return err
			}
			middle := s2.CellID(uint64(spot)<<spotShift | 1<<(spotShift-1)).LatLng()
			spots = append(spots, insight.Spot{Latitude: middle.Lat.Degrees(), Longitude: middle.Lng.Degrees(), Count: n})
			return nil
		})
	})
	return spots, err
}

// spotShift is how many bits of a leaf cell tell where in its spot it is.
const spotShift = 2*(s2.MaxLevel-spotLevel) + 1

// RollupVersion grows with everything that is counted.
func (s *Store) RollupVersion(ctx context.Context) (int64, error) {
	version, err := db.New(s.own).RollupVersion(ctx)
	return version, border(err)
}

// ChangedFigures are the departments that scope may see whose figures have changed since a version, and the version up to which that is so.
func (s *Store) ChangedFigures(ctx context.Context, scope civic.Scope, since int64) (departments []civic.DepartmentID, version int64, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListRollupChanges(ctx, since)
		departments, version = nil, since
		for _, row := range rows {
			departments, version = append(departments, civic.DepartmentID{UUID: row.DepartmentID}), row.Version
		}
		return err
	})
	return departments, version, err
}

// eachRow hands rows on as they come, so that they need no memory.
func eachRow(ctx context.Context, tx db.DBTX, sql string, args []any, each func(pgx.CollectableRow) error) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

var _ insight.Source = (*Store)(nil)
