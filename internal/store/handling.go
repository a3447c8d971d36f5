package store

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// SaveText writes what a report's own writer may change: title, body, place, and the salt of the commitment to them.
func (t *Tx) SaveText(ctx context.Context, r *civic.Report, salt []byte) error {
	params := db.SaveTextParams{ID: r.ID.UUID, Title: r.Title, Body: r.Body, Salt: salt, UpdatedAt: r.UpdatedAt, Cell: cellOf(r.Place)}
	if r.Place != nil {
		params.Latitude, params.Longitude, params.DistrictID = &r.Place.Latitude, &r.Place.Longitude, plain(r.Place.District)
		params.Address = &r.Place.Address
	}
	return oneRow(t.q.SaveText(ctx, params))
}

// Refusals lists the departments that refused the report, oldest first.
func (t *Tx) Refusals(ctx context.Context, id civic.ReportID) ([]civic.DepartmentID, error) {
	rows, err := t.q.ListRefusals(ctx, id.UUID)
	refused := make([]civic.DepartmentID, len(rows))
	for i, row := range rows {
		refused[i].UUID = row
	}
	return refused, err
}

// AddRefusal notes that a department refused the report.
func (t *Tx) AddRefusal(ctx context.Context, id civic.ReportID, department civic.DepartmentID, at time.Time) error {
	return t.q.AddRefusal(ctx, db.AddRefusalParams{ReportID: id.UUID, DepartmentID: department.UUID, At: at})
}

// OnDesk finds the open reports on an officer's desk, locked until the end of the transaction.
func (t *Tx) OnDesk(ctx context.Context, officer civic.OfficerID) ([]*civic.Report, error) {
	return collectChanging(t.tx.Query(ctx, "-- name: ReportsOnDesk\nSELECT "+changeColumns+
		" FROM reports WHERE assignee_id = $1 AND status = ANY ($2) ORDER BY id FOR UPDATE", officer.UUID, openStatuses()))
}

// Promised finds up to most reports that were promised something and are not over, in the order of their ids, after a given one, locked
// until the end of the transaction.
func (t *Tx) Promised(ctx context.Context, after civic.ReportID, most int) ([]*civic.Report, error) {
	return collectChanging(t.tx.Query(ctx, "-- name: PromisedReports\nSELECT "+changeColumns+
		" FROM reports WHERE id > $1 AND closed_at IS NULL AND resolution_due_at IS NOT NULL ORDER BY id LIMIT $2 FOR UPDATE", after.UUID, most))
}

// SaveHoliday writes a holiday.
func (t *Tx) SaveHoliday(ctx context.Context, day civic.Date, name string) error {
	return t.q.SaveHoliday(ctx, db.SaveHolidayParams{Day: time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC), Name: name})
}

// Follow writes that a citizen follows a report, or does so no more; twice is once.
func (t *Tx) Follow(ctx context.Context, id civic.ReportID, citizen civic.CitizenID, at time.Time) error {
	return t.q.Follow(ctx, db.FollowParams{ReportID: id.UUID, CitizenID: citizen.UUID, CreatedAt: at})
}

// Unfollow takes that back.
func (t *Tx) Unfollow(ctx context.Context, id civic.ReportID, citizen civic.CitizenID) error {
	return t.q.Unfollow(ctx, db.UnfollowParams{ReportID: id.UUID, CitizenID: citizen.UUID})
}

// SaveRating writes the reporter's rating in the place of an earlier one.
func (t *Tx) SaveRating(ctx context.Context, r civic.Rating) error {
	return t.q.SaveRating(ctx, db.SaveRatingParams{ReportID: r.Report.UUID, Score: int32(r.Score), Comment: r.Comment, RatedAt: r.RatedAt})
}

// Template finds one that the scope's departments have; NOT_FOUND otherwise.
func (t *Tx) Template(ctx context.Context, id civic.TemplateID) (*civic.Template, error) {
	return oneTemplate(t.q.FindTemplate(ctx, id.UUID))
}

// SaveTemplate writes a template, new or changed; a template does not change departments.
func (t *Tx) SaveTemplate(ctx context.Context, template *civic.Template) error {
	params := db.SaveTemplateParams{
		ID: template.ID.UUID, DepartmentID: template.Department.UUID, Title: template.Title, Body: template.Body,
		Status: (*string)(template.Status), CategoryID: plain(template.Category), UpdatedAt: template.UpdatedAt,
	}
	rows, err := t.q.SaveTemplate(ctx, params)
	if err == nil && rows == 0 {
		return errTemplateNotFound
	}
	return err
}
