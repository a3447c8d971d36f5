package demo_test

import (
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
)

func TestPartsFitTogether(t *testing.T) {
	t.Parallel()
	data, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(data.Departments) != 20 || len(data.Categories) != 39 || len(data.Districts) != 30 || len(data.Officers) != 59 || len(data.Citizens) != 120 {
		t.Error("the city is not whole")
	}
	known := map[string]bool{"": true}
	for _, department := range data.Departments {
		if !known[department.Parent] {
			t.Errorf("%s comes before its parent %s", department.Code, department.Parent)
		}
		known[department.Code] = true
	}
	for _, category := range data.Categories {
		if !known[category.Department] || category.Department == "" {
			t.Errorf("category %s: no department %q", category.Code, category.Department)
		}
	}
	ids := map[civic.OfficerID]bool{}
	for _, officer := range data.Officers {
		if !known[officer.Department] || officer.Role == "" || officer.Role == civic.RoleCitizen {
			t.Errorf("officer %s: %q in %q", officer.Email, officer.Role, officer.Department)
		}
		ids[officer.ID()] = true
	}
	if len(ids) != len(data.Officers) {
		t.Error("two officers have one id")
	}
	for _, district := range data.Districts {
		for _, point := range district.Outline {
			if point[0] < data.Bounds.West || point[0] > data.Bounds.East || point[1] < data.Bounds.South || point[1] > data.Bounds.North {
				t.Errorf("%s reaches out of the city", district.Name)
				break
			}
		}
	}
}
