package civic

import (
	"bytes"
	"slices"
	"time"
)

// Account is somebody with a sign-in: a citizen or an officer. Both have their ids from the identity service, which gives none twice.
type Account struct {
	ID      UUID
	Officer bool
}

// CitizenAccount is a citizen's.
func CitizenAccount(id CitizenID) Account { return Account{ID: id.UUID} }

// OfficerAccount is an officer's.
func OfficerAccount(id OfficerID) Account { return Account{ID: id.UUID, Officer: true} }

// Account is whose sign-in it is; false for a stranger.
func (p Principal) Account() (Account, bool) {
	switch {
	case p.IsCitizen():
		return CitizenAccount(p.Citizen), true
	case p.IsStaff():
		return OfficerAccount(p.Officer), true
	}
	return Account{}, false
}

// NotificationKind is why somebody is told.
type NotificationKind string

// The notification kinds of the public contract.
const (
	NotifyStatus    NotificationKind = "STATUS_CHANGED"
	NotifyComment   NotificationKind = "COMMENTED"
	NotifyEscalated NotificationKind = "ESCALATED"
	NotifyResolved  NotificationKind = "RESOLVED"
	NotifyMerged    NotificationKind = "MERGED"
	NotifyAssigned  NotificationKind = "ASSIGNED"
	NotifyNew       NotificationKind = "NEW_REPORT"
	NotifyDueSoon   NotificationKind = "DUE_SOON"
	NotifyArea      NotificationKind = "AREA_ALERT"
)

// NotificationKinds are all of them.
var NotificationKinds = []NotificationKind{
	NotifyStatus, NotifyComment, NotifyEscalated, NotifyResolved, NotifyMerged, NotifyAssigned, NotifyNew, NotifyDueSoon, NotifyArea,
}

// Notification is one thing that somebody is told. It holds no words: whoever reads it is told in the own language, and of the report no
// more than they may see then.
type Notification struct {
	ID        NotificationID
	Place     int64 // in the order in which they were told; 0 until it is
	To        Account
	Kind      NotificationKind
	Report    *ReportID // nil for one about several
	Detail    NotificationDetail
	CreatedAt time.Time
	ReadAt    *time.Time
}

// NotificationDetail is what the sentence of a notification is filled with.
type NotificationDetail struct {
	Event      EventKind     `json:"event,omitempty"` // where the kind alone does not say it
	Status     Status        `json:"status,omitempty"`
	Department *DepartmentID `json:"department,omitempty"`
	Level      int           `json:"level,omitempty"`
	Count      int           `json:"count,omitempty"`   // of reports, for one about several
	Overdue    int           `json:"overdue,omitempty"` // of a day's digest
	Digest     bool          `json:"digest,omitempty"`
}

// NotificationName is the same for the same event and account, however often it is told.
func NotificationName(event string, to Account) NotificationID {
	return NotificationID{NamedUUID("notification " + event + " " + to.ID.UUIDString())}
}

// AreaAlert is a circle about whose new public reports a citizen wants to hear; no categories mean all.
type AreaAlert struct {
	ID         AreaAlertID
	Citizen    CitizenID
	Place      Place
	Radius     int // metres
	Categories []CategoryID
	CreatedAt  time.Time
}

// What an area alert may be.
const (
	MinAlertRadius = 100
	MaxAlertRadius = 10_000
	MaxAlerts      = 20 // of one citizen
)

// Hears reports whether a new report of that category at that place concerns the alert.
func (a *AreaAlert) Hears(category CategoryID, at Place) bool {
	if a.Place.Metres(at) > float64(a.Radius) {
		return false
	}
	for _, wanted := range a.Categories {
		if wanted == category {
			return true
		}
	}
	return len(a.Categories) == 0
}

// CheckAlert checks what a citizen asks for; a category that is wanted must be one of the city.
func (c *City) CheckAlert(place Place, radius int, categories []CategoryID) (AreaAlert, error) {
	at, err := c.CheckPlace("location", place)
	if err != nil {
		return AreaAlert{}, err
	}
	if radius < MinAlertRadius || radius > MaxAlertRadius {
		return AreaAlert{}, Invalid("radiusMeters", "alert.radius")
	}
	for _, id := range categories {
		if c.Category(id) == nil {
			return AreaAlert{}, Invalid("categories", "category.unknown")
		}
	}
	return AreaAlert{Place: *at, Radius: radius, Categories: categories}, nil
}

// Answering are who answers for a department: its heads, or its officers where it has none.
func (c *City) Answering(department DepartmentID) []*Officer {
	var heads, officers []*Officer
	for _, officer := range c.officers {
		if officer.Retired || officer.Department != department {
			continue
		}
		switch officer.Role {
		case RoleDepartmentHead, RoleHeadAuthority:
			heads = append(heads, officer)
		case RoleOfficer:
			officers = append(officers, officer)
		}
	}
	if len(heads) == 0 {
		heads = officers
	}
	slices.SortFunc(heads, func(a, b *Officer) int { return bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]) })
	return heads
}

// MayHear reports whether an account may be told of a report as it is now.
func (c *City) MayHear(to Account, r *Report) bool {
	if !to.Officer {
		return r.PublicNow() || r.Reporter != nil && r.Reporter.UUID == to.ID
	}
	officer := c.Officer(OfficerID{to.ID})
	return officer != nil && !officer.Retired && c.Within(r.Department, officer.Department)
}
