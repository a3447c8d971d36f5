package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Recategorize says what kind of problem it really is. The due times become those of the category, counted from when the report came. It
// stays where it is if that is the category's department or below it; otherwise it goes there as by a transfer, and by its rule.
func (d *Desk) Recategorize(ctx context.Context, p civic.Principal, id civic.ReportID, to civic.CategoryID) (*civic.Report, error) {
	var from civic.CategoryID
	report, err := d.handle(ctx, p, id, "recategorize", func(a *act) error {
		category := a.city.ActiveCategory(to)
		switch {
		case category == nil:
			return civic.Invalid("category", "category.unknown")
		case a.report.Category == to:
			return civic.Invalid("category", "category.already")
		case !a.report.Open():
			return civic.Conflict("report.not_open")
		}
		from, a.report.Category, a.report.UpdatedAt = a.report.Category, to, a.now
		a.city.PromiseAgain(a.report)
		if !a.city.Within(a.report.Department, category.Department) {
			return a.handOver(p, category.Department, "")
		}
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineEdited, Department: ownDepartment(p)}, a.event(civic.EventEdited))
	})
	if err != nil {
		return nil, err
	}
	d.corrected(report, from)
	return report, nil
}
