package model

import "github.com/jagawarga/jagawarga/civic"

// Rating is what a reporter thinks of how the report was dealt with.
type Rating struct{ *civic.Rating }

// Comment is the reporter's words, or nil.
func (r *Rating) Comment() *string { return orNil(r.Rating.Comment) }

// ResponseTemplate is a prepared answer.
type ResponseTemplate struct {
	*civic.Template
	View *View
}

// Department is whose it is.
func (t *ResponseTemplate) Department() *Department {
	return t.View.DepartmentRef(&t.Template.Department)
}

// Category is what it is for, or nil.
func (t *ResponseTemplate) Category() *Category {
	if t.Template.Category == nil {
		return nil
	}
	return t.View.Category(t.View.City.Category(*t.Template.Category))
}

// OfDepartment is the department that the input is about, for the directive before it.
func (in ResponseTemplateInput) OfDepartment() string { return in.Department }
