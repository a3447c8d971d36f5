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
	return reportIDs(ids), border(err)
}

// ToWarn lists up to most reports whose departments should be told by now that time is short, like Due.
func (s *Store) ToWarn(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error) {
	ids, err := db.New(s.own).ListToWarn(ctx, db.ListToWarnParams{Now: &now, Skip: uuids(skip), Most: int32(most)})
	return reportIDs(ids), border(err)
}

// ToClose lists up to most reports to whose resolution nobody has objected in time, like Due.
func (s *Store) ToClose(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error) {
	ids, err := db.New(s.own).ListToClose(ctx, db.ListToCloseParams{Now: &now, Skip: uuids(skip), Most: int32(most)})
	return reportIDs(ids), border(err)
}

func reportIDs(plain []civic.UUID) []civic.ReportID {
	ids := make([]civic.ReportID, len(plain))
	for i, id := range plain {
		ids[i].UUID = id
	}
	return ids
}
