package civic

import "time"

// DefaultRetention is after how many days what is personal of a reporter is erased from a report that is over, where nobody has set another
// time; MaxRetention is the longest that may be set.
const (
	DefaultRetention = 365
	MaxRetention     = 3650
)

// What the audit calls it.
const (
	ActionEraseText     = "erase_text"     // with the salt: the commitment to the text need not open any more
	ActionEraseReporter = "erase_reporter" // the text, which everybody could read, stays
)

// Departure is a citizen whose account goes. It is remembered until nothing of them is left anywhere.
type Departure struct {
	Citizen       CitizenID
	AskedAt       time.Time
	AccountGoneAt *time.Time // since when the identity service has nothing of them
}

// Erasure is a report whose time is over.
type Erasure struct {
	Report     ReportID
	Status     Status
	Department DepartmentID
	Text       bool // it was not for everybody, so its words go
	Person     bool // it tells of a person; otherwise there is nothing to erase
}

// Retention is after how many days what is personal of a reporter is erased from a report that is over.
func (c *City) Retention() int {
	if c.RetentionDays < 1 {
		return DefaultRetention
	}
	return c.RetentionDays
}
