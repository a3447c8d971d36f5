package civic

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// City is everything that changes seldom and is asked for always: departments, categories, districts, officers and the calendar.
// It is held in memory whole and replaced whole; nobody changes one.
type City struct {
	Bounds      Bounds
	Calendar    *Calendar
	Departments []*Department // parents before children; without those that are retired, like Categories
	Categories  []*Category
	Districts   []*District
	CommonTray  DepartmentID // see Tray; set before the city is shared, or not at all
	// RetentionDays is set in the same way; see Retention.
	RetentionDays int

	departments map[DepartmentID]*Department
	children    map[DepartmentID][]*Department
	below       map[DepartmentID][]DepartmentID
	categories  map[CategoryID]*Category
	districts   map[DistrictID]*District
	officers    map[OfficerID]*Officer
	everything  []*Category // with those that are retired
	fallback    *Category
	rules       []*RoutingRule // in the order in which they are asked
	causes      []*Cause       // by code, with those that are retired
}

// NewCity indexes and checks the parts: a single root, no cycle, no dangling reference.
func NewCity(bounds Bounds, calendar *Calendar, departments []*Department, categories []*Category, districts []*District, officers []*Officer) (*City, error) {
	c := &City{
		Bounds: bounds, Calendar: calendar, everything: categories, Districts: districts,
		departments: map[DepartmentID]*Department{}, children: map[DepartmentID][]*Department{},
		below: map[DepartmentID][]DepartmentID{}, categories: map[CategoryID]*Category{},
		districts: map[DistrictID]*District{}, officers: map[OfficerID]*Officer{},
	}
	if err := c.plant(departments); err != nil {
		return nil, err
	}
	for _, category := range categories {
		if c.departments[category.Department] == nil {
			return nil, fmt.Errorf("category %s: its department does not exist", category.Code)
		}
		c.categories[category.ID] = category
		if !category.Retired {
			c.Categories = append(c.Categories, category)
		}
		if category.Code == FallbackCategory {
			c.fallback = category
		}
	}
	for _, category := range categories {
		if category.Parent != nil && c.categories[*category.Parent] == nil {
			return nil, fmt.Errorf("category %s: its parent does not exist", category.Code)
		}
	}
	for _, district := range districts {
		district.box = boundsOf(district.Outline)
		c.districts[district.ID] = district
	}
	for _, officer := range officers {
		if c.departments[officer.Department] == nil {
			return nil, fmt.Errorf("officer %s: the department does not exist", officer.ID)
		}
		c.officers[officer.ID] = officer
	}
	return c, nil
}

// FallbackCategory is the code of the category for reports that fit no other.
const FallbackCategory = "lainnya"

// plant builds the tree: from the roots down, so that what is never reached is a cycle or hangs in the air.
func (c *City) plant(departments []*Department) error {
	var roots, all []*Department
	for _, d := range departments {
		c.departments[d.ID] = d
		if d.Parent == nil {
			roots = append(roots, d)
		} else {
			c.children[*d.Parent] = append(c.children[*d.Parent], d)
		}
	}
	if len(departments) > 0 && len(roots) != 1 {
		return fmt.Errorf("departments: %d roots instead of one", len(roots))
	}
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		if all = append(all, queue[0]); !queue[0].Retired {
			c.Departments = append(c.Departments, queue[0])
		}
		queue = append(queue, c.children[queue[0].ID]...)
	}
	if len(all) != len(departments) {
		return fmt.Errorf("departments: %d of %d hang on no root", len(departments)-len(all), len(departments))
	}
	for _, d := range slices.Backward(all) {
		below := []DepartmentID{d.ID}
		for _, child := range c.children[d.ID] {
			below = append(below, c.below[child.ID]...)
		}
		c.below[d.ID] = below
	}
	return nil
}

// Department finds one; nil if there is none.
func (c *City) Department(id DepartmentID) *Department { return c.departments[id] }

// Children are the departments directly below that are not retired.
func (c *City) Children(id DepartmentID) []*Department {
	return slices.DeleteFunc(slices.Clone(c.children[id]), func(d *Department) bool { return d.Retired })
}

// Below is the department and everything under it, retired ones too. The caller must not change the slice.
func (c *City) Below(id DepartmentID) []DepartmentID { return c.below[id] }

// Within reports whether department is boss or hangs somewhere below boss.
func (c *City) Within(department, boss DepartmentID) bool {
	for d := c.departments[department]; d != nil; d = c.parent(d) {
		if d.ID == boss {
			return true
		}
	}
	return false
}

// Above is the department that answers when d does not; nil at the top.
func (c *City) Above(id DepartmentID) *Department {
	if d := c.departments[id]; d != nil {
		return c.parent(d)
	}
	return nil
}

func (c *City) parent(d *Department) *Department {
	if d.Parent == nil {
		return nil
	}
	return c.departments[*d.Parent]
}

// Category finds one; nil if there is none.
func (c *City) Category(id CategoryID) *Category { return c.categories[id] }

// District finds one; nil if there is none.
func (c *City) District(id DistrictID) *District { return c.districts[id] }

// Officer finds one; nil if there is none.
func (c *City) Officer(id OfficerID) *Officer { return c.officers[id] }

// DistrictAt finds the district by its outline; nil outside all of them.
func (c *City) DistrictAt(latitude, longitude float64) *District {
	for _, d := range c.Districts {
		if d.Contains(latitude, longitude) {
			return d
		}
	}
	return nil
}

// CategoryFor routes a text without a category: the first of CategoriesFor, or the fallback category if there is none.
func (c *City) CategoryFor(text string) *Category {
	for _, category := range c.CategoriesFor(text, 1) {
		return category
	}
	return c.fallback
}

// CategoriesFor finds up to most categories of whose keywords some occur in a text as whole words: those with most of them first, longer
// keywords counting more.
func (c *City) CategoriesFor(text string, most int) []*Category {
	padded := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), notInWord), " ") + " "
	type scored struct {
		*Category
		score int
	}
	var found []scored
	for _, category := range c.Categories {
		score := 0
		for _, keyword := range category.Keywords {
			if strings.Contains(padded, " "+keyword+" ") {
				score += len(keyword)
			}
		}
		if score > 0 {
			found = append(found, scored{category, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return b.score - a.score })
	best := make([]*Category, min(most, len(found)))
	for i := range best {
		best[i] = found[i].Category
	}
	return best
}

func notInWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
}

// WithoutHoliday is the city with one holiday less; the city itself stays as it is.
func (c *City) WithoutHoliday(day Date) *City {
	changed := *c
	changed.Calendar = c.Calendar.Without(day)
	return &changed
}

// WithHoliday is the city with one more holiday; the city itself stays as it is.
func (c *City) WithHoliday(day Date, name string) *City {
	changed := *c
	changed.Calendar = c.Calendar.With(day, name)
	return &changed
}
