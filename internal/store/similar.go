package store

import (
	"context"
	"math"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// mostNearby bounds what is read to find the few that are like.
const mostNearby = 200

// Similar finds reports that may be about the same thing, best first: of departments, as far as scope may see them, or public ones where
// departments is nil. Open ones and those closed lately; what was taken back or goes on as another report is none.
func (s *Store) Similar(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, like civic.Likeness) (found []*civic.Report, err error) {
	q := &pageQuery{}
	if departments == nil {
		q.where("visibility = 'PUBLIC' AND NOT hidden")
	} else {
		q.where("department_id = ANY (" + q.arg(uuids(departments)) + ")")
	}
	q.within(around(like.Place, civic.LikeWithin))
	anyID(q, "category_id", like.Categories)
	q.where("status NOT IN ('WITHDRAWN', 'MERGED')")
	q.where("(closed_at IS NULL OR closed_at >= " + q.arg(s.now().Add(-civic.LikeFor)) + ")")
	sql := q.sql(sortings[civic.Newest], mostNearby)
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		found, err = collectReports(tx.Query(ctx, sql, q.args...))
		return err
	})
	return like.Best(found), err
}

// around is the box that reaches so many metres in every direction.
func around(p civic.Place, metres float64) civic.Bounds {
	const perDegree = 111_000
	north := metres / perDegree
	east := metres / (perDegree * math.Max(0.01, math.Cos(p.Latitude*math.Pi/180)))
	return civic.Bounds{South: p.Latitude - north, West: p.Longitude - east, North: p.Latitude + north, East: p.Longitude + east}
}
