package civic

import "time"

// Visibility is who may see a report besides its reporter and the responsible department.
type Visibility string

// The visibilities of the public contract.
const (
	Public    Visibility = "PUBLIC"    // everybody
	Private   Visibility = "PRIVATE"   // nobody else
	Anonymous Visibility = "ANONYMOUS" // nobody else, and nobody at all knows the reporter
)

// Priority is the department's own ordering of its work.
type Priority string

// The priorities of the public contract.
const (
	PriorityLow    Priority = "LOW"
	PriorityNormal Priority = "NORMAL"
	PriorityHigh   Priority = "HIGH"
	PriorityUrgent Priority = "URGENT"
)

// Known reports whether p is one of the contract's priorities.
func (p Priority) Known() bool {
	switch p {
	case PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent:
		return true
	}
	return false
}

// Lengths are in Unicode code points.
const (
	MaxTitle    = 120
	MaxBody     = 10_000
	MaxAddress  = 300
	MaxComment  = 5_000
	MaxMessage  = 5_000
	MaxContact  = 300
	MaxClientID = 128
	MaxAnswers  = 50
)

// Report is one thing somebody reported, as the city keeps it. Categories, departments and people are ids: the City has
// the first two in memory, and who reported is not everybody's to know.
type Report struct {
	ID         ReportID
	Number     string
	Title      string
	Body       string
	Visibility Visibility
	Status     Status
	Priority   Priority
	Category   CategoryID
	Department DepartmentID // the one responsible now
	Place      *Place
	Reporter   *CitizenID // nil for an anonymous or imported report
	CreatedAt  time.Time
	UpdatedAt  time.Time
	ResolvedAt *time.Time
	ClosedAt   *time.Time
	Upvotes    int
	Hidden     bool // moderation: not shown to the public
	Reopened   int  // how often its reporter sent it back to work; for who changes reports

	Assignee   *OfficerID
	Cause      *CauseID // what it came from, as far as its department has said; for departments alone
	Clock      Clock
	Escalation Escalation
	Answers    []Answer
	Media      []*Media // of a report on its way in; afterwards they are read for themselves

	// Fresh marks a report that has only just been accepted: what hangs on it is what it came with. Queued says that it may not be in
	// the database yet.
	Fresh, Queued bool
}

// Open reports whether somebody still has to act.
func (r *Report) Open() bool { return r.Status.Open() }

// PublicNow reports whether everybody may see it.
func (r *Report) PublicNow() bool { return r.Visibility == Public && !r.Hidden }

// Place is where it is. District is found from the outline of districts; nil outside all of them.
type Place struct {
	Latitude  float64     `json:"lat"`
	Longitude float64     `json:"lon"`
	Address   string      `json:"address,omitempty"`
	District  *DistrictID `json:"district,omitempty"`
}

// Answer is what the reporter answered to one of the category's questions.
type Answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Clock holds the promises of time for a report: when the first answer and the resolution are due, in absolute time.
type Clock struct {
	ResponseDue   time.Time
	ResolutionDue time.Time
	AnsweredAt    *time.Time
	StoppedAt     *time.Time // set while the reporter has to act
	// NextDue is the earliest moment at which the report climbs one level; nil when it cannot.
	NextDue *time.Time

	// The rest is for who changes reports; those found in lists leave it empty.

	From     *time.Time    // since when it counts, where that is before the report came: an older one was merged into it
	Stood    time.Duration // working time for which the clock stood; it was given back to the due times
	WarnAt   *time.Time    // when the department is told that the time until NextDue is short; nil: no more
	Warned   *time.Time    // the due time that it was told of last
	ClosesAt *time.Time    // when a resolved report closes if its reporter says nothing
}

// Historical reports whether this city never promised anything: the report was imported from an older system.
func (c Clock) Historical() bool { return c.ResponseDue.IsZero() }

// Escalation is how far a report has climbed. The department keeps the case; To answers besides it.
type Escalation struct {
	Level int // steps climbed
	To    *DepartmentID

	// For who changes reports; those found in lists leave it empty.

	Since      *time.Time // since when To has had time to answer
	AnsweredAt *time.Time // when To, or who is above, acted: the climb is over for the promise that was due then
}

// Comment is a public answer or remark.
type Comment struct {
	ID         CommentID
	Report     ReportID
	Body       string
	Kind       AuthorKind
	Department *DepartmentID // the author's, when a department speaks
	CreatedAt  time.Time
}

// AuthorKind says in which capacity somebody speaks; names of citizens are not shown.
type AuthorKind string

// The author kinds of the public contract.
const (
	AuthorReporter   AuthorKind = "REPORTER"
	AuthorCitizen    AuthorKind = "CITIZEN"
	AuthorDepartment AuthorKind = "DEPARTMENT"
	AuthorSystem     AuthorKind = "SYSTEM"
)

// Note is a remark that only the responsible department sees.
type Note struct {
	ID        NoteID
	Report    ReportID
	Body      string
	Author    OfficerID
	CreatedAt time.Time
}

// Officer is somebody who works in a department.
type Officer struct {
	ID         OfficerID
	Name       string
	Department DepartmentID
	Role       Role
	Retired    bool // has left; what they did still names them
}

// Citizen is a verified person.
type Citizen struct {
	ID   CitizenID
	Name string
}
