package casework

import (
	"context"
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
)

// MaxBulk is how many reports may be changed at once.
const MaxBulk = 200

// StatusChange is what became of one of many.
type StatusChange struct {
	Report civic.ReportID
	Err    error // nil: it was moved
}

// ChangeStatuses is ChangeStatus for many reports. Each is moved wholly or not at all, whatever becomes of the others.
func (d *Desk) ChangeStatuses(ctx context.Context, p civic.Principal, ids []civic.ReportID, to civic.Status, message string) ([]StatusChange, error) {
	if len(ids) == 0 || len(ids) > MaxBulk {
		return nil, civic.Invalid("reports", "reports.count", "max", strconv.Itoa(MaxBulk))
	}
	if _, err := civic.CheckOptionalText("message", message, civic.MaxMessage); err != nil {
		return nil, err
	}
	changes := make([]StatusChange, len(ids))
	for i, id := range ids {
		_, err := d.ChangeStatus(ctx, p, id, to, message)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		changes[i] = StatusChange{Report: id, Err: err}
	}
	return changes, nil
}
