package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Transfer hands a report to the department whose work it is. The clock goes on. Refused twice, it goes to the common tray instead; no
// department gets back what it has refused (civic.HandOver).
func (d *Desk) Transfer(ctx context.Context, p civic.Principal, id civic.ReportID, to civic.DepartmentID, reason string) (*civic.Report, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.handle(ctx, p, id, "transfer", func(a *act) error {
		if a.city.ActiveDepartment(to) == nil {
			return civic.Invalid("department", "department.unknown")
		}
		switch {
		case a.report.Department == to:
			return civic.Invalid("department", "department.already_there")
		case !a.report.Open():
			return civic.Conflict("report.not_open")
		}
		return a.handOver(p, to, reason)
	})
}

// handOver moves the report to where civic.HandOver says, and tells both departments.
func (a *act) handOver(p civic.Principal, to civic.DepartmentID, reason string) error {
	from := a.report.Department
	refused, err := a.tx.Refusals(a.ctx, a.report.ID)
	if err != nil {
		return err
	}
	way, err := a.city.HandOver(p, from, to, refused)
	if err != nil {
		return err
	}
	if way.Refusal {
		if err := a.tx.AddRefusal(a.ctx, a.report.ID, from, a.now); err != nil {
			return err
		}
	}
	if err := a.tx.Widen(a.ctx, way.To); err != nil {
		return err
	}
	a.city.Reassign(a.report, way.To, a.now)
	event := a.event(civic.EventTransferred)
	event.FormerDepartment, event.Message = &from, reason
	return a.tell(civic.TimelineEntry{Kind: civic.TimelineTransferred, Department: &way.To, Message: reason}, event)
}
