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

// FiguresOf are the departments whose figures p may see: an officer the own one's, everybody above those of all below as well, so that who
// stands at the top sees all. With asked, those of them that are asked or below it; NOT_FOUND where that is none of p's business.
func (c *City) FiguresOf(p Principal, asked *DepartmentID) ([]DepartmentID, error) {
	if asked == nil {
		asked = &p.Department
	}
	switch {
	case !p.IsStaff():
		return nil, Forbidden("auth.department")
	case p.Role == RoleOfficer && *asked != p.Department, !c.Within(*asked, p.Department):
		return nil, NotFound("department.not_found")
	case p.Role == RoleOfficer:
		return []DepartmentID{p.Department}, nil
	}
	return c.Below(*asked), nil
}

// HasRole reports whether p has one of the roles; with none named, being signed in is enough.
func HasRole(p Principal, roles []Role) bool {
	return p.SignedIn() && (len(roles) == 0 || slices.Contains(roles, p.Role))
}

// AuditScope is what the database is told about p where p reads the audit; FORBIDDEN for whoever may not.
func AuditScope(p Principal) (Scope, error) {
	if !HasRole(p, []Role{RoleHeadAuthority, RoleAdmin}) {
		return Scope{}, Forbidden("auth.role")
	}
	return Scope{Auditor: true}, nil
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
