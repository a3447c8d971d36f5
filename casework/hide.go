package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Hide takes a report away from the public, or shows it again. Its reporter and its department go on seeing it, and may read the reason in
// its history.
func (d *Desk) Hide(ctx context.Context, p civic.Principal, id civic.ReportID, hidden bool, reason string) (*civic.Report, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	name, already := "show", "report.already_shown"
	if hidden {
		name, already = "hide", "report.already_hidden"
	}
	return d.handle(ctx, p, id, name, func(a *act) error {
		if a.report.Hidden == hidden {
			return civic.Conflict(already)
		}
		a.report.Hidden, a.report.UpdatedAt = hidden, a.now
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineHidden, Department: ownDepartment(p), Message: reason}, a.event(civic.EventHidden))
	})
}
