package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// Climb takes those of the reports that are due one level up, all or none, and answers how many. Left out are those where there was
// nothing to do any more, because somebody acted or another escalator was faster, and those that somebody else is changing just now.
// However many try, each step happens once, because a report is locked and looked at again.
func (d *Desk) Climb(ctx context.Context, ids ...civic.ReportID) (climbed int, err error) {
	return d.clockwork(ctx, ids, "escalate", func(a *act) (bool, error) {
		from := a.report.Status
		if !a.city.Climb(a.report, a.now) {
			return false, nil
		}
		return true, a.escalated(from, "")
	})
}

// Warn tells departments, and nobody else, that the time in which they should act is nearly over. Otherwise it is like Climb.
func (d *Desk) Warn(ctx context.Context, ids ...civic.ReportID) (warned int, err error) {
	return d.clockwork(ctx, ids, "warn", func(a *act) (bool, error) {
		if !a.city.Warn(a.report, a.now) {
			return false, nil
		}
		return true, a.tx.AddEvent(a.ctx, a.event(civic.EventDueSoon))
	})
}

// CloseSilent closes reports that their departments call done and to which nobody has objected in time. Otherwise it is like Climb.
func (d *Desk) CloseSilent(ctx context.Context, ids ...civic.ReportID) (closed int, err error) {
	return d.clockwork(ctx, ids, "close", func(a *act) (bool, error) {
		from := a.report.Status
		if !a.city.CloseSilent(a.report, a.now) {
			return false, nil
		}
		event := a.event(civic.EventStatusChanged)
		event.PreviousStatus = &from
		return true, a.tell(civic.TimelineEntry{Kind: civic.TimelineStatusChanged}, event)
	})
}

// clockwork runs a step of the city's own clock on locked reports, in one transaction of two statements. step answers whether it was
// taken; where it was not, what it found out about the clock is kept all the same, so that nobody has to find it out again.
func (d *Desk) clockwork(ctx context.Context, ids []civic.ReportID, name string, step func(*act) (bool, error)) (taken int, err error) {
	city, now := d.ports.City(), d.now()
	err = d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) error {
		reports, err := tx.LockDue(ctx, ids, now)
		if err != nil {
			return err
		}
		taken = 0
		all := &gathering{Tx: tx}
		for _, report := range reports {
			a := &act{ctx: ctx, tx: all, city: city, actor: actorSystem, now: now, counts: now, report: report, newID: d.newID}
			before := report.Clock
			stepped, err := step(a)
			if err != nil {
				return err
			}
			if stepped {
				taken++
				if err := a.audit(name); err != nil {
					return err
				}
			}
			if stepped || report.Clock != before {
				all.steps.Reports = append(all.steps.Reports, report)
			}
		}
		if len(all.steps.Reports) == 0 {
			return nil
		}
		return tx.SaveSteps(ctx, all.steps)
	})
	if err != nil {
		return 0, fmt.Errorf("%s reports: %w", name, err)
	}
	if taken > 0 {
		d.ports.Poke()
	}
	return taken, nil
}
