package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Withdraw takes a report back as its reporter. reason may be empty.
func (d *Desk) Withdraw(ctx context.Context, p civic.Principal, id civic.ReportID, reason string) (*civic.Report, error) {
	reason, err := civic.CheckOptionalText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.perform(ctx, p, id, "withdraw", mine, func(a *act) error {
		from := a.report.Status
		if err := a.city.Move(a.report, civic.ByReporter, civic.Withdrawn, a.now); err != nil {
			return err
		}
		event := a.event(civic.EventStatusChanged)
		event.PreviousStatus = &from
		return a.tell(civic.TimelineEntry{Kind: civic.TimelineStatusChanged, Message: reason}, event)
	})
}
