// Package model is how the domain's nouns look through GraphQL: small views that join a noun with the city and the language of the
// request, so that a category's name or a report's department costs neither a query nor a goroutine. Inputs and payloads are
// generated into models_gen.go.
package model

import (
	"github.com/jagawarga/jagawarga/civic"
)

// View is what one request looks through. It does not change while the request lives.
type View struct {
	City      *civic.City
	Language  string // id or en
	Principal civic.Principal
}

// Handles reports whether the caller works in the department or above it.
func (v *View) Handles(department civic.DepartmentID) bool {
	return v.City.Handles(v.Principal, department)
}

// Department shows one; nil for nil.
func (v *View) Department(d *civic.Department) *Department {
	if d == nil {
		return nil
	}
	return &Department{d, v}
}

// DepartmentRef shows the department with that id; nil for nil.
func (v *View) DepartmentRef(id *civic.DepartmentID) *Department {
	if id == nil {
		return nil
	}
	return v.Department(v.City.Department(*id))
}

// Category shows one; nil for nil.
func (v *View) Category(c *civic.Category) *Category {
	if c == nil {
		return nil
	}
	return &Category{c, v}
}

// Officer shows one; nil for nil.
func (v *View) Officer(o *civic.Officer) *Officer {
	if o == nil {
		return nil
	}
	return &Officer{o, v}
}

// District shows one; nil for nil.
func (v *View) District(d *civic.District) *District {
	if d == nil {
		return nil
	}
	return &District{d}
}
