package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// SaveDepartment makes a department where draft has no id, or gives one another name or another place in the tree, with everything below
// it. What has climbed above it goes on to somebody who is above it now.
func (d *Desk) SaveDepartment(ctx context.Context, p civic.Principal, draft civic.Department) (saved *civic.Department, err error) {
	fresh := draft.ID.IsZero()
	if fresh {
		draft.ID.UUID = d.newID()
	}
	err = d.keep(ctx, p, "save_department", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		before := city.Department(draft.ID)
		if before == nil {
			if before = new(civic.Department); !fresh {
				return nil, civic.NotFound("department.not_found")
			}
		}
		if draft.Parent == nil {
			draft.Parent = before.Parent // what is not said stays
		}
		after, department, err := city.WithDepartment(draft)
		if err != nil {
			return nil, err
		}
		saved = department
		for _, other := range append(after.Relevelled(city), department) {
			if err := tx.SaveDepartment(ctx, other); err != nil {
				return nil, err
			}
		}
		return changed(draft.ID.String(), map[string][2]string{
			"code": {before.Code, draft.Code}, "name": {before.Name.ID, department.Name.ID}, "nameEn": {before.Name.EN, department.Name.EN},
			"parent": {ref(before.Parent), ref(department.Parent)},
		}), nil
	})
	if err == nil && !fresh {
		err = d.rehang(ctx, p, saved.ID)
	}
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// rehang puts the escalations of a department's reports right, and of all below it. It may run again: what is right stays.
func (d *Desk) rehang(ctx context.Context, p civic.Principal, department civic.DepartmentID) error {
	city := d.ports.City()
	for last := (civic.ReportID{}); ; {
		var found []*civic.Report
		err := d.ports.Records.Change(ctx, everywhere(city), func(ctx context.Context, tx Tx) (err error) {
			if found, err = tx.Climbed(ctx, city.Below(department), last, promisedAtOnce); err != nil {
				return err
			}
			for _, report := range found {
				if err := d.rehangOne(ctx, tx, p, city, report); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("rehang: %w", err)
		}
		d.ports.Poke()
		if len(found) < promisedAtOnce {
			return nil
		}
		last = found[len(found)-1].ID
	}
}

func (d *Desk) rehangOne(ctx context.Context, tx Tx, p civic.Principal, city *civic.City, report *civic.Report) error {
	now := d.now()
	a := &act{ctx: ctx, tx: tx, city: city, actor: actorOf(p), doer: p, now: now, counts: now, report: report, newID: d.newID}
	from := report.Status
	if !city.Rehang(report, now) {
		return nil
	}
	if err := tx.SaveReport(ctx, report); err != nil {
		return err
	}
	if err := a.escalated(from, ""); err != nil {
		return err
	}
	return a.audit("rehang")
}

// RetireDepartment ends a department: it keeps its old reports, gets no new ones and is listed nowhere. CONFLICT while it has units,
// categories, officers or open reports. Twice is once.
func (d *Desk) RetireDepartment(ctx context.Context, p civic.Principal, id civic.DepartmentID) error {
	return d.keep(ctx, p, "retire_department", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		if department := city.Department(id); department != nil && department.Retired {
			return nil, nil
		}
		if err := city.CheckRetireDepartment(id); err != nil {
			return nil, err
		}
		if open, err := tx.OpenReports(ctx, id); err != nil {
			return nil, err
		} else if open > 0 {
			return nil, civic.Conflict("department.has_reports")
		}
		return retired(id.String()), tx.RetireDepartment(ctx, id, d.now())
	})
}
