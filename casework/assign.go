package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Assign gives a report to an officer who can see it: of its department or of one above.
func (d *Desk) Assign(ctx context.Context, p civic.Principal, id civic.ReportID, officer civic.OfficerID) (*civic.Report, error) {
	return d.handle(ctx, p, id, "assign", func(a *act) error { return a.assign(p, officer, "officer") })
}

// assign puts the report on a desk; field names the argument that the officer came in.
func (a *act) assign(p civic.Principal, officer civic.OfficerID, field string) error {
	if !a.report.Open() {
		return civic.Conflict("report.not_open")
	}
	assignee := a.city.ActiveOfficer(officer)
	if assignee == nil || !a.city.Within(a.report.Department, assignee.Department) {
		return civic.Invalid(field, "officer.not_of_department")
	}
	a.report.Assignee, a.report.UpdatedAt = &officer, a.now
	a.city.ActedAbove(a.report, p.Department, a.now)
	return a.tell(civic.TimelineEntry{Kind: civic.TimelineAssigned, Department: ownDepartment(p)}, a.event(civic.EventAssigned))
}
