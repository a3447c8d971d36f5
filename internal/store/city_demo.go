package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// SaveDemo writes the demonstration city, in one transaction, where there is no city yet: what administrators have made of it since stays. It
// takes the owner's role.
func (s *Store) SaveDemo(ctx context.Context, city *demo.Data) error {
	return s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		w := demoWriter{ctx, db.New(tx), city}
		if there, err := w.q.ListDepartments(ctx); err != nil || len(there) > 0 {
			return err
		}
		for _, step := range []func() error{w.settings, w.departments, w.categories, w.districts, w.officers, w.causes, w.partner} {
			if err := step(); err != nil {
				return fmt.Errorf("save demo city: %w", err)
			}
		}
		return nil
	})
}

type demoWriter struct {
	ctx  context.Context
	q    *db.Queries
	city *demo.Data
}

func (w demoWriter) settings() error {
	hours := w.city.WorkingHours
	for key, value := range map[string]any{
		settingBounds:  civic.Bounds(w.city.Bounds),
		settingWorking: workingTime{Zone: w.city.Timezone, Days: hours.Days, Start: hours.Start, End: hours.End},
		settingTray:    w.tray(),
	} {
		encoded, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if err := w.q.SaveSetting(w.ctx, db.SaveSettingParams{Key: key, Value: encoded}); err != nil {
			return err
		}
	}
	for _, holiday := range w.city.Holidays {
		day, err := time.Parse(time.DateOnly, holiday.Date)
		if err != nil {
			return err
		}
		if err := w.q.SaveHoliday(w.ctx, db.SaveHolidayParams{Day: day, Name: holiday.Name}); err != nil {
			return err
		}
	}
	return nil
}

// tray is who gets the reports that fit no category: they get those that fit no department, too.
func (w demoWriter) tray() civic.DepartmentID {
	for _, c := range w.city.Categories {
		if c.Code == civic.FallbackCategory {
			return demo.DepartmentID(c.Department)
		}
	}
	return civic.DepartmentID{}
}

func (w demoWriter) departments() error {
	for _, d := range w.city.Departments {
		params := db.SaveDepartmentParams{ID: d.ID().UUID, Code: d.Code, NameID: d.Name, NameEn: d.NameEn, Level: int32(d.Level)}
		if d.Parent != "" {
			params.ParentID = new(demo.DepartmentID(d.Parent).UUID)
		}
		if err := w.q.SaveDepartment(w.ctx, params); err != nil {
			return err
		}
	}
	return nil
}

func (w demoWriter) categories() error {
	for _, c := range w.city.Categories {
		keywords, err := json.Marshal(c.Keywords)
		if err != nil {
			return err
		}
		params := db.SaveCategoryParams{
			ID: demo.CategoryID(c.Code).UUID, Code: c.Code, NameID: c.NameID, NameEn: c.NameEn,
			DepartmentID: demo.DepartmentID(c.Department).UUID, ResponseHours: int32(c.ResponseHours),
			ResolutionHours: int32(c.ResolutionHours), Questions: []byte("[]"), Keywords: keywords,
			ProofRequired: c.ProofRequired, PublicOnMap: c.PublicOnMap, Sensitive: c.Sensitive,
		}
		if c.Parent != "" {
			params.ParentID = new(demo.CategoryID(c.Parent).UUID)
		}
		if err := w.q.SaveCategory(w.ctx, params); err != nil {
			return err
		}
	}
	return nil
}

func (w demoWriter) districts() error {
	for _, d := range w.city.Districts {
		outline := make([]civic.Point, len(d.Outline))
		for i, corner := range d.Outline {
			outline[i] = civic.Point{Longitude: corner[0], Latitude: corner[1]}
		}
		encoded, err := json.Marshal(outline)
		if err != nil {
			return err
		}
		params := db.SaveDistrictParams{
			ID: demo.DistrictID(d.Name).UUID, Name: d.Name, Latitude: d.Latitude, Longitude: d.Longitude, Outline: encoded,
		}
		if err := w.q.SaveDistrict(w.ctx, params); err != nil {
			return err
		}
	}
	return nil
}

func (w demoWriter) officers() error {
	for _, o := range w.city.Officers {
		params := db.SaveOfficerParams{
			ID: o.ID().UUID, Name: o.Name, DepartmentID: demo.DepartmentID(o.Department).UUID, Role: string(o.Role),
		}
		if err := w.q.SaveOfficer(w.ctx, params); err != nil {
			return err
		}
	}
	return nil
}

func (w demoWriter) causes() error {
	for _, c := range w.city.Causes {
		params := db.SaveCauseParams{ID: demo.CauseID(c.Code).UUID, Code: c.Code, NameID: c.NameID, NameEn: c.NameEn}
		if c.Category != "" {
			params.CategoryID = new(demo.CategoryID(c.Category).UUID)
		}
		if err := w.q.SaveCause(w.ctx, params); err != nil {
			return err
		}
	}
	return nil
}

// partner is somebody who speaks Open311, with a key that everybody knows.
func (w demoWriter) partner() error {
	return w.q.AddPartner(w.ctx, db.AddPartnerParams{
		ID: civic.NamedUUID("partner:demo"), Name: "Demo", KeyHash: civic.HashPartnerKey(w.city.Open311Key), CreatedAt: time.Now(),
	})
}
