package civic

import "time"

// Promise sets the two due times of a new report.
func (c *City) Promise(category *Category, filed time.Time) (response, resolution time.Time) {
	return c.Calendar.Add(filed, hours(category.ResponseHours)), c.Calendar.Add(filed, hours(category.ResolutionHours))
}

// PromiseAgain sets the due times as category and calendar have them now, counted from when the report came, with the working time given
// back for which the clock stood. It answers whether that changed anything. A response that was given is not promised again; and in a demonstration
// whose clock runs faster nothing is to an anonymous reporter, because the hour that is known of the filing is half a lifetime there.
func (c *City) PromiseAgain(r *Report) (changed bool) {
	category := c.Category(r.Category)
	if category == nil || r.Clock.Historical() || r.Visibility == Anonymous && c.Calendar.scaled() {
		return false
	}
	before := r.Clock
	start := c.clockStart(r)
	r.Clock.ResolutionDue = precise(c.Calendar.Add(start, hours(category.ResolutionHours)+r.Clock.Stood))
	if r.Clock.AnsweredAt == nil {
		r.Clock.ResponseDue = precise(c.Calendar.Add(start, hours(category.ResponseHours)+r.Clock.Stood))
	}
	c.schedule(r)
	return !before.ResponseDue.Equal(r.Clock.ResponseDue) || !before.ResolutionDue.Equal(r.Clock.ResolutionDue) ||
		!sameTime(before.NextDue, r.Clock.NextDue)
}

// clockStart is when the clock of a report began. Of an anonymous one the hour alone is known, and its promises count from the next.
func (c *City) clockStart(r *Report) time.Time {
	if r.Clock.From != nil {
		return *r.Clock.From
	}
	if r.Visibility == Anonymous {
		return r.CreatedAt.Truncate(time.Hour).Add(time.Hour)
	}
	return r.CreatedAt
}

// Move takes the report to another status and keeps its clock: the clock stops while the reporter has to act, an act of the
// department is an answer, what has climbed gets a fresh response time before it climbs again, and what is called done closes by itself
// when its reporter has had time to object.
func (c *City) Move(r *Report, by Actor, to Status, now time.Time) error {
	if err := r.Status.Move(by, to); err != nil {
		return err
	}
	c.restartClock(r, now)
	r.Clock.ClosesAt = nil
	switch to {
	case AwaitingReporter:
		r.Clock.StoppedAt = &now
	case Resolved:
		closes := c.Calendar.Wait(now, objectionTime)
		r.ResolvedAt, r.Clock.ClosesAt = &now, &closes
	case Closed, Rejected, Withdrawn, Merged:
		r.ClosedAt = &now
	}
	if r.Status == Resolved && to != Closed {
		r.ResolvedAt = nil
	}
	r.Status, r.UpdatedAt = to, now
	r.giveTime(now)
	if by == ByDepartment {
		c.Answered(r, now)
	}
	c.schedule(r)
	return nil
}

// objectionTime is how long the reporter may object to what a department calls done.
const objectionTime = 7 * 24 * time.Hour

// NextBy is until when something happens next, as everybody may know who sees the report: until it climbs, or closes by itself. Nil where nothing is
// promised. What it is made of stands in public history: when the report came, when it climbed, and when it was resolved.
func (c *City) NextBy(r *Report) *time.Time {
	switch {
	case r.Open():
		return r.Clock.NextDue
	case r.Status == Resolved && r.ResolvedAt != nil && !r.Clock.Historical():
		closes := c.Calendar.Wait(*r.ResolvedAt, objectionTime)
		return &closes
	}
	return nil
}

// Answered notes that the department has spoken; from now on the resolution is what is due. Speaking again moves nothing: words do not
// put off a climb.
func (c *City) Answered(r *Report, now time.Time) {
	if r.Clock.AnsweredAt != nil {
		return
	}
	r.Clock.AnsweredAt = &now
	r.giveTime(now)
	c.schedule(r)
}

// CloseSilent closes a report that its department calls done and to which nobody has objected in time; false when it is not so.
func (c *City) CloseSilent(r *Report, now time.Time) bool {
	if r.Status != Resolved || r.Clock.ClosesAt == nil || r.Clock.ClosesAt.After(now) {
		return false
	}
	return c.Move(r, BySystem, Closed, now) == nil
}

// Reassign gives the report to another department. The clock goes on, and so does an escalation: somebody above the new department
// answers, at least as high as before. Only where nobody is above does the report stand as if it had not climbed.
func (c *City) Reassign(r *Report, to DepartmentID, now time.Time) {
	r.Department, r.Assignee, r.UpdatedAt = to, nil, now
	if r.Escalation.To != nil {
		c.moveEscalation(r, now)
	}
	c.schedule(r)
}

// schedule finds out when the report climbs, and when its department is told that this is near.
func (c *City) schedule(r *Report) {
	due, work := c.nextDue(r)
	if r.Clock.NextDue, r.Clock.WarnAt = due, nil; due == nil {
		return
	}
	if r.Clock.Warned == nil || !r.Clock.Warned.Equal(precise(*due)) {
		warn := c.WarnAt(*due, work)
		r.Clock.WarnAt = &warn
	}
}

// nextDue is when the report climbs if nothing happens, and the working time that was given until then: nil while nobody in the city is
// late, and at the top.
func (c *City) nextDue(r *Report) (*time.Time, time.Duration) {
	if !r.Open() || r.Clock.StoppedAt != nil || r.Clock.Historical() || c.Above(c.answering(r)) == nil {
		return nil, 0
	}
	response, resolution := c.workingTimes(r)
	due, work := r.Clock.ResolutionDue, resolution
	if r.Clock.AnsweredAt == nil {
		due, work = r.Clock.ResponseDue, response
	}
	switch climb := r.Escalation; {
	case climb.To == nil:
	case climb.AnsweredAt != nil:
		if !due.After(*climb.AnsweredAt) {
			due, work = r.Clock.ResolutionDue, resolution
		}
		if !due.After(*climb.AnsweredAt) {
			return nil, 0
		}
	case climb.Since != nil:
		if fresh := c.Calendar.Add(*climb.Since, response); fresh.After(due) {
			due, work = fresh, response
		}
	}
	return &due, work
}

func (c *City) workingTimes(r *Report) (response, resolution time.Duration) {
	if category := c.Category(r.Category); category != nil {
		return hours(category.ResponseHours), hours(category.ResolutionHours)
	}
	return time.Hour, time.Hour
}

// restartClock gives back the working time for which the clock stood.
func (c *City) restartClock(r *Report, now time.Time) {
	if r.Clock.StoppedAt == nil {
		return
	}
	if r.Clock.Historical() {
		r.Clock.StoppedAt = nil
		return
	}
	stood := c.Calendar.Between(*r.Clock.StoppedAt, now)
	r.Clock.Stood += stood
	r.Clock.ResolutionDue = c.Calendar.Add(r.Clock.ResolutionDue, stood)
	if r.Clock.AnsweredAt == nil {
		r.Clock.ResponseDue = c.Calendar.Add(r.Clock.ResponseDue, stood)
	}
	r.Clock.StoppedAt = nil
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// precise is an instant at the precision that the database keeps.
func precise(t time.Time) time.Time { return t.Truncate(time.Microsecond) }

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return precise(*a).Equal(precise(*b))
}
