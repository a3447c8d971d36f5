package model

import "github.com/jagawarga/jagawarga/civic"

// Task is what a department has to do for another's report.
type Task struct {
	*civic.Task
	View *View
}

// Department is who has to do it.
func (t *Task) Department() *Department { return t.View.DepartmentRef(&t.Task.Department) }

// Location is the place of the report, or nil.
func (t *Task) Location() *Location {
	if t.Place == nil {
		return nil
	}
	return &Location{t.Place, t.View}
}

// Answer is what its department said when it ended it, or nil.
func (t *Task) Answer() *string { return orNil(t.Task.Answer) }

// TaskConnection is a page of tasks.
type TaskConnection struct {
	Nodes    []*Task
	PageInfo *PageInfo
}

// RoutingRule sends new reports to a unit or an officer.
type RoutingRule struct {
	*civic.RoutingRule
	View *View
}

// Department is whose rule it is.
func (r *RoutingRule) Department() *Department {
	return r.View.DepartmentRef(&r.RoutingRule.Department)
}

// Category is what it asks for, or nil.
func (r *RoutingRule) Category() *Category {
	if r.RoutingRule.Category == nil {
		return nil
	}
	return r.View.Category(r.View.City.Category(*r.RoutingRule.Category))
}

// District is what it asks for, or nil.
func (r *RoutingRule) District() *District {
	if r.RoutingRule.District == nil {
		return nil
	}
	return r.View.District(r.View.City.District(*r.RoutingRule.District))
}

// Question is what it asks for, or nil.
func (r *RoutingRule) Question() *string { return orNil(r.RoutingRule.Question) }

// Answer is what it asks for, or nil.
func (r *RoutingRule) Answer() *string { return orNil(r.RoutingRule.Answer) }

// Hours is what it asks for, or nil.
func (r *RoutingRule) Hours() *civic.RoutingHours {
	if r.RoutingRule.Hours == "" {
		return nil
	}
	return &r.RoutingRule.Hours
}

// Unit is where to, or nil.
func (r *RoutingRule) Unit() *Department { return r.View.DepartmentRef(r.RoutingRule.Unit) }

// Officer is whom to, or nil.
func (r *RoutingRule) Officer() *Officer {
	if r.RoutingRule.Officer == nil {
		return nil
	}
	return r.View.Officer(r.View.City.Officer(*r.RoutingRule.Officer))
}

// Attachment is what a department added to a report, with the link that the caller may follow.
type Attachment struct {
	*civic.Attachment
	URL  string
	View *View
}

// Author is who added it.
func (a *Attachment) Author() *Officer {
	return a.View.Officer(a.View.City.Officer(a.Attachment.Author))
}
