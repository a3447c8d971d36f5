package graph

import (
	"strconv"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

const (
	maxFilterText = 200
	maxFilterIDs  = 200
)

var maxPageText = strconv.Itoa(civic.MaxPage)

// publicFilter reads a filter that asks nothing but what everybody may know.
func publicFilter(in *model.ReportFilter) (civic.Filter, error) {
	if in != nil {
		for name, given := range map[string]bool{
			"overdue": in.Overdue != nil, "escalated": in.Escalated != nil, "unassigned": in.Unassigned != nil, "assignedToMe": in.AssignedToMe != nil,
			"causes": in.Causes != nil,
		} {
			if given {
				return civic.Filter{}, civic.Invalid("filter."+name, "filter.department_only")
			}
		}
	}
	return filterOf(in, civic.Principal{})
}

// filterOf reads a filter.
func filterOf(in *model.ReportFilter, p civic.Principal) (f civic.Filter, err error) {
	if in == nil {
		return f, nil
	}
	if f.Text, err = civic.CheckOptionalText("filter.text", value(in.Text), maxFilterText); err != nil {
		return f, err
	}
	if number, err := civic.ParseNumber("filter.text", f.Text); err == nil {
		return civic.Filter{Number: number}, nil
	}
	if f.Categories, err = ids("filter.categories", in.Categories, civic.ParseCategoryID); err != nil {
		return f, err
	}
	if f.Departments, err = ids("filter.departments", in.Departments, civic.ParseDepartmentID); err != nil {
		return f, err
	}
	if f.Districts, err = ids("filter.districts", in.Districts, civic.ParseDistrictID); err != nil {
		return f, err
	}
	if f.Causes, err = ids("filter.causes", in.Causes, civic.ParseCauseID); err != nil {
		return f, err
	}
	if f.Within, err = boundsOf("filter.within", in.Within); err != nil {
		return f, err
	}
	if in.CreatedFrom != nil && in.CreatedTo != nil && in.CreatedTo.Before(*in.CreatedFrom) {
		return f, civic.Invalid("filter.createdTo", "filter.period")
	}
	if value(in.AssignedToMe) {
		f.AssignedTo = &p.Officer
	}
	f.Statuses, f.Priorities, f.CreatedFrom, f.CreatedTo = in.Statuses, in.Priorities, in.CreatedFrom, in.CreatedTo
	f.Overdue, f.Escalated, f.Unassigned = in.Overdue, in.Escalated, in.Unassigned
	return f, nil
}

// ids parses a list of ids; nil stays nil, because an empty list asks for nothing and no list asks for all.
func ids[ID any](field string, texts []string, parse func(field, text string) (ID, error)) ([]ID, error) {
	if texts == nil {
		return nil, nil
	}
	if len(texts) > maxFilterIDs {
		return nil, civic.Invalid(field, "filter.too_many", "max", strconv.Itoa(maxFilterIDs))
	}
	parsed := make([]ID, len(texts))
	for i, text := range texts {
		var err error
		if parsed[i], err = parse(field, text); err != nil {
			return nil, err
		}
	}
	return parsed, nil
}

func boundsOf(field string, in *model.BoundsInput) (*civic.Bounds, error) {
	if in == nil {
		return nil, nil
	}
	bounds := civic.Bounds{South: in.South, West: in.West, North: in.North, East: in.East}
	if !bounds.Valid() {
		return nil, civic.Invalid(field, "bounds.invalid")
	}
	return &bounds, nil
}

func orderOf(order *civic.Order, otherwise civic.Order) civic.Order {
	if order == nil {
		return otherwise
	}
	return *order
}

func placeOf(in *model.LocationInput) *civic.Place {
	if in == nil {
		return nil
	}
	return &civic.Place{Latitude: in.Latitude, Longitude: in.Longitude, Address: value(in.Address)}
}

func answersOf(in []*model.AnswerInput) []civic.Answer {
	answers := make([]civic.Answer, len(in))
	for i, answer := range in {
		answers[i] = civic.Answer{Question: answer.Question, Answer: answer.Answer}
	}
	return answers
}

// optionalID parses an id that may be missing.
func optionalID[ID any](field string, text *string, parse func(field, text string) (ID, error)) (*ID, error) {
	if text == nil {
		return nil, nil
	}
	id, err := parse(field, *text)
	return &id, err
}
