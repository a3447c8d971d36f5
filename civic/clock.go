package civic

import "time"

// Promise sets the two due times of a new report.
func (c *City) Promise(category *Category, filed time.Time) (response, resolution time.Time) {
	return c.Calendar.Add(filed, hours(category.ResponseHours)), c.Calendar.Add(filed, hours(category.ResolutionHours))
}

// Move takes the report to another status and keeps its clock: the clock stops while the reporter has to act, an act of the
// department is an answer, and what has climbed gets a fresh response time before it climbs again.
func (c *City) Move(r *Report, by Actor, to Status, now time.Time) error {
	if err := r.Status.Move(by, to); err != nil {
		return err
	}
	c.restartClock(r, now)
	switch to {
	case AwaitingReporter:
		r.Clock.StoppedAt = &now
	case Resolved:
		r.ResolvedAt = &now
	case Closed, Rejected, Withdrawn, Merged:
		r.ClosedAt = &now
	}
	if r.Status == Resolved && to != Closed {
		r.ResolvedAt = nil
	}
	r.Status, r.UpdatedAt = to, now
	if by == ByDepartment {
		c.Answered(r, now)
	}
	r.Clock.NextDue = c.nextDue(r, now)
	return nil
}

// Answered notes that the department has spoken; from now on the resolution is what is due. Speaking again moves nothing: words do not
// put off a climb.
func (c *City) Answered(r *Report, now time.Time) {
	if r.Clock.AnsweredAt != nil {
		return
	}
	r.Clock.AnsweredAt = &now
	r.Clock.NextDue = c.nextDue(r, now)
}

// Climb hands a report that is due one level up. It answers false when there is nothing to climb: not due, not open, or at the
// top, where nothing is due any more.
func (c *City) Climb(r *Report, now time.Time) bool {
	if r.Clock.NextDue == nil || r.Clock.NextDue.After(now) || r.Status.Move(BySystem, Escalated) != nil {
		return false
	}
	above := c.Above(c.answering(r))
	if above == nil {
		r.Clock.NextDue = nil
		return false
	}
	r.Status, r.UpdatedAt = Escalated, now
	r.Escalation = Escalation{Level: r.Escalation.Level + 1, To: &above.ID}
	r.Clock.NextDue = nil
	if c.Above(above.ID) != nil {
		next := c.Calendar.Add(now, c.responseTime(r))
		r.Clock.NextDue = &next
	}
	return true
}

// Reassign gives the report to another department. The clock goes on, and so does an escalation: somebody above the new department
// answers, at least as high as before. Only where nobody is above does the report stand as if it had not climbed.
func (c *City) Reassign(r *Report, to DepartmentID, now time.Time) {
	r.Department, r.Assignee, r.UpdatedAt = to, nil, now
	if r.Escalation.To != nil {
		c.moveEscalation(r)
	}
	if r.Clock.NextDue == nil || c.Above(c.answering(r)) == nil {
		r.Clock.NextDue = c.nextDue(r, now)
	}
}

func (c *City) moveEscalation(r *Report) {
	height := 0
	if before := c.Department(*r.Escalation.To); before != nil {
		height = before.Level
	}
	r.Escalation.To = nil
	for boss := c.Above(r.Department); boss != nil; boss = c.Above(boss.ID) {
		r.Escalation.To = &boss.ID
		if boss.Level >= height {
			return
		}
	}
	if r.Escalation.To == nil && r.Status == Escalated {
		r.Status, r.Escalation.Level = Received, 0
		if r.Clock.AnsweredAt != nil {
			r.Status = InProgress
		}
	}
}

// answering is the department whose turn it is.
func (c *City) answering(r *Report) DepartmentID {
	if r.Escalation.To != nil {
		return *r.Escalation.To
	}
	return r.Department
}

// nextDue is when the report climbs if nothing happens: nil while nobody in the city is late, and at the top.
func (c *City) nextDue(r *Report, now time.Time) *time.Time {
	if !r.Open() || r.Clock.StoppedAt != nil || r.Clock.Historical() || c.Above(c.answering(r)) == nil {
		return nil
	}
	due := r.Clock.ResolutionDue
	if r.Clock.AnsweredAt == nil {
		due = r.Clock.ResponseDue
	}
	if r.Escalation.To != nil {
		due = later(due, c.Calendar.Add(now, c.responseTime(r)))
	}
	return &due
}

func (c *City) responseTime(r *Report) time.Duration {
	if category := c.Category(r.Category); category != nil {
		return hours(category.ResponseHours)
	}
	return hours(1)
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
	r.Clock.ResolutionDue = c.Calendar.Add(r.Clock.ResolutionDue, stood)
	if r.Clock.AnsweredAt == nil {
		r.Clock.ResponseDue = c.Calendar.Add(r.Clock.ResponseDue, stood)
	}
	r.Clock.StoppedAt = nil
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }
