package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// AddDeparture writes that a citizen goes; once is enough.
func (t *Tx) AddDeparture(ctx context.Context, citizen civic.CitizenID, at time.Time) error {
	return t.q.AddDeparture(ctx, db.AddDepartureParams{CitizenID: citizen.UUID, AskedAt: at})
}

// Departures are the citizens of whom something may still be here, who asked first coming first.
func (t *Tx) Departures(ctx context.Context) ([]civic.Departure, error) {
	rows, err := t.q.ListDepartures(ctx)
	departures := make([]civic.Departure, len(rows))
	for i, row := range rows {
		departures[i] = civic.Departure{Citizen: civic.CitizenID{UUID: row.CitizenID}, AskedAt: row.AskedAt, AccountGoneAt: row.AccountGoneAt}
	}
	return departures, err
}

// AccountGone writes that the identity service has nothing of the citizen any more.
func (t *Tx) AccountGone(ctx context.Context, citizen civic.CitizenID, at time.Time) error {
	return t.q.AccountGone(ctx, db.AccountGoneParams{CitizenID: citizen.UUID, At: &at})
}

// ForgetCitizen takes a citizen who goes out of all rows: reports, comments and votes stay and are nobody's.
func (t *Tx) ForgetCitizen(ctx context.Context, citizen civic.CitizenID) error {
	for _, forget := range []func() (int64, error){
		func() (int64, error) { return t.q.ForgetReporter(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetAuthor(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetVoter(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetFollower(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetNotified(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetPreferences(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetPushSubscriptions(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetMessages(ctx, citizen.UUID) },
		func() (int64, error) { return t.q.ForgetAreaAlerts(ctx, citizen.UUID) },
	} {
		if _, err := forget(); err != nil {
			return err
		}
	}
	return nil
}

// EndDeparture writes that nothing is left to do.
func (t *Tx) EndDeparture(ctx context.Context, citizen civic.CitizenID) error {
	return t.q.EndDeparture(ctx, citizen.UUID)
}

// ToErase finds up to most reports that are over since before and locks them; what somebody else has locked is left to them.
func (t *Tx) ToErase(ctx context.Context, before time.Time, most int) ([]civic.Erasure, error) {
	rows, err := t.q.ListToErase(ctx, db.ListToEraseParams{Before: before, Most: int32(most)})
	erasures := make([]civic.Erasure, len(rows))
	for i, row := range rows {
		erasures[i] = civic.Erasure{
			Report: civic.ReportID{UUID: row.ID}, Status: civic.Status(row.Status), Department: civic.DepartmentID{UUID: row.DepartmentID},
			Text: row.Closed, Person: row.Named || row.Closed,
		}
	}
	return erasures, err
}

// erasedText stands where a text was.
const erasedText = "—"

// Erase takes out of locked reports what is personal of their reporters, and out of what everybody could not read the words and pictures, too.
func (t *Tx) Erase(ctx context.Context, erasures []civic.Erasure, at time.Time) error {
	ids, closed := []civic.UUID{}, []civic.UUID{}
	for _, erasure := range erasures {
		if ids = append(ids, erasure.Report.UUID); erasure.Text {
			closed = append(closed, erasure.Report.UUID)
		}
	}
	for _, erase := range []func() error{
		func() error { return t.q.EraseContacts(ctx, db.EraseContactsParams{Ids: ids, Closed: closed}) },
		func() error { return t.q.EraseAuthors(ctx, ids) },
		func() error { return t.q.EraseConversations(ctx, closed) },
		func() error { return t.q.EraseMessages(ctx, closed) },
		func() error { return t.q.EraseRatings(ctx, closed) },
		func() error { return t.q.EraseMedia(ctx, closed) },
		func() error { return t.q.ErasePlacesOfTasks(ctx, closed) },
		func() error {
			_, err := t.q.EraseReports(ctx, db.EraseReportsParams{Ids: ids, Closed: closed, At: &at, Blank: erasedText})
			return err
		},
	} {
		if err := erase(); err != nil {
			return err
		}
	}
	return nil
}

// SaveRetention writes after how many days what is personal is erased.
func (t *Tx) SaveRetention(ctx context.Context, days int) error {
	encoded, err := json.Marshal(days)
	if err != nil {
		return err
	}
	return t.q.SaveSetting(ctx, db.SaveSettingParams{Key: settingRetention, Value: encoded})
}
