package store

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Due lists up to most reports that are due by now, the longest overdue first, leaving out skip. Its cost grows with what is due,
// not with what is open.
func (s *Store) Due(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error) {
	ids, err := db.New(s.own).ListDue(ctx, db.ListDueParams{Now: &now, Skip: uuids(skip), Most: int32(most)})
	due := make([]civic.ReportID, len(ids))
	for i, id := range ids {
		due[i].UUID = id
	}
	return due, border(err)
}
