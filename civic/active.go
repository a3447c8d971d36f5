package civic

import (
	"cmp"
	"slices"
)

// What is retired is found by its id, for the reports that point to it; what new work goes to is asked for here.

// ActiveDepartment finds a department that takes reports; nil if there is none.
func (c *City) ActiveDepartment(id DepartmentID) *Department {
	if d := c.departments[id]; d != nil && !d.Retired {
		return d
	}
	return nil
}

// ActiveCategory finds a category that reports may get; nil if there is none.
func (c *City) ActiveCategory(id CategoryID) *Category {
	if category := c.categories[id]; category != nil && !category.Retired {
		return category
	}
	return nil
}

// ActiveOfficer finds an officer who works here; nil if there is none.
func (c *City) ActiveOfficer(id OfficerID) *Officer {
	if officer := c.officers[id]; officer != nil && !officer.Retired {
		return officer
	}
	return nil
}

// Root is the head authority; nil in a city that nobody has set up.
func (c *City) Root() *Department {
	if len(c.Departments) == 0 {
		return nil
	}
	return c.Departments[0]
}

// Officers are those who work in a department or below it, by name.
func (c *City) Officers(department DepartmentID) []*Officer {
	found := []*Officer{}
	for _, officer := range c.officers {
		if !officer.Retired && c.Within(officer.Department, department) {
			found = append(found, officer)
		}
	}
	slices.SortFunc(found, func(a, b *Officer) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.ID.UUID[:], b.ID.UUID[:]))
	})
	return found
}
