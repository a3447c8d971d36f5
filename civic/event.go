package civic

import "time"

// EventKind is what happened to a report, as live screens are told.
type EventKind string

// The event kinds of the public contract that can happen so far.
const (
	EventCreated       EventKind = "CREATED"
	EventStatusChanged EventKind = "STATUS_CHANGED"
	EventAssigned      EventKind = "ASSIGNED"
	EventTransferred   EventKind = "TRANSFERRED"
	EventEscalated     EventKind = "ESCALATED"
	EventCommented     EventKind = "COMMENTED"
	EventUpvoted       EventKind = "UPVOTED"
	EventResolved      EventKind = "RESOLVED"
	EventReopened      EventKind = "REOPENED"
	EventEdited        EventKind = "EDITED"
	EventRated         EventKind = "RATED"
	EventHidden        EventKind = "HIDDEN" // or shown again: Hidden tells
	EventDueSoon       EventKind = "DUE_SOON"
	EventMerged        EventKind = "MERGED" // it goes on as another, or another as it: Status tells
	EventSplit         EventKind = "SPLIT"
	EventTaskChanged   EventKind = "TASK_CHANGED"
	EventFlagged       EventKind = "FLAGGED" // somebody should look at how it was resolved
)

// ForDepartments reports whether such events are the business of departments alone.
func (k EventKind) ForDepartments() bool {
	return k == EventDueSoon || k == EventFlagged || k == EventTaskChanged
}

// Event is one thing that happened to a report. It carries the report's state right after the act, but none of its text:
// whoever shows an event loads the report with the viewer's own rights and lays the state over it.
type Event struct {
	// Sequence is the place in the EVENTS stream: higher is later, with gaps in between; 0 until the stream has given one.
	Sequence   uint64       `json:"-"`
	Kind       EventKind    `json:"kind"`
	At         time.Time    `json:"at"`
	Report     ReportID     `json:"report"`
	Visibility Visibility   `json:"visibility"`
	Hidden     bool         `json:"hidden,omitempty"`
	By         *Doer        `json:"by,omitempty"` // nil: nobody, or not told
	Department DepartmentID `json:"department"`
	// FormerDepartment is set when the report just left it, so that its screens can let go of the report.
	FormerDepartment *DepartmentID `json:"formerDepartment,omitempty"`
	Category         CategoryID    `json:"category,omitzero"`
	Priority         Priority      `json:"priority,omitempty"`
	Status           Status        `json:"status"`
	PreviousStatus   *Status       `json:"previousStatus,omitempty"`
	Message          string        `json:"message,omitempty"`
	Upvotes          int           `json:"upvotes,omitempty"`
	Assignee         *OfficerID    `json:"assignee,omitempty"`
	Level            int           `json:"level,omitempty"`
	EscalatedTo      *DepartmentID `json:"escalatedTo,omitempty"`
	Task             *TaskStep     `json:"task,omitempty"` // set for a change of a task
	ResolvedAt       *time.Time    `json:"resolvedAt,omitempty"`
	NextDue          *time.Time    `json:"nextDue,omitempty"`
	// Latitude and Longitude let a map filter without loading; nil without a place.
	Latitude  *float64 `json:"lat,omitempty"`
	Longitude *float64 `json:"lon,omitempty"`
}

// Doer is who did something, so that nobody is told of their own acts. The stream names officers alone: of citizens it tells whether it
// was the reporter.
type Doer struct {
	Kind    AuthorKind `json:"kind"`
	Officer *OfficerID `json:"officer,omitempty"`
}

// DoerOf is p as the doer of something about the report.
func DoerOf(p Principal, r *Report) *Doer {
	switch {
	case p.IsStaff():
		return &Doer{Kind: AuthorDepartment, Officer: &p.Officer}
	case Wrote(p, r):
		return &Doer{Kind: AuthorReporter}
	case p.IsCitizen():
		return &Doer{Kind: AuthorCitizen}
	}
	return nil
}

// EventOf makes an event that carries the report's present state.
func EventOf(kind EventKind, r *Report, at time.Time) Event {
	e := Event{
		Kind: kind, At: at, Report: r.ID, Visibility: r.Visibility, Hidden: r.Hidden, Department: r.Department,
		Category: r.Category, Priority: r.Priority, Status: r.Status, Upvotes: r.Upvotes, Assignee: r.Assignee, Level: r.Escalation.Level, EscalatedTo: r.Escalation.To,
		ResolvedAt: r.ResolvedAt, NextDue: r.Clock.NextDue,
	}
	if r.Place != nil {
		lat, lon := r.Place.Latitude, r.Place.Longitude
		e.Latitude, e.Longitude = &lat, &lon
	}
	return e
}

// TaskStep is what became of a task. Its own department hears of it by this, and of nothing else that the event tells of the report.
type TaskStep struct {
	ID         TaskID       `json:"id"`
	Department DepartmentID `json:"department"`
	State      TaskState    `json:"state"`
}

// LaidOver returns a copy of the task in the state that the step left it in.
func (s *TaskStep) LaidOver(t *Task) *Task {
	then := *t
	if then.State = s.State; s.State == TaskOpen {
		then.Answer, then.EndedAt = "", nil
	}
	return &then
}

// LaidOver returns a copy of the report in the state that the event left it in.
func (e *Event) LaidOver(r *Report) *Report {
	then := *r
	then.Status, then.Department, then.Hidden, then.Upvotes = e.Status, e.Department, e.Hidden, e.Upvotes
	then.Assignee, then.Escalation, then.ResolvedAt, then.UpdatedAt = e.Assignee, Escalation{Level: e.Level, To: e.EscalatedTo}, e.ResolvedAt, e.At
	then.Clock.NextDue = e.NextDue
	if e.Priority != "" { // events of earlier versions do not tell
		then.Category, then.Priority = e.Category, e.Priority
	}
	return &then
}

// Topic is what a watcher wants to hear of: exactly one of its fields is set.
type Topic struct {
	Public      bool           // what everybody may see
	Report      ReportID       // one report
	Departments []DepartmentID // reports of these departments
	Tasks       []DepartmentID // what these departments have to do for others' reports
}

// TimelineKind is the kind of one step in a report's history.
type TimelineKind string

// The timeline kinds of the public contract that can happen so far.
const (
	TimelineSubmitted     TimelineKind = "SUBMITTED"
	TimelineStatusChanged TimelineKind = "STATUS_CHANGED"
	TimelineAssigned      TimelineKind = "ASSIGNED"
	TimelineTransferred   TimelineKind = "TRANSFERRED"
	TimelineEscalated     TimelineKind = "ESCALATED"
	TimelineCommented     TimelineKind = "COMMENTED"
	TimelineResolved      TimelineKind = "RESOLVED"
	TimelineConfirmed     TimelineKind = "CONFIRMED"
	TimelineReopened      TimelineKind = "REOPENED"
	TimelineEdited        TimelineKind = "EDITED"
	TimelineRated         TimelineKind = "RATED"
	TimelineHidden        TimelineKind = "HIDDEN" // or shown again
	TimelineMerged        TimelineKind = "MERGED" // it goes on as another, or another as it: the status tells
	TimelineSplit         TimelineKind = "SPLIT"  // into parts, or off another
)

// TimelineEntry is one step in a report's history, as its reporter may read it.
type TimelineEntry struct {
	Report     ReportID
	Kind       TimelineKind
	At         time.Time
	Status     Status        // the status after the step
	Department *DepartmentID // who acted, or where it went
	Message    string
	Level      *int // the escalation level, for an escalation
}
