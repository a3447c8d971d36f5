package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Office takes the turn to change the city, until the end of the transaction, and reads the city as it is then; its clock is the real one.
func (t *Tx) Office(ctx context.Context) (*civic.City, error) {
	if err := t.q.TakeOfficeTurn(ctx); err != nil {
		return nil, err
	}
	return cityReader{ctx: ctx, q: t.q}.read(1)
}

// SaveDepartment writes a department, new or changed.
func (t *Tx) SaveDepartment(ctx context.Context, d *civic.Department) error {
	return t.q.SaveDepartment(ctx, db.SaveDepartmentParams{
		ID: d.ID.UUID, Code: d.Code, NameID: d.Name.ID, NameEn: d.Name.EN, ParentID: plain(d.Parent), Level: int32(d.Level),
	})
}

// SaveCategory writes a category, new or changed.
func (t *Tx) SaveCategory(ctx context.Context, c *civic.Category) error {
	params := db.SaveCategoryParams{
		ID: c.ID.UUID, Code: c.Code, NameID: c.Name.ID, NameEn: c.Name.EN, ParentID: plain(c.Parent), DepartmentID: c.Department.UUID,
		ResponseHours: int32(c.ResponseHours), ResolutionHours: int32(c.ResolutionHours), Questions: []byte("[]"), Keywords: []byte("[]"),
		ProofRequired: c.ProofRequired, PublicOnMap: c.PublicOnMap, Sensitive: c.Sensitive,
	}
	var err error
	if len(c.Questions) > 0 {
		if params.Questions, err = json.Marshal(c.Questions); err != nil {
			return err
		}
	}
	if len(c.Keywords) > 0 {
		if params.Keywords, err = json.Marshal(c.Keywords); err != nil {
			return err
		}
	}
	return t.q.SaveCategory(ctx, params)
}

// SaveOfficer writes an officer, new or changed.
func (t *Tx) SaveOfficer(ctx context.Context, o *civic.Officer) error {
	return t.q.SaveOfficer(ctx, db.SaveOfficerParams{ID: o.ID.UUID, Name: o.Name, DepartmentID: o.Department.UUID, Role: string(o.Role)})
}

// RetireDepartment writes that a department gets no more reports; once is enough.
func (t *Tx) RetireDepartment(ctx context.Context, id civic.DepartmentID, at time.Time) error {
	return t.q.RetireDepartment(ctx, db.RetireDepartmentParams{ID: id.UUID, At: &at})
}

// RetireCategory writes that no more reports get a category.
func (t *Tx) RetireCategory(ctx context.Context, id civic.CategoryID, at time.Time) error {
	return t.q.RetireCategory(ctx, db.RetireCategoryParams{ID: id.UUID, At: &at})
}

// RetireOfficer writes that an officer has left.
func (t *Tx) RetireOfficer(ctx context.Context, id civic.OfficerID, at time.Time) error {
	return t.q.RetireOfficer(ctx, db.RetireOfficerParams{ID: id.UUID, At: &at})
}

// RemoveHoliday takes a holiday out of the calendar.
func (t *Tx) RemoveHoliday(ctx context.Context, day civic.Date) error {
	return t.q.RemoveHoliday(ctx, time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC))
}

// OpenReports counts the open reports of a department, as far as the scope sees them.
func (t *Tx) OpenReports(ctx context.Context, department civic.DepartmentID) (int, error) {
	n, err := t.q.OpenReportsOf(ctx, db.OpenReportsOfParams{DepartmentID: department.UUID, Open: openStatuses()})
	return int(n), err
}

// Climbed finds up to most open reports of departments that have climbed, in the order of their ids, after a given one, locked until the
// end of the transaction.
func (t *Tx) Climbed(ctx context.Context, departments []civic.DepartmentID, after civic.ReportID, most int) ([]*civic.Report, error) {
	return collectChanging(t.tx.Query(ctx, "-- name: ClimbedReports\nSELECT "+changeColumns+
		" FROM reports WHERE id > $1 AND escalated_to IS NOT NULL AND status = ANY ($2) AND department_id = ANY ($3) ORDER BY id LIMIT $4 FOR UPDATE",
		after.UUID, openStatuses(), uuids(departments), most))
}

func openStatuses() []string {
	var open []string
	for _, status := range civic.Statuses {
		if status.Open() {
			open = append(open, string(status))
		}
	}
	return open
}

// AddMedia writes pictures and films that come after the report.
func (t *Tx) AddMedia(ctx context.Context, media []*civic.Media) error {
	rows, err := json.Marshal(newMediaRows(media))
	if err != nil {
		return err
	}
	_, err = t.q.AddMedia(ctx, rows)
	return err
}
