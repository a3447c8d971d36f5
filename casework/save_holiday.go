package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

const maxHolidayName = 120

// SaveHoliday tells the city's calendar of a day on which nobody works, and moves what is promised for later. It may be called again.
// It answers how many reports have another due time now.
func (d *Desk) SaveHoliday(ctx context.Context, p civic.Principal, date, name string) (moved int, err error) {
	day, err := civic.ParseDate(date)
	if err != nil {
		return 0, civic.Invalid("date", "date.malformed")
	}
	if name, err = civic.CheckText("name", name, maxHolidayName); err != nil {
		return 0, err
	}
	err = d.keep(ctx, p, "save_holiday", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		change := changed(day.String(), map[string][2]string{"name": {city.Calendar.Holidays[day], name}})
		return change, tx.SaveHoliday(ctx, day, name)
	})
	if err != nil {
		return 0, err
	}
	return d.PromiseAgain(ctx, d.ports.City().WithHoliday(day, name))
}

// RemoveHoliday makes a day a working day again where its weekday is one, and moves what is promised; NOT_FOUND if it was no holiday.
func (d *Desk) RemoveHoliday(ctx context.Context, p civic.Principal, date string) (moved int, err error) {
	day, err := civic.ParseDate(date)
	if err != nil {
		return 0, civic.Invalid("date", "date.malformed")
	}
	err = d.keep(ctx, p, "remove_holiday", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		name, known := city.Calendar.Holidays[day]
		if !known {
			return nil, civic.NotFound("holiday.not_found")
		}
		return changed(day.String(), map[string][2]string{"name": {name, ""}}), tx.RemoveHoliday(ctx, day)
	})
	if err != nil {
		return 0, err
	}
	return d.PromiseAgain(ctx, d.ports.City().WithoutHoliday(day))
}

// promisedAtOnce is how many reports are looked at in one transaction.
const promisedAtOnce = 500

// PromiseAgain sets the due times of all reports that are not over as city has its calendar and categories now. It answers how many
// changed. It is no act on any report, so none gets an event or a line of its own for it.
func (d *Desk) PromiseAgain(ctx context.Context, city *civic.City) (moved int, err error) {
	var scope civic.Scope
	if root := city.Root(); root != nil {
		scope.Departments = city.Below(root.ID)
	}
	var last civic.ReportID
	for {
		changed, next, err := d.promiseSome(ctx, city, scope, last)
		if err != nil {
			return moved, fmt.Errorf("promise again: %w", err)
		}
		if moved += changed; next.IsZero() {
			return moved, nil
		}
		last = next
	}
}

// promiseSome does it for the reports after last; next is the last that it looked at, zero when there are no more.
func (d *Desk) promiseSome(ctx context.Context, city *civic.City, scope civic.Scope, last civic.ReportID) (changed int, next civic.ReportID, err error) {
	err = d.ports.Records.Change(ctx, scope, func(ctx context.Context, tx Tx) error {
		changed, next = 0, civic.ReportID{}
		reports, err := tx.Promised(ctx, last, promisedAtOnce)
		if err != nil {
			return err
		}
		for _, report := range reports {
			if !city.PromiseAgain(report) {
				continue
			}
			if err := tx.SaveReport(ctx, report); err != nil {
				return err
			}
			changed++
		}
		if len(reports) == promisedAtOnce {
			next = reports[len(reports)-1].ID
		}
		return nil
	})
	return changed, next, err
}
