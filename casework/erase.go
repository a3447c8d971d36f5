package casework

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// erasedAtOnce is how many reports are erased in one transaction.
const erasedAtOnce = 200

// EraseOld erases what is personal of reporters from reports that have been over for days, or as long as the city says where days is 0:
// who they are, how to reach them, what opens an anonymous case and, of what was not for everybody, words, conversation, pictures and place.
// The department's own words on what it did stay. The ledger is told of each. It answers of how many reports.
func (d *Desk) EraseOld(ctx context.Context, days int) (erased int, err error) {
	if days == 0 {
		days = d.ports.City().Retention()
	}
	before := d.now().Add(-time.Duration(days) * 24 * time.Hour)
	for {
		found, some, err := d.eraseSome(ctx, before)
		if err != nil {
			return erased, fmt.Errorf("erase old: %w", err)
		}
		if erased += some; found < erasedAtOnce {
			return erased, nil
		}
	}
}

func (d *Desk) eraseSome(ctx context.Context, before time.Time) (found, erased int, err error) {
	err = d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) error {
		old, err := tx.ToErase(ctx, before, erasedAtOnce)
		if err != nil || len(old) == 0 {
			return err
		}
		now := d.now()
		if err := tx.Erase(ctx, old, now); err != nil {
			return err
		}
		found, erased = len(old), 0
		for _, one := range old {
			if !one.Person {
				continue // nobody wrote it: history that was imported
			}
			line := civic.AuditLine{
				ID: d.newID(), At: now, Actor: actorSystem, Action: civic.ActionEraseReporter, Report: one.Report, Status: one.Status, Department: one.Department,
			}
			if one.Text {
				line.Action = civic.ActionEraseText
			}
			if err := tx.AddAudit(ctx, line); err != nil {
				return err
			}
			erased++
		}
		return nil
	})
	return found, erased, err
}

// SaveRetention sets after how many days EraseOld erases.
func (d *Desk) SaveRetention(ctx context.Context, p civic.Principal, days int) error {
	if days < 1 || days > civic.MaxRetention {
		return civic.Invalid("days", "retention.days", "max", strconv.Itoa(civic.MaxRetention))
	}
	return d.keep(ctx, p, "save_retention", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		change := changed("retention", map[string][2]string{"days": {strconv.Itoa(city.Retention()), strconv.Itoa(days)}})
		return change, tx.SaveRetention(ctx, days)
	})
}
