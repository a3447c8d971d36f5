package model

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Report is a report as the caller sees it, with the batch it was found in: what hangs on reports is loaded for the whole batch
// at once.
type Report struct {
	*civic.Report
	View  *View
	Batch *Batch
	// Media are its pictures and films where a plan is about to write them; resolvers load them for themselves.
	Media []*Media
}

// Handled tells whether the caller works in the department responsible, or above it.
func (r *Report) Handled() bool { return r.View.Handles(r.Report.Department) }

// Category is what kind of problem it is.
func (r *Report) Category() *Category {
	return r.View.Category(r.View.City.Category(r.Report.Category))
}

// Department is the one responsible now.
func (r *Report) Department() *Department { return r.View.DepartmentRef(&r.Report.Department) }

// Where is the place, or nil.
func (r *Report) Where() *Location {
	if r.Place == nil {
		return nil
	}
	return &Location{r.Place, r.View}
}

// UpvoteCount is how many citizens support it.
func (r *Report) UpvoteCount() int { return r.Upvotes }

// DueAt is when it climbs next, or nil.
func (r *Report) DueAt() *time.Time { return r.Clock.NextDue }

// ResponseDueAt is when the first answer is due, or nil.
func (r *Report) ResponseDueAt() *time.Time { return r.promised(r.Clock.ResponseDue) }

// ResolutionDueAt is when it should be solved, or nil.
func (r *Report) ResolutionDueAt() *time.Time { return r.promised(r.Clock.ResolutionDue) }

// NextBy is until when something happens next, or nil.
func (r *Report) NextBy() *time.Time { return r.View.City.NextBy(r.Report) }

func (r *Report) promised(due time.Time) *time.Time {
	if r.Clock.Historical() {
		return nil
	}
	return &due
}

// EscalationLevel is the steps climbed.
func (r *Report) EscalationLevel() int { return r.Escalation.Level }

// EscalatedTo answers besides the department, or nil.
func (r *Report) EscalatedTo() *Department { return r.View.DepartmentRef(r.Escalation.To) }

// Assignee has it on the desk, or nil.
func (r *Report) Assignee() *Officer {
	if r.Report.Assignee == nil {
		return nil
	}
	return r.View.Officer(r.View.City.Officer(*r.Report.Assignee))
}

// Location is a place with its district.
type Location struct {
	*civic.Place
	view *View
}

// Address is the reporter's words, or nil.
func (l *Location) Address() *string { return orNil(l.Place.Address) }

// District is where the place lies, or nil.
func (l *Location) District() *District {
	if l.Place.District == nil {
		return nil
	}
	return l.view.District(l.view.City.District(*l.Place.District))
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
