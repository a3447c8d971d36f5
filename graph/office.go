package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// did runs an act unless its arguments could not be read.
func did(err error, act func() error) (*bool, error) {
	if err == nil {
		err = act()
	}
	if err != nil {
		return nil, err
	}
	return new(true), nil
}

func (r *Resolver) holidays(year int) []*model.Holiday {
	holidays := []*model.Holiday{}
	for day, name := range r.City().Calendar.Holidays {
		if day.Year == year {
			holidays = append(holidays, &model.Holiday{Date: day.String(), Name: name})
		}
	}
	slices.SortFunc(holidays, func(a, b *model.Holiday) int { return cmp.Compare(a.Date, b.Date) })
	return holidays
}

// officers are shown to those who work in the department or above it, and to administrators.
func (r *Resolver) officers(ctx context.Context, department civic.DepartmentID) ([]*model.Officer, error) {
	view, p := r.view(ctx), auth.From(ctx)
	if view.City.Department(department) == nil || p.Role != civic.RoleAdmin && !view.Handles(department) {
		return nil, civic.NotFound("department.not_found")
	}
	return shown(view.City.Officers(department), view.Officer), nil
}

func departmentDraft(in model.DepartmentInput) (draft civic.Department, err error) {
	draft = civic.Department{Code: in.Code, Name: civic.Words{ID: in.Name, EN: value(in.NameEn)}}
	if in.ID != nil {
		if draft.ID, err = civic.ParseDepartmentID("id", *in.ID); err != nil {
			return draft, err
		}
	}
	draft.Parent, err = optionalID("parent", in.Parent, civic.ParseDepartmentID)
	return draft, err
}

func categoryDraft(in model.CategoryInput) (draft civic.Category, err error) {
	draft = civic.Category{
		Code: in.Code, Name: civic.Words{ID: in.NameID, EN: in.NameEn}, ResponseHours: in.ResponseHours, ResolutionHours: in.ResolutionHours,
		Sensitive: in.Sensitive, ProofRequired: in.ProofRequired, PublicOnMap: in.PublicOnMap, Keywords: in.Keywords,
	}
	if in.ID != nil {
		if draft.ID, err = civic.ParseCategoryID("id", *in.ID); err != nil {
			return draft, err
		}
	}
	if draft.Parent, err = optionalID("parent", in.Parent, civic.ParseCategoryID); err != nil {
		return draft, err
	}
	if draft.Department, err = civic.ParseDepartmentID("department", in.Department); err != nil {
		return draft, err
	}
	if in.Questions != nil {
		draft.Questions = shown(in.Questions, questionOf)
	}
	return draft, nil
}

func questionOf(in *model.CategoryQuestionInput) civic.Question {
	return civic.Question{
		Code: in.Code, Label: civic.Words{ID: in.LabelID, EN: value(in.LabelEn)}, Required: in.Required, Choices: shown(in.Choices, choiceOf),
	}
}

func choiceOf(in *model.QuestionChoiceInput) civic.Choice {
	choice := civic.Choice{Value: in.Value, Label: civic.Words{ID: in.LabelID, EN: value(in.LabelEn)}}
	if in.StopID != nil {
		choice.Stop = &civic.Words{ID: *in.StopID, EN: value(in.StopEn)}
	}
	return choice
}

func officerDraft(in model.OfficerInput) (draft civic.Officer, err error) {
	draft = civic.Officer{Name: in.Name, Role: in.Role}
	if in.ID != nil {
		if draft.ID, err = civic.ParseOfficerID("id", *in.ID); err != nil {
			return draft, err
		}
	}
	draft.Department, err = civic.ParseDepartmentID("department", in.Department)
	return draft, err
}
