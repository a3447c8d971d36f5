package model

import "github.com/jagawarga/jagawarga/civic"

// Category is a category in the caller's language.
type Category struct {
	*civic.Category
	view *View
}

// Name is in the caller's language.
func (c *Category) Name() string { return c.Category.Name.In(c.view.Language) }

// Parent is the category above, or nil.
func (c *Category) Parent() *Category {
	if c.Category.Parent == nil {
		return nil
	}
	return c.view.Category(c.view.City.Category(*c.Category.Parent))
}

// Department gets such reports.
func (c *Category) Department() *Department { return c.view.DepartmentRef(&c.Category.Department) }

// Questions are the form's, in order; never nil.
func (c *Category) Questions() []*CategoryQuestion {
	questions := make([]*CategoryQuestion, len(c.Category.Questions))
	for i, q := range c.Category.Questions {
		questions[i] = &CategoryQuestion{Code: q.Code, Label: q.Label.In(c.view.Language), Required: q.Required, Choices: c.choices(q)}
	}
	return questions
}

func (c *Category) choices(q civic.Question) []*QuestionChoice {
	choices := make([]*QuestionChoice, len(q.Choices))
	for i, choice := range q.Choices {
		choices[i] = &QuestionChoice{Value: choice.Value, Label: choice.Label.In(c.view.Language)}
		if choice.Stop != nil {
			choices[i].Stop = new(choice.Stop.In(c.view.Language))
		}
	}
	return choices
}

// Department is a department in the caller's language.
type Department struct {
	*civic.Department
	view *View
}

// Name is in the caller's language.
func (d *Department) Name() string { return d.Department.Name.In(d.view.Language) }

// Parent is the department above, or nil.
func (d *Department) Parent() *Department { return d.view.DepartmentRef(d.Department.Parent) }

// Children are directly below; never nil.
func (d *Department) Children() []*Department {
	below := d.view.City.Children(d.ID)
	children := make([]*Department, len(below))
	for i, child := range below {
		children[i] = d.view.Department(child)
	}
	return children
}

// District is a district.
type District struct{ *civic.District }

// Officer is an officer with the department.
type Officer struct {
	*civic.Officer
	view *View
}

// Department is where the officer works.
func (o *Officer) Department() *Department { return o.view.DepartmentRef(&o.Officer.Department) }

// Citizen is a verified person.
type Citizen struct{ *civic.Citizen }
