package civic

import "time"

const (
	// MaxMerge is how many reports may be merged at once.
	MaxMerge = 50
	// MinParts and MaxParts are how many a report may be split into at once.
	MinParts = 2
	MaxParts = 10
)

// Merge says of a report where it goes on. Status is that of Into: whoever sees the report may know it, even where they may not see Into.
type Merge struct {
	Report ReportID
	Into   ReportID
	Status Status
}

// Merge lets one report go on as another. Only open ones go on, as one that is open; and what everybody sees goes on only where everybody
// sees it. The one that they go on as counts from when the oldest of them came, so that merging is no way to win time. The refusals name
// the fields of
// the verb: into and reports.
func (c *City) Merge(merged, into *Report, now time.Time) error {
	if !into.Open() {
		return conflictAt("into", Conflict("report.not_open"))
	}
	if merged.PublicNow() && !into.PublicNow() {
		return conflictAt("into", Conflict("merge.out_of_sight"))
	}
	if merged.Status.Move(BySystem, Merged) != nil {
		return conflictAt("reports", Conflict("merge.not_open"))
	}
	c.inherit(into, merged, now)
	return c.Move(merged, BySystem, Merged, now)
}

func conflictAt(field string, refusal *Error) *Error {
	refusal.Field = field
	return refusal
}

// inherit lets a report count from when the older one came that goes on as it, less the working time for which that one's clock stood. What
// has been answered there is answered here; and a promise that nobody made is not handed on.
func (c *City) inherit(into, merged *Report, now time.Time) {
	if into.Clock.Historical() || merged.Clock.Historical() {
		return
	}
	if from := precise(c.Calendar.Add(c.clockStart(merged), merged.Clock.Stood)); from.Before(c.clockStart(into)) {
		into.Clock.From = &from
		c.PromiseAgain(into)
	}
	if merged.Clock.AnsweredAt != nil {
		c.Answered(into, now)
	}
}

// Part is a new report about a piece of another: it has the reporter, visibility, place and priority of its origin, and counts from when
// that came, with the working time given back for which its clock stood; so splitting is no way to win time. Whoever calls gives id and
// number, and says where it goes.
func (c *City) Part(origin *Report, title, body string, category *Category, now time.Time) *Report {
	part := &Report{
		Title: title, Body: body, Visibility: origin.Visibility, Status: Received, Priority: origin.Priority, Category: category.ID,
		Place: origin.Place, Reporter: origin.Reporter, CreatedAt: origin.CreatedAt, UpdatedAt: now, Hidden: origin.Hidden,
		Clock: Clock{ResponseDue: origin.Clock.ResponseDue, ResolutionDue: origin.Clock.ResolutionDue, Stood: origin.Clock.Stood, From: origin.Clock.From},
	}
	if category.ID == origin.Category {
		part.Answers = origin.Answers
	}
	return part
}

// PlacePart sends a part where it belongs, and sets its due times.
func (c *City) PlacePart(part *Report, department DepartmentID, assignee *OfficerID) {
	part.Department, part.Assignee = department, assignee
	c.PromiseAgain(part)
}
