package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// NameCause says what a report came from, as its department and at any time, or, with nil, that nobody knows after all. Its history tells
// that something was corrected, and no more: causes are the department's to know. The audit names it.
func (d *Desk) NameCause(ctx context.Context, p civic.Principal, id civic.ReportID, cause *civic.CauseID) (*civic.Report, error) {
	name := "name_cause"
	if cause == nil {
		name = "drop_cause"
	}
	return d.handle(ctx, p, id, name, func(a *act) error {
		if err := a.nameCause(cause); err != nil {
			return err
		}
		a.report.UpdatedAt = a.now
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineEdited, Department: ownDepartment(p)}, a.event(civic.EventEdited))
	})
}

// nameCause says it within another verb.
func (a *act) nameCause(cause *civic.CauseID) error {
	if cause != nil {
		if err := a.city.CheckCause(*cause, a.report.Category); err != nil {
			return err
		}
	}
	a.report.Cause, a.cause = cause, cause
	return nil
}
