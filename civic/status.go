package civic

import "slices"

// Status is where a report stands.
type Status string

// The statuses of the public contract.
const (
	Received         Status = "RECEIVED"
	Verified         Status = "VERIFIED"
	InProgress       Status = "IN_PROGRESS"
	AwaitingReporter Status = "AWAITING_REPORTER"
	Escalated        Status = "ESCALATED"
	Resolved         Status = "RESOLVED"
	Closed           Status = "CLOSED"
	Rejected         Status = "REJECTED"
	Withdrawn        Status = "WITHDRAWN"
	Merged           Status = "MERGED"
)

// Statuses lists them all, in the order of the plain way.
var Statuses = []Status{
	Received, Verified, InProgress, AwaitingReporter, Escalated, Resolved, Closed, Rejected, Withdrawn, Merged,
}

// Open reports whether somebody still has to act. A resolved report waits only for its reporter's word.
func (s Status) Open() bool {
	switch s {
	case Received, Verified, InProgress, AwaitingReporter, Escalated:
		return true
	}
	return false
}

// Known reports whether s is one of the contract's statuses.
func (s Status) Known() bool { return slices.Contains(Statuses, s) }

// Actor is in which capacity somebody moves a report.
type Actor string

// Who can move a report.
const (
	ByDepartment Actor = "department" // by changing the status outright
	ByReporter   Actor = "reporter"
	BySystem     Actor = "system" // the escalator, the closing clock, and the verbs with a name of their own (escalate, merge)
)

// moves is the whole status machine: from, by whom, to. What is not here is forbidden.
var moves = map[Status]map[Actor][]Status{
	Received: {
		ByDepartment: {Verified, InProgress, AwaitingReporter, Rejected},
		ByReporter:   {Withdrawn},
		BySystem:     {Escalated, Merged},
	},
	Verified: {
		ByDepartment: {InProgress, AwaitingReporter, Resolved, Rejected},
		ByReporter:   {Withdrawn},
		BySystem:     {Escalated, Merged},
	},
	InProgress: {
		ByDepartment: {AwaitingReporter, Resolved, Rejected},
		ByReporter:   {Withdrawn},
		BySystem:     {Escalated, Merged},
	},
	AwaitingReporter: {
		ByDepartment: {Verified, InProgress, Resolved, Rejected},
		ByReporter:   {InProgress, Withdrawn},
		BySystem:     {Escalated, Merged},
	},
	Escalated: {
		ByDepartment: {Verified, InProgress, AwaitingReporter, Resolved, Rejected},
		ByReporter:   {Withdrawn},
		BySystem:     {Escalated, Merged},
	},
	Resolved: {
		ByDepartment: {InProgress},
		ByReporter:   {Closed, InProgress},
		BySystem:     {Closed},
	},
	Closed:    {},
	Rejected:  {},
	Withdrawn: {},
	Merged:    {},
}

// Next lists where actor may move a report that stands at s, in a fixed order.
func (s Status) Next(by Actor) []Status { return slices.Clone(moves[s][by]) }

// Move checks one transition. The refusal is CONFLICT and names what is allowed.
func (s Status) Move(by Actor, to Status) error {
	allowed := moves[s][by]
	if slices.Contains(allowed, to) {
		return nil
	}
	refusal := Conflict("status.forbidden", "from", string(s), "to", string(to))
	refusal.Field, refusal.State = "to", s
	refusal.Allowed = make([]string, len(allowed))
	for i, status := range allowed {
		refusal.Allowed[i] = string(status)
	}
	return refusal
}
