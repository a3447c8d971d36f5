package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Office is what keeping the city needs of a transaction whose scope says that an administrator asks.
type Office interface {
	// Office takes the turn to change the city, until the end, and reads it as it is then.
	Office(ctx context.Context) (*civic.City, error)
	SaveDepartment(ctx context.Context, department *civic.Department) error
	SaveCategory(ctx context.Context, category *civic.Category) error
	SaveOfficer(ctx context.Context, officer *civic.Officer) error
	RetireDepartment(ctx context.Context, id civic.DepartmentID, at time.Time) error
	RetireCategory(ctx context.Context, id civic.CategoryID, at time.Time) error
	RetireOfficer(ctx context.Context, id civic.OfficerID, at time.Time) error
	SaveCause(ctx context.Context, cause *civic.Cause) error
	RetireCause(ctx context.Context, id civic.CauseID, at time.Time) error
	RemoveHoliday(ctx context.Context, day civic.Date) error
	// OpenReports counts a department's.
	OpenReports(ctx context.Context, department civic.DepartmentID) (int, error)
	// Climbed finds up to most open reports of departments that have climbed, by id after a given one, and locks them.
	Climbed(ctx context.Context, departments []civic.DepartmentID, after civic.ReportID, most int) ([]*civic.Report, error)
}

// keep runs an administrator's act on the city as it is now, with its audit line under name, and reads the city in memory anew. An act that
// tells of no change leaves no line. It may run again, like every transaction.
func (d *Desk) keep(ctx context.Context, p civic.Principal, name string, change func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error)) error {
	if !civic.HasRole(p, []civic.Role{civic.RoleAdmin}) {
		return civic.Forbidden("auth.role")
	}
	err := d.ports.Records.Change(ctx, everywhere(d.ports.City()), func(ctx context.Context, tx Tx) error {
		city, err := tx.Office(ctx)
		if err != nil {
			return err
		}
		made, err := change(ctx, tx, city)
		if err != nil || made == nil {
			return err
		}
		return tx.AddAudit(ctx, civic.AuditLine{ID: d.newID(), At: d.now(), Actor: actorOf(p), Action: name, Department: p.Department, Office: made})
	})
	if err == nil {
		err = d.ports.Renew(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	d.ports.Poke()
	return nil
}

// everywhere is what the database is told about who keeps the city: all reports are touched by its changes.
func everywhere(city *civic.City) civic.Scope {
	scope := civic.Scope{Admin: true}
	if root := city.Root(); root != nil {
		scope.Departments = city.Below(root.ID)
	}
	return scope
}

// changed tells what became of a part of the city; nil if nothing did.
func changed(part string, values map[string][2]string) *civic.OfficeChange {
	for name, value := range values {
		if value[0] == value[1] {
			delete(values, name)
		}
	}
	if len(values) == 0 {
		return nil
	}
	return &civic.OfficeChange{Part: part, Changes: values}
}

// retired is the change of what is retired.
func retired(part string) *civic.OfficeChange {
	return changed(part, map[string][2]string{"retired": {"no", "yes"}})
}

// ref is how an optional id stands in a change.
func ref[ID fmt.Stringer](id *ID) string {
	if id == nil {
		return ""
	}
	return (*id).String()
}
