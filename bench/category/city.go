// Package category measures how well categories are suggested: by the model (internal/suggest) and by the table of keywords
// (civic.City.CategoryFor), on imported reports and on Indonesian sentences that were written for it. It needs no database.
package category

import (
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
)

// demoCity is the demonstration city as far as categories go.
func demoCity() (*civic.City, error) {
	data, err := demo.Load()
	if err != nil {
		return nil, err
	}
	calendar, err := civic.NewCalendar(civic.Calendar{Zone: time.UTC, Days: [7]bool{1: true}, Start: 8 * time.Hour, End: 16 * time.Hour})
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	var departments []*civic.Department
	for _, d := range data.Departments {
		department := &civic.Department{ID: d.ID(), Code: d.Code, Level: d.Level}
		if d.Parent != "" {
			department.Parent = new(demo.DepartmentID(d.Parent))
		}
		departments = append(departments, department)
	}
	var categories []*civic.Category
	for _, c := range data.Categories {
		categories = append(categories, &civic.Category{
			ID: civic.CategoryID{UUID: civic.NamedUUID("category:" + c.Code)}, Code: c.Code, Name: civic.Words{ID: c.NameID, EN: c.NameEn},
			Department: demo.DepartmentID(c.Department), ResponseHours: c.ResponseHours, ResolutionHours: c.ResolutionHours, Keywords: c.Keywords,
		})
	}
	b := data.Bounds
	return civic.NewCity(civic.Bounds{South: b.South, West: b.West, North: b.North, East: b.East}, calendar, departments, categories, nil, nil)
}
