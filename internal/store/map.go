package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// PublicClusters takes public reports in a box together by the S2 cells of a level that they lie in. An S2 cell of level n is about as
// wide as 50 points of a web map at zoom n, so that the zoom is the level: its cells are the leaf cells that share their first bits.
func (s *Store) PublicClusters(ctx context.Context, box civic.Bounds, zoom int, categories []civic.CategoryID, filter civic.Filter) (clusters []civic.Cluster, err error) {
	q := &pageQuery{}
	q.where("visibility = 'PUBLIC' AND NOT hidden")
	q.within(box)
	anyID(q, "category_id", categories)
	q.filter(filter, s.now())
	const leafBits, faceBits = 64, 3
	shift := leafBits - faceBits - 2*zoom
	sql := "-- name: PublicClusters\nSELECT avg(latitude), avg(longitude), count(*), CASE WHEN count(*) = 1 THEN min(id::text)::uuid END FROM reports WHERE " +
		strings.Join(q.conditions, " AND ") +
		" GROUP BY cell >> " + strconv.Itoa(shift) + " ORDER BY count(*) DESC LIMIT " + strconv.Itoa(civic.MaxClusters)
	err = s.read(ctx, civic.Scope{}, func(tx db.DBTX) error {
		rows, err := tx.Query(ctx, sql, q.args...)
		if err != nil {
			return err
		}
		clusters, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c civic.Cluster, err error) {
			var alone *civic.UUID
			err = row.Scan(&c.Latitude, &c.Longitude, &c.Count, &alone)
			if alone != nil {
				c.Report = &civic.ReportID{UUID: *alone}
			}
			return c, err
		})
		return err
	})
	return clusters, err
}
