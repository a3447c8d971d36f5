package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// The keys of the settings table.
const (
	settingBounds    = "bounds"    // civic.Bounds
	settingWorking   = "working"   // workingTime
	settingRetention = "retention" // a number of days
	settingTray      = "tray"      // civic.DepartmentID: where reports go that nobody thinks are theirs
)

// workingTime is when the city works: days by their three letters, hours as 15:04.
type workingTime struct {
	Zone  string   `json:"zone"`
	Days  []string `json:"days"`
	Start string   `json:"start"`
	End   string   `json:"end"`
}

// City reads the whole city. scale speeds its clock up; 0 and 1 are real time.
func (s *Store) City(ctx context.Context, scale float64) (city *civic.City, err error) {
	err = s.read(ctx, civic.Scope{}, func(tx db.DBTX) error {
		r := cityReader{ctx: ctx, q: db.New(tx)}
		city, err = r.read(scale)
		return err
	})
	return city, err
}

type cityReader struct {
	ctx context.Context
	q   *db.Queries
}

func (r cityReader) read(scale float64) (*civic.City, error) {
	var tray civic.DepartmentID
	var retention int
	bounds, calendar, err := r.settings(scale, map[string]any{settingTray: &tray, settingRetention: &retention})
	if err != nil {
		return nil, err
	}
	departments, err := r.departments()
	if err != nil {
		return nil, err
	}
	categories, err := r.categories()
	if err != nil {
		return nil, err
	}
	districts, err := r.districts()
	if err != nil {
		return nil, err
	}
	officers, err := r.officers()
	if err != nil {
		return nil, err
	}
	rules, err := r.rules()
	if err != nil {
		return nil, err
	}
	causes, err := r.causes()
	if err != nil {
		return nil, err
	}
	city, err := civic.NewCity(bounds, calendar, departments, categories, districts, officers)
	if err != nil {
		return nil, err
	}
	city.CommonTray, city.RetentionDays = tray, retention
	return city.WithRules(rules).WithCauses(causes), nil
}

// settings reads what it needs itself, and more of them into what the keys name.
func (r cityReader) settings(scale float64, into map[string]any) (bounds civic.Bounds, calendar *civic.Calendar, err error) {
	rows, err := r.q.ListSettings(r.ctx)
	if err != nil {
		return bounds, nil, err
	}
	// A city that nobody has set up yet: the whole Earth, in office hours of western Indonesia.
	bounds = civic.Bounds{South: -90, West: -180, North: 90, East: 180}
	working := workingTime{Zone: "Asia/Jakarta", Days: []string{"MON", "TUE", "WED", "THU", "FRI"}, Start: "08:00", End: "16:00"}
	into[settingBounds], into[settingWorking] = &bounds, &working
	for _, row := range rows {
		if target := into[row.Key]; target != nil {
			if err := json.Unmarshal(row.Value, target); err != nil {
				return bounds, nil, fmt.Errorf("setting %s: %w", row.Key, err)
			}
		}
	}
	holidays, err := r.q.ListHolidays(r.ctx)
	if err != nil {
		return bounds, nil, err
	}
	days := make(map[civic.Date]string, len(holidays))
	for _, holiday := range holidays {
		days[civic.DateOf(holiday.Day)] = holiday.Name
	}
	calendar, err = working.calendar(days, scale)
	return bounds, calendar, err
}

func (w workingTime) calendar(holidays map[civic.Date]string, scale float64) (*civic.Calendar, error) {
	zone, err := time.LoadLocation(w.Zone)
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", settingWorking, err)
	}
	calendar := civic.Calendar{Zone: zone, Holidays: holidays, Scale: scale}
	for _, name := range w.Days {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(day.String()[:3], name) {
				calendar.Days[day] = true
			}
		}
	}
	if calendar.Start, err = sinceMidnight(w.Start); err != nil {
		return nil, fmt.Errorf("setting %s: %w", settingWorking, err)
	}
	if calendar.End, err = sinceMidnight(w.End); err != nil {
		return nil, fmt.Errorf("setting %s: %w", settingWorking, err)
	}
	return civic.NewCalendar(calendar)
}

func sinceMidnight(clock string) (time.Duration, error) {
	t, err := time.Parse("15:04", clock)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}

func (r cityReader) departments() ([]*civic.Department, error) {
	rows, err := r.q.ListDepartments(r.ctx)
	departments := make([]*civic.Department, len(rows))
	for i, row := range rows {
		departments[i] = &civic.Department{
			ID: civic.DepartmentID{UUID: row.ID}, Code: row.Code, Name: civic.Words{ID: row.NameID, EN: row.NameEn},
			Parent: departmentRef(row.ParentID), Level: int(row.Level), Retired: row.RetiredAt != nil,
		}
	}
	return departments, err
}

func (r cityReader) categories() ([]*civic.Category, error) {
	rows, err := r.q.ListCategories(r.ctx)
	if err != nil {
		return nil, err
	}
	categories := make([]*civic.Category, len(rows))
	for i, row := range rows {
		category := &civic.Category{
			ID: civic.CategoryID{UUID: row.ID}, Code: row.Code, Name: civic.Words{ID: row.NameID, EN: row.NameEn},
			Department: civic.DepartmentID{UUID: row.DepartmentID}, ResponseHours: int(row.ResponseHours),
			ResolutionHours: int(row.ResolutionHours), ProofRequired: row.ProofRequired, PublicOnMap: row.PublicOnMap,
			Sensitive: row.Sensitive, Retired: row.RetiredAt != nil,
		}
		if row.ParentID != nil {
			category.Parent = &civic.CategoryID{UUID: *row.ParentID}
		}
		if err := json.Unmarshal(row.Questions, &category.Questions); err != nil {
			return nil, fmt.Errorf("category %s: questions: %w", row.Code, err)
		}
		if err := json.Unmarshal(row.Keywords, &category.Keywords); err != nil {
			return nil, fmt.Errorf("category %s: keywords: %w", row.Code, err)
		}
		categories[i] = category
	}
	return categories, nil
}

func (r cityReader) districts() ([]*civic.District, error) {
	rows, err := r.q.ListDistricts(r.ctx)
	if err != nil {
		return nil, err
	}
	districts := make([]*civic.District, len(rows))
	for i, row := range rows {
		districts[i] = &civic.District{
			ID: civic.DistrictID{UUID: row.ID}, Name: row.Name, Center: civic.Point{Latitude: row.Latitude, Longitude: row.Longitude},
		}
		if err := json.Unmarshal(row.Outline, &districts[i].Outline); err != nil {
			return nil, fmt.Errorf("district %s: outline: %w", row.Name, err)
		}
	}
	return districts, nil
}

func (r cityReader) officers() ([]*civic.Officer, error) {
	rows, err := r.q.ListOfficers(r.ctx)
	officers := make([]*civic.Officer, len(rows))
	for i, row := range rows {
		officers[i] = &civic.Officer{
			ID: civic.OfficerID{UUID: row.ID}, Name: row.Name, Department: civic.DepartmentID{UUID: row.DepartmentID}, Role: civic.Role(row.Role), Retired: row.RetiredAt != nil,
		}
	}
	return officers, err
}
