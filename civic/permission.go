package civic

import "slices"

// Who may do what, in one place. The directive asks, the verb asks again, and the database is told the same as a Scope.

// Handles reports whether p works in the department or in one above it.
func (c *City) Handles(p Principal, department DepartmentID) bool {
	return p.IsStaff() && c.Within(department, p.Department)
}

// Wrote reports whether p is the reporter.
func Wrote(p Principal, r *Report) bool {
	return p.IsCitizen() && r.Reporter != nil && *r.Reporter == p.Citizen
}

// MayRead reports whether p may know of the report at all.
func (c *City) MayRead(p Principal, r *Report) bool {
	return r.PublicNow() || Wrote(p, r) || c.Handles(p, r.Department)
}

// HasRole reports whether p has one of the roles; with none named, being signed in is enough.
func HasRole(p Principal, roles []Role) bool {
	return p.SignedIn() && (len(roles) == 0 || slices.Contains(roles, p.Role))
}

// ScopeOf is what the database is told about p.
func (c *City) ScopeOf(p Principal) Scope {
	switch {
	case p.IsCitizen():
		citizen := p.Citizen
		return Scope{Citizen: &citizen}
	case p.IsStaff():
		return Scope{Departments: c.Below(p.Department)}
	}
	return Scope{}
}
