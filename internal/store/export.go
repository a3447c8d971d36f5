package store

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

const exportColumns = `id, number, title, visibility = 'PUBLIC' AND NOT hidden, status, priority, category_id, department_id, district_id,
 latitude, longitude, created_at, answered_at, resolved_at, closed_at, escalation_level, upvotes`

// ExportPage finds reports for a file; see export.Source. Each page is a query of its own: a slow client holds nothing here.
func (s *Store) ExportPage(ctx context.Context, scope civic.Scope, department civic.DepartmentID, filter civic.Filter, p insight.Period, after *insight.Listed, most int) (page []insight.Listed, err error) {
	q := s.asked(nil, filter, "created_at", p)
	q.where("department_id = " + q.arg(department.UUID))
	q.where("visibility <> 'ANONYMOUS'")
	if after != nil {
		q.where("(created_at, id) < (" + q.arg(after.Created) + ", " + q.arg(after.ID.UUID) + ")")
	}
	sql := "-- name: ExportPage\nSELECT " + exportColumns + " FROM reports" + q.conditionsOf() + " ORDER BY created_at DESC, id DESC LIMIT " + strconv.Itoa(most)
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		page = make([]insight.Listed, 0, most)
		return eachRow(ctx, tx, sql, q.args, func(row pgx.CollectableRow) error {
			r, err := scanExport(row)
			page = append(page, r)
			return err
		})
	})
	return page, err
}

func scanExport(row pgx.CollectableRow) (r insight.Listed, err error) {
	var (
		district                   pgtype.UUID
		latitude, longitude        pgtype.Float8
		answered, resolved, closed pgtype.Timestamptz
	)
	err = row.Scan((*[16]byte)(&r.ID.UUID), &r.Number, &r.Title, &r.Public, (*string)(&r.Status), (*string)(&r.Priority),
		(*[16]byte)(&r.Category.UUID), (*[16]byte)(&r.Department.UUID), &district, &latitude, &longitude, &r.Created, &answered, &resolved,
		&closed, &r.Level, &r.Upvotes)
	if district.Valid {
		r.District = &civic.DistrictID{UUID: district.Bytes}
	}
	if latitude.Valid && longitude.Valid {
		r.Place = &civic.Place{Latitude: latitude.Float64, Longitude: longitude.Float64}
	}
	r.Answered, r.Resolved, r.Closed = timeOf(answered), timeOf(resolved), timeOf(closed)
	return r, err
}

// ExportKinds counts anonymous reports for a file; see export.Source.
func (s *Store) ExportKinds(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p insight.Period) (map[insight.Kin]insight.Cell, error) {
	q := s.asked(departments, filter, "created_at", p)
	q.where("visibility = 'ANONYMOUS'")
	const kind = "status, category_id, department_id, district_id"
	sql := "-- name: ExportKinds\nSELECT " + kind + ", count(*) FROM reports" + q.conditionsOf() + " GROUP BY " + kind
	kinds := map[insight.Kin]insight.Cell{}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		clear(kinds)
		return eachRow(ctx, tx, sql, q.args, func(row pgx.CollectableRow) error {
			var kind insight.Kin
			var district pgtype.UUID
			var n int
			err := row.Scan((*string)(&kind.Status), (*[16]byte)(&kind.Category.UUID), (*[16]byte)(&kind.Department.UUID), &district, &n)
			kind.District.UUID = district.Bytes
			kinds[kind] = insight.Cell{Count: n, Anonymous: n}
			return err
		})
	})
	return kinds, err
}
