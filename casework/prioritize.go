package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Prioritize puts a report before or behind the others. It is the department's own ordering, so its screens are told and the history,
// which is the reporter's, is not.
func (d *Desk) Prioritize(ctx context.Context, p civic.Principal, id civic.ReportID, priority civic.Priority) (*civic.Report, error) {
	if !priority.Known() {
		return nil, civic.Invalid("priority", "priority.unknown")
	}
	return d.handle(ctx, p, id, "prioritize", func(a *act) error {
		if !a.report.Open() {
			return civic.Conflict("report.not_open")
		}
		a.report.Priority, a.report.UpdatedAt = priority, a.now
		return a.tx.AddEvent(a.ctx, a.event(civic.EventEdited))
	})
}
