package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// Follow lets a citizen follow a report that they may see, or stop. It changes nothing for anybody else, so there is no event and no step
// of history; and no audit line, which would keep for ever what somebody was interested in.
func (d *Desk) Follow(ctx context.Context, p civic.Principal, id civic.ReportID, follow bool) (*civic.Report, error) {
	if !p.IsCitizen() {
		return nil, civic.Forbidden("report.citizens_only")
	}
	city := d.ports.City()
	var report *civic.Report
	err := d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) (err error) {
		if report, err = tx.Report(ctx, id, false); err != nil {
			return err
		}
		if !city.MayRead(p, report) {
			return errReportNotFound
		}
		if !follow {
			return tx.Unfollow(ctx, id, p.Citizen)
		}
		return tx.Follow(ctx, id, p.Citizen, d.now())
	})
	if err != nil {
		return nil, fmt.Errorf("follow report: %w", err)
	}
	return report, nil
}
