package civic

import "time"

// Role is what an account may do; a citizen has no department.
type Role string

// The roles of the public contract.
const (
	RoleCitizen        Role = "CITIZEN"
	RoleOfficer        Role = "OFFICER"
	RoleDepartmentHead Role = "DEPARTMENT_HEAD"
	RoleHeadAuthority  Role = "HEAD_AUTHORITY"
	RoleAdmin          Role = "ADMIN"
)

// Principal is who is asking. The zero value is a stranger.
type Principal struct {
	Role       Role // empty: nobody is signed in
	Citizen    CitizenID
	Officer    OfficerID
	Department DepartmentID // an officer's own
	Session    SessionID
	Expires    time.Time // when the sign-in must be renewed
}

// SignedIn reports whether anybody is.
func (p Principal) SignedIn() bool { return p.Role != "" }

// IsCitizen reports whether a citizen is asking.
func (p Principal) IsCitizen() bool { return p.Role == RoleCitizen }

// IsStaff reports whether somebody from a department is asking.
func (p Principal) IsStaff() bool { return p.SignedIn() && !p.IsCitizen() }
