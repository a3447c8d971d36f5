package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// Accounts are what officers sign in with. Its calls may be repeated.
type Accounts interface {
	// SaveOfficer makes an account where the officer has no id, or changes one. What somebody may do no more is over within seconds. known is
	// true, and nothing is changed, where a new account's address has an account already: then id is whose. CONFLICT where a changed one's is
	// somebody else's. An empty password stays what it was.
	SaveOfficer(ctx context.Context, officer civic.Officer, email, password string) (id civic.OfficerID, known bool, err error)
	// RetireOfficer lets an officer sign in no more and ends what they are signed in with.
	RetireOfficer(ctx context.Context, id civic.OfficerID) error
}

// SaveOfficer makes an officer with an account where draft has no id, or changes both. Reports on the desk of somebody who cannot see them
// any more go back to their department.
func (d *Desk) SaveOfficer(ctx context.Context, p civic.Principal, draft civic.Officer, email, password string) (saved *civic.Officer, err error) {
	err = d.keep(ctx, p, "save_officer", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		before := city.Officer(draft.ID)
		if before == nil {
			if before = new(civic.Officer); !draft.ID.IsZero() {
				return nil, civic.NotFound("officer.not_found")
			}
		}
		officer, err := city.CheckOfficer(draft)
		if err != nil {
			return nil, err
		}
		// The account comes last before the commit. If that fails, the account is there without an officer, and the next try takes it.
		id, known, err := d.ports.Accounts.SaveOfficer(ctx, *officer, email, password)
		if err == nil && known {
			if city.Officer(id) != nil {
				return nil, civic.Conflict("officer.email_taken")
			}
			officer.ID = id
			id, _, err = d.ports.Accounts.SaveOfficer(ctx, *officer, email, password)
		}
		if err != nil {
			return nil, err
		}
		officer.ID, saved = id, officer
		if err := tx.SaveOfficer(ctx, officer); err != nil {
			return nil, err
		}
		if err := d.clearDesk(ctx, tx, p, city, officer); err != nil {
			return nil, err
		}
		department := ""
		if !before.Department.IsZero() {
			department = before.Department.String()
		}
		return changed(id.String(), map[string][2]string{
			"department": {department, officer.Department.String()}, "role": {string(before.Role), string(officer.Role)},
			"account": {"", "saved"}, // name, address and password are nobody's business here
		}), nil
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// clearDesk puts back what lies on the desk of an officer who cannot see it: of another department now, or gone.
func (d *Desk) clearDesk(ctx context.Context, tx Tx, p civic.Principal, city *civic.City, officer *civic.Officer) error {
	reports, err := tx.OnDesk(ctx, officer.ID)
	if err != nil {
		return err
	}
	now := d.now()
	for _, report := range reports {
		if !officer.Retired && city.Within(report.Department, officer.Department) {
			continue
		}
		a := &act{ctx: ctx, tx: tx, city: city, actor: actorOf(p), doer: p, now: now, counts: now, report: report, newID: d.newID}
		report.Assignee, report.UpdatedAt = nil, now
		if err := tx.SaveReport(ctx, report); err != nil {
			return err
		}
		if err := tx.AddEvent(ctx, a.event(civic.EventAssigned)); err != nil {
			return err
		}
		if err := a.audit("clear_desk"); err != nil {
			return err
		}
	}
	return nil
}

// RetireOfficer lets somebody go: they sign in no more, their desk is cleared, and what they did still names them. Twice is once.
func (d *Desk) RetireOfficer(ctx context.Context, p civic.Principal, id civic.OfficerID) error {
	return d.keep(ctx, p, "retire_officer", func(ctx context.Context, tx Tx, city *civic.City) (*civic.OfficeChange, error) {
		if err := city.CheckRetireOfficer(id); err != nil {
			return nil, err
		}
		if err := d.ports.Accounts.RetireOfficer(ctx, id); err != nil {
			return nil, err
		}
		officer := *city.Officer(id)
		if officer.Retired {
			return nil, nil
		}
		officer.Retired = true
		if err := d.clearDesk(ctx, tx, p, city, &officer); err != nil {
			return nil, err
		}
		return retired(id.String()), tx.RetireOfficer(ctx, id, d.now())
	})
}

// noAccounts is where nobody keeps any.
type noAccounts struct{}

func (noAccounts) SaveOfficer(context.Context, civic.Officer, string, string) (id civic.OfficerID, known bool, err error) {
	return id, false, civic.Unavailable("identity.unavailable")
}

func (noAccounts) RetireOfficer(context.Context, civic.OfficerID) error {
	return civic.Unavailable("identity.unavailable")
}
