package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// SaveCause makes a cause where draft has no id, or words one anew.
func (d *Desk) SaveCause(ctx context.Context, p civic.Principal, draft civic.Cause) (saved *civic.Cause, err error) {
	fresh := draft.ID.IsZero()
	if fresh {
		draft.ID.UUID = d.newID()
	}
	err = d.keep(ctx, p, "save_cause", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		before := city.Cause(draft.ID)
		if before == nil {
			if before = new(civic.Cause); !fresh {
				return nil, civic.NotFound("cause.not_found")
			}
		}
		if saved, err = city.CheckCauseDraft(draft); err != nil {
			return nil, err
		}
		return changed(draft.ID.String(), map[string][2]string{
			"code": {before.Code, saved.Code}, "nameId": {before.Name.ID, saved.Name.ID}, "nameEn": {before.Name.EN, saved.Name.EN},
			"category": {ref(before.Category), ref(saved.Category)},
		}), tx.SaveCause(ctx, saved)
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// RetireCause ends a cause: the reports that have it keep it, and no more get it. Twice is once.
func (d *Desk) RetireCause(ctx context.Context, p civic.Principal, id civic.CauseID) error {
	return d.keep(ctx, p, "retire_cause", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		cause := city.Cause(id)
		switch {
		case cause == nil:
			return nil, civic.NotFound("cause.not_found")
		case cause.Retired:
			return nil, nil
		}
		return retired(id.String()), tx.RetireCause(ctx, id, d.now())
	})
}
