package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// HandOver puts all open reports of one officer on another's desk, as the head of a department above both: all in one transaction, or none
// when the other could not see one of them. It answers how many there were.
func (d *Desk) HandOver(ctx context.Context, p civic.Principal, from, to civic.OfficerID) (moved int, err error) {
	city := d.ports.City()
	if err := d.mayHandOver(city, p, from, to); err != nil {
		return 0, err
	}
	now := d.now()
	err = d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		reports, err := tx.OnDesk(ctx, from)
		if err != nil {
			return err
		}
		for _, report := range reports {
			a := &act{ctx: ctx, tx: tx, city: city, actor: actorOf(p), doer: p, now: now, counts: now, report: report, newID: d.newID}
			if !d.cfg.Guard(city, p, report.Department) {
				return errReportNotFound
			}
			if err := a.assign(p, to, "to"); err != nil {
				return err
			}
			if err := tx.SaveReport(ctx, report); err != nil {
				return err
			}
			if err := a.audit("hand_over"); err != nil {
				return err
			}
		}
		moved = len(reports)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	d.ports.Poke()
	return moved, nil
}

func (d *Desk) mayHandOver(city *civic.City, p civic.Principal, from, to civic.OfficerID) error {
	if !civic.HasRole(p, []civic.Role{civic.RoleDepartmentHead, civic.RoleHeadAuthority}) {
		return civic.Forbidden("auth.role")
	}
	for _, id := range []civic.OfficerID{from, to} {
		if officer := city.Officer(id); officer == nil || !d.cfg.Guard(city, p, officer.Department) {
			return civic.NotFound("officer.not_found")
		}
	}
	if from == to {
		return civic.Invalid("to", "officer.same")
	}
	return nil
}
