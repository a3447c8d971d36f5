// Package insight is the arithmetic behind the city's figures: what counts of a report (Fact), what is known of many (Tally), in which
// periods that is kept (Key, Cover), and how figures are put together from kept periods and from rows (Analyst). A Tally can be added to
// another, and taken from it again: that is what lets figures be kept instead of counted.
//
// Nothing here knows a database. Days, months and years are those of the city's calendar; hours are hours on the wall, not working
// hours, so that anybody can recount them from the rows.
package insight

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Rules is the number of the present way to count. Whoever changes what a Tally holds of a Fact raises it, and all is counted anew.
const Rules = 2

// Fact is what the figures take from one report.
type Fact struct {
	Report        civic.ReportID     `json:"-"`
	Department    civic.DepartmentID `json:"department"`
	Category      civic.CategoryID   `json:"category"`
	District      *civic.DistrictID  `json:"district,omitempty"`
	Cause         *civic.CauseID     `json:"cause,omitempty"`   // as far as its department has said
	Officer       *civic.OfficerID   `json:"officer,omitempty"` // whose work it is, or was last
	Status        civic.Status       `json:"status"`
	Anonymous     bool               `json:"anonymous,omitempty"`
	Created       time.Time          `json:"created"`
	Answered      *time.Time         `json:"answered,omitempty"`
	Resolved      *time.Time         `json:"resolved,omitempty"`
	Closed        bool               `json:"closed,omitempty"`
	Stopped       bool               `json:"stopped,omitempty"` // its clock stands: the reporter has to act
	ResponseDue   *time.Time         `json:"responseDue,omitempty"`
	ResolutionDue *time.Time         `json:"resolutionDue,omitempty"`
	Escalated     bool               `json:"escalated,omitempty"`
	Reopened      bool               `json:"reopened,omitempty"`
	Score         int                `json:"score,omitempty"`  // 0: nobody rated it
	Climbs        []time.Time        `json:"climbs,omitempty"` // when it was escalated
}

// waits reports whether the city still owes something, so that time alone can make it late.
func (f *Fact) waits() bool { return f.Resolved == nil && !f.Closed && !f.Stopped }

// Overdue reports whether the report is late at a moment: the same rule as the filter of lists.
func (f *Fact) Overdue(at time.Time) bool {
	return f.waits() && (passed(f.ResolutionDue, at) || f.Answered == nil && passed(f.ResponseDue, at))
}

// due reports whether the promise to resolve has been kept or broken, and which.
func (f *Fact) due(at time.Time) (due, inTime bool) {
	switch {
	case f.ResolutionDue == nil:
		return false, false
	case f.Resolved != nil:
		return true, !f.Resolved.After(*f.ResolutionDue)
	}
	return f.waits() && passed(f.ResolutionDue, at), false
}

// Turns is the next moment after at which the report counts differently although nobody touches it; nil if there is none.
func (f *Fact) Turns(after time.Time) *time.Time {
	if !f.waits() {
		return nil
	}
	next := f.ResolutionDue
	if passed(next, after) {
		next = nil
	}
	if response := f.ResponseDue; f.Answered == nil && response != nil && !passed(response, after) && (next == nil || response.Before(*next)) {
		next = response
	}
	return next
}

func passed(due *time.Time, at time.Time) bool { return due != nil && !due.After(at) }
