package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// byReceipt runs a verb of an anonymous reporter, whose only right is the receipt: the database is told nothing else, and finds nothing
// else. What is written names nobody and tells no time but the hour; ids are random.
func (d *Desk) byReceipt(ctx context.Context, receipt []byte, name string, verb func(*act) error) (*civic.Report, error) {
	city, now := d.ports.City(), d.now()
	a := &act{
		city: city, actor: actorReporter, counts: countsFrom(city, now),
		newID: func() civic.UUID { return civic.NewUUIDv4(d.cfg.Random) },
	}
	err := d.ports.Records.Change(ctx, civic.Scope{Receipt: receipt}, func(ctx context.Context, tx Tx) error {
		report, err := tx.ReportByReceipt(ctx, receipt)
		if err != nil {
			return err
		}
		last, err := tx.LastStep(ctx, report.ID)
		if err != nil {
			return err
		}
		a.ctx, a.tx, a.report, a.now = ctx, tx, report, hourAfter(now, last)
		if err := verb(a); err != nil {
			return err
		}
		if err := tx.SaveReport(ctx, report); err != nil {
			return err
		}
		return a.audit(name)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d.ports.Poke()
	return a.report, nil
}

// hourAfter is the hour of now. Where that would come before the last step of the history it is the moment after that step: a question
// and its answer in the same hour must keep their order, and the question's time is no secret.
func hourAfter(now, last time.Time) time.Time {
	if hour := now.Truncate(time.Hour); hour.After(last) {
		return hour
	}
	return last.Add(tick)
}

// tick is the least that the database tells times apart by.
const tick = time.Microsecond

// countsFrom is when the clock starts on what an anonymous reporter does: with the next full hour, so that no due time tells the minute
// and nobody is late for it. A clock that runs faster for a demonstration has no hours to hide in.
func countsFrom(city *civic.City, now time.Time) time.Time {
	if city.Calendar.Scale == 1 {
		return now.Truncate(time.Hour).Add(time.Hour)
	}
	return now
}
