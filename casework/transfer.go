package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Transfer hands a report to the department whose work it is. The clock goes on.
func (d *Desk) Transfer(ctx context.Context, p civic.Principal, id civic.ReportID, to civic.DepartmentID, reason string) (*civic.Report, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.handle(ctx, p, id, "transfer", func(a *act) error {
		if a.city.Department(to) == nil {
			return civic.Invalid("department", "department.unknown")
		}
		from := a.report.Department
		switch {
		case from == to:
			return civic.Invalid("department", "department.already_there")
		case !a.report.Open():
			return civic.Conflict("report.not_open")
		}
		if err := a.tx.Widen(a.ctx, to); err != nil {
			return err
		}
		a.city.Reassign(a.report, to, a.now)
		event := a.event(civic.EventTransferred)
		event.FormerDepartment, event.Message = &from, reason
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineTransferred, Department: &to, Message: reason}, event)
	})
}
