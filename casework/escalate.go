package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// Climb takes a report one level up if it is due. It answers false when there was nothing to do any more: somebody acted, or
// another escalator was faster. However many try, each step happens once, because the report is locked and looked at again.
func (d *Desk) Climb(ctx context.Context, id civic.ReportID) (climbed bool, err error) {
	city := d.ports.City()
	a := &act{city: city, actor: actorSystem, now: d.now(), newID: d.newID}
	err = d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) error {
		report, err := tx.Report(ctx, id, true)
		if err != nil {
			return err
		}
		a.ctx, a.tx, a.report = ctx, tx, report
		from, due := report.Status, report.Clock.NextDue
		if climbed = city.Climb(report, a.now); !climbed && report.Clock.NextDue == due {
			return nil
		}
		if err := tx.SaveEscalation(ctx, report); err != nil {
			return err
		}
		if !climbed {
			return nil
		}
		event := a.event(civic.EventEscalated)
		event.PreviousStatus = &from
		level := report.Escalation.Level
		entry := civic.TimelineEntry{Kind: civic.TimelineEscalated, Department: report.Escalation.To, Level: &level}
		if err := a.tell(entry, event); err != nil {
			return err
		}
		return a.audit("escalate")
	})
	if err != nil {
		return false, fmt.Errorf("escalate report: %w", err)
	}
	if climbed {
		d.ports.Poke()
	}
	return climbed, nil
}
