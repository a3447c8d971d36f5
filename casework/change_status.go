package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// ChangeStatus moves a report as its department. A forbidden move is CONFLICT naming what is allowed; message is for the
// reporter and may be empty. It is no way around a proof: what takes one is resolved by ResolveReport.
func (d *Desk) ChangeStatus(ctx context.Context, p civic.Principal, id civic.ReportID, to civic.Status, message string) (*civic.Report, error) {
	message, err := civic.CheckOptionalText("message", message, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.handle(ctx, p, id, "change_status", func(a *act) error {
		if to == civic.Resolved {
			return a.resolve(p, message, nil)
		}
		from := a.report.Status
		if err := a.city.Move(a.report, civic.ByDepartment, to, a.now); err != nil {
			return err
		}
		a.city.ActedAbove(a.report, p.Department, a.now)
		event := a.event(civic.EventStatusChanged)
		event.PreviousStatus, event.Message = &from, message
		return a.tell(civic.TimelineEntry{Kind: stepKind(from, to), Department: ownDepartment(p), Message: message}, event)
	})
}

// stepKind tells a resolution and a reopening from a plain change.
func stepKind(from, to civic.Status) civic.TimelineKind {
	switch {
	case to == civic.Resolved:
		return civic.TimelineResolved
	case from == civic.Resolved && to == civic.InProgress:
		return civic.TimelineReopened
	}
	return civic.TimelineStatusChanged
}
