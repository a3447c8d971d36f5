package model

import (
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// Comment is a comment as the caller sees it.
type Comment struct {
	*civic.Comment
	View *View
}

// Author says in which capacity somebody speaks; citizens are not named.
func (c *Comment) Author() *Author {
	author := &Author{Kind: c.Kind, Department: c.View.DepartmentRef(c.Department)}
	if author.Department != nil {
		author.Name = author.Department.Name()
	} else {
		author.Name = locale.Text(c.View.Language, "author."+string(c.Kind), nil)
	}
	return author
}

// InternalNote is a note with its author.
type InternalNote struct {
	*civic.Note
	View *View
}

// Author is an officer; one who is no longer there is shown by a name that says so.
func (n *InternalNote) Author() *Officer {
	if officer := n.View.City.Officer(n.Note.Author); officer != nil {
		return n.View.Officer(officer)
	}
	gone := &civic.Officer{ID: n.Note.Author, Name: locale.Text(n.View.Language, "author.gone", nil), Role: civic.RoleOfficer}
	if len(n.View.City.Departments) > 0 {
		gone.Department = n.View.City.Departments[0].ID
	}
	return n.View.Officer(gone)
}

// TimelineEntry is a step as the caller sees it.
type TimelineEntry struct {
	*civic.TimelineEntry
	View *View
}

// Department acted, or got the report.
func (e *TimelineEntry) Department() *Department {
	return e.View.DepartmentRef(e.TimelineEntry.Department)
}

// Message is what the department said, or nil.
func (e *TimelineEntry) Message() *string { return orNil(e.TimelineEntry.Message) }
