package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Erasing is what letting people go needs of a transaction.
type Erasing interface {
	AddDeparture(ctx context.Context, citizen civic.CitizenID, at time.Time) error
	Departures(ctx context.Context) ([]civic.Departure, error)
	AccountGone(ctx context.Context, citizen civic.CitizenID, at time.Time) error
	// ForgetCitizen takes a citizen who goes out of all rows.
	ForgetCitizen(ctx context.Context, citizen civic.CitizenID) error
	EndDeparture(ctx context.Context, citizen civic.CitizenID) error

	// ToErase finds up to most reports that are over since before, and locks them; Erase takes out what is personal.
	ToErase(ctx context.Context, before time.Time, most int) ([]civic.Erasure, error)
	Erase(ctx context.Context, erasures []civic.Erasure, at time.Time) error
	SaveRetention(ctx context.Context, days int) error
}

// Citizens are the citizens' accounts at the identity service. Calls of DeleteCitizen may be repeated.
type Citizens interface {
	CheckPassword(ctx context.Context, citizen civic.CitizenID, password string) error
	DeleteCitizen(ctx context.Context, citizen civic.CitizenID) error
}

// DeleteAccount lets a citizen go who knows the password. What they wrote, said and supported stays and is nobody's; the person goes from
// both databases. It is written down first, so that whatever fails afterwards is done later (FinishDepartures, ForgetDeparted).
func (d *Desk) DeleteAccount(ctx context.Context, p civic.Principal, password string) error {
	if !p.IsCitizen() {
		return civic.Forbidden("report.citizens_only")
	}
	if err := d.ports.Citizens.CheckPassword(ctx, p.Citizen, password); err != nil {
		return err
	}
	city := d.ports.City()
	err := d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) error {
		if err := tx.AddDeparture(ctx, p.Citizen, d.now()); err != nil {
			return err
		}
		return tx.AddAudit(ctx, civic.AuditLine{ID: d.newID(), At: d.now(), Actor: actorOf(p), Action: "delete_account"})
	})
	if err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	_ = d.finish(context.WithoutCancel(ctx), p.Citizen) // if it fails, FinishDepartures does it
	d.ports.Poke()
	return nil
}

// FinishDepartures deletes the accounts of those who go and still have one. The server runs it now and then.
func (d *Desk) FinishDepartures(ctx context.Context) error {
	departures, err := d.departures(ctx)
	for _, departure := range departures {
		if departure.AccountGoneAt == nil {
			err = errors.Join(err, d.finish(ctx, departure.Citizen))
		}
	}
	return err
}

func (d *Desk) departures(ctx context.Context) (found []civic.Departure, err error) {
	err = d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.Departures(ctx)
		return err
	})
	return found, err
}

func (d *Desk) finish(ctx context.Context, citizen civic.CitizenID) error {
	if err := d.ports.Citizens.DeleteCitizen(ctx, citizen); err != nil {
		return err
	}
	return d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) error {
		return tx.AccountGone(ctx, citizen, d.now())
	})
}

// afterglow is how long after an account is gone somebody may still act for it: servers hear within seconds that its sessions are over.
const afterglow = 10 * time.Second

// ForgetDeparted takes those who go out of the rows, again and again until nothing more of them can come. settle tells whether all that was
// submitted so far is in the rows and nothing of it is left in a stream. Ingest runs it now and then.
func (d *Desk) ForgetDeparted(ctx context.Context, settle func(context.Context) (bool, error)) error {
	departures, err := d.departures(ctx)
	if err != nil || len(departures) == 0 {
		return err
	}
	settled, failed := false, error(nil)
	if now := d.now(); anyOver(departures, now) {
		settled, failed = settle(ctx)
	}
	for _, departure := range departures {
		over := settled && departure.AccountGoneAt != nil && d.now().Sub(*departure.AccountGoneAt) >= afterglow
		err := d.ports.Records.Change(ctx, civic.Scope{}, func(ctx context.Context, tx Tx) error {
			if err := tx.ForgetCitizen(ctx, departure.Citizen); err != nil || !over {
				return err
			}
			return tx.EndDeparture(ctx, departure.Citizen)
		})
		failed = errors.Join(failed, err)
	}
	return failed
}

func anyOver(departures []civic.Departure, now time.Time) bool {
	for _, departure := range departures {
		if departure.AccountGoneAt != nil && now.Sub(*departure.AccountGoneAt) >= afterglow {
			return true
		}
	}
	return false
}

// noCitizens is where nobody keeps accounts.
type noCitizens struct{}

func (noCitizens) CheckPassword(context.Context, civic.CitizenID, string) error {
	return civic.Unavailable("identity.unavailable")
}

func (noCitizens) DeleteCitizen(context.Context, civic.CitizenID) error {
	return civic.Unavailable("identity.unavailable")
}
