package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Escalate takes a report one level up by hand, without waiting for the clock. Its department keeps it and may still act.
func (d *Desk) Escalate(ctx context.Context, p civic.Principal, id civic.ReportID, reason string) (*civic.Report, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.handle(ctx, p, id, "escalate", func(a *act) error {
		from := a.report.Status
		if err := a.city.Escalate(a.report, a.now); err != nil {
			return err
		}
		return a.escalated(from, reason)
	})
}
