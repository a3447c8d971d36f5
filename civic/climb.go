package civic

import "time"

// Climb hands a report that is due one level up. It answers false when there is nothing to climb: not due, not open, or at the
// top, where nothing is due any more.
func (c *City) Climb(r *Report, now time.Time) bool {
	if r.Clock.NextDue == nil || r.Clock.NextDue.After(now) || r.Status.Move(BySystem, Escalated) != nil {
		return false
	}
	above := c.Above(c.answering(r))
	if above == nil {
		r.Clock.NextDue, r.Clock.WarnAt = nil, nil
		return false
	}
	c.climb(r, above, now)
	return true
}

// Escalate hands a report one level up before it is due. CONFLICT at the top, and for what is not open.
func (c *City) Escalate(r *Report, now time.Time) error {
	if err := r.Status.Move(BySystem, Escalated); err != nil {
		return err
	}
	above := c.Above(c.answering(r))
	if above == nil {
		return Conflict("escalation.top")
	}
	c.climb(r, above, now)
	return nil
}

func (c *City) climb(r *Report, above *Department, now time.Time) {
	c.restartClock(r, now)
	r.Status, r.UpdatedAt = Escalated, now
	r.Escalation = Escalation{Level: r.Escalation.Level + 1, To: &above.ID, Since: &now}
	c.schedule(r)
}

// ActedAbove notes an act of department. Where that is the one the report has climbed to, or one above it, the climb is over: the report
// climbs again only when another promise is broken that was still to be kept then.
func (c *City) ActedAbove(r *Report, department DepartmentID, now time.Time) {
	if r.Escalation.To == nil || !c.Within(*r.Escalation.To, department) {
		return
	}
	r.Escalation.AnsweredAt = &now
	c.schedule(r)
}

// giveTime gives the department that a report has climbed to a fresh response time.
func (r *Report) giveTime(now time.Time) {
	if r.Escalation.To != nil {
		r.Escalation.Since = &now
	}
}

func (c *City) moveEscalation(r *Report, now time.Time) {
	before, height := *r.Escalation.To, 0
	if department := c.Department(before); department != nil {
		height = department.Level
	}
	r.Escalation.To = nil
	for boss := c.Above(r.Department); boss != nil; boss = c.Above(boss.ID) {
		r.Escalation.To = &boss.ID
		if boss.Level >= height {
			break
		}
	}
	switch {
	case r.Escalation.To == nil && r.Status == Escalated:
		r.Status, r.Escalation = Received, Escalation{}
		if r.Clock.AnsweredAt != nil {
			r.Status = InProgress
		}
	case r.Escalation.To != nil && *r.Escalation.To != before && r.Escalation.AnsweredAt != nil:
		r.Escalation.AnsweredAt, r.Escalation.Since = nil, &now // who answers now has not acted yet
	}
}

// Rehang puts an escalation right whose department is somewhere else in the tree than before: somebody above it answers, at least as high
// as before. It answers whether that changed anything.
func (c *City) Rehang(r *Report, now time.Time) (changed bool) {
	before := r.Escalation
	if before.To == nil || r.Department != *before.To && c.Within(r.Department, *before.To) {
		return false
	}
	c.moveEscalation(r, now)
	c.schedule(r)
	r.UpdatedAt = now
	return true
}

// answering is the department whose turn it is.
func (c *City) answering(r *Report) DepartmentID {
	if r.Escalation.To != nil {
		return *r.Escalation.To
	}
	return r.Department
}

// WarnAt is when a department is told that the time until due is short: when a quarter of it is left. work is the working time that was
// given.
func (c *City) WarnAt(due time.Time, work time.Duration) time.Time {
	return c.Calendar.Sub(due, work/4)
}

// Begin sets the first warning of a report that comes in.
func (c *City) Begin(r *Report) {
	if r.Clock.NextDue == nil || c.Above(r.Department) == nil {
		return
	}
	response, _ := c.workingTimes(r)
	warn := c.WarnAt(*r.Clock.NextDue, response)
	r.Clock.WarnAt = &warn
}

// Warn notes that the department is told. It answers false when there is nothing to tell: not yet, told before, or too late.
func (c *City) Warn(r *Report, now time.Time) bool {
	if r.Clock.WarnAt == nil || r.Clock.WarnAt.After(now) {
		return false
	}
	r.Clock.WarnAt, r.Clock.Warned = nil, r.Clock.NextDue
	return r.Clock.NextDue != nil && r.Clock.NextDue.After(now)
}
