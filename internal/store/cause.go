package store

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

func (r cityReader) causes() ([]*civic.Cause, error) {
	rows, err := r.q.ListCauses(r.ctx)
	causes := make([]*civic.Cause, len(rows))
	for i, row := range rows {
		causes[i] = &civic.Cause{
			ID: civic.CauseID{UUID: row.ID}, Code: row.Code, Name: civic.Words{ID: row.NameID, EN: row.NameEn}, Retired: row.RetiredAt != nil,
		}
		if row.CategoryID != nil {
			causes[i].Category = &civic.CategoryID{UUID: *row.CategoryID}
		}
	}
	return causes, err
}

// SaveCause writes a cause, new or changed.
func (t *Tx) SaveCause(ctx context.Context, c *civic.Cause) error {
	return t.q.SaveCause(ctx, db.SaveCauseParams{
		ID: c.ID.UUID, Code: c.Code, NameID: c.Name.ID, NameEn: c.Name.EN, CategoryID: plain(c.Category),
	})
}

// RetireCause writes that no more reports get a cause.
func (t *Tx) RetireCause(ctx context.Context, id civic.CauseID, at time.Time) error {
	return t.q.RetireCause(ctx, db.RetireCauseParams{ID: id.UUID, At: &at})
}
