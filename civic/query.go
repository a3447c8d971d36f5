package civic

import "time"

// Filter narrows a list of reports; an empty field does not narrow.
type Filter struct {
	Number      string // finds that report alone: what else is asked does not count
	Text        string
	Statuses    []Status
	Categories  []CategoryID
	Departments []DepartmentID
	Districts   []DistrictID
	Priorities  []Priority
	Causes      []CauseID
	CreatedFrom *time.Time // inclusive
	CreatedTo   *time.Time // exclusive
	Within      *Bounds
	Overdue     *bool
	Escalated   *bool
	Unassigned  *bool
	AssignedTo  *OfficerID
}

// Order is how a list of reports is sorted; ties go by id.
type Order string

// The orders of the public contract.
const (
	Newest      Order = "NEWEST"
	Oldest      Order = "OLDEST"
	MostUpvoted Order = "MOST_UPVOTED"
	DueSoonest  Order = "DUE_SOONEST"
)

// MaxPage is the most items a page may ask for.
const MaxPage = 100

// PageRequest asks for the First items after the opaque cursor After ("" is the start).
type PageRequest struct {
	First int
	After string
}

// Page is one page of a list; Cursors has one cursor for each item.
type Page[T any] struct {
	Items   []T
	Cursors []string
	HasNext bool
	HasPrev bool
}

// Scope is the rows a caller may touch, as the database is told. The zero Scope sees what is public.
type Scope struct {
	Citizen     *CitizenID
	Departments []DepartmentID // already widened to everything below
	Receipt     []byte         // hash of an anonymous reporter's receipt
	Auditor     bool           // may read the audit
	Admin       bool           // keeps the city itself
	Account     *UUID          // whose inbox, preferences and devices
	Partner     *PartnerID     // who filed it over Open311
}
