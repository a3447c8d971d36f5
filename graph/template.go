package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/locale"
)

var errTemplateNotFound = civic.NotFound("template.not_found")

// template finds one of the caller's departments'; field names the argument.
func (r *Resolver) template(ctx context.Context, field, text string) (*model.ResponseTemplate, error) {
	id, err := civic.ParseTemplateID(field, text)
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.Template(ctx, r.scope(ctx), id)
	if err != nil {
		return nil, err
	}
	if !r.City().Handles(auth.From(ctx), found.Department) {
		return nil, errTemplateNotFound
	}
	return &model.ResponseTemplate{Template: found, View: r.view(ctx)}, nil
}

func (r *Resolver) templateNode(ctx context.Context, text string) (model.Node, error) {
	return asNode(r.template(ctx, "id", text))
}

// templates lists a department's that fit.
func (r *Resolver) templates(ctx context.Context, department civic.DepartmentID, status *civic.Status, category *civic.CategoryID) ([]*model.ResponseTemplate, error) {
	all, err := r.Reader.Templates(ctx, r.scope(ctx), department)
	if err != nil {
		return nil, err
	}
	view, shown := r.view(ctx), []*model.ResponseTemplate{}
	for _, template := range all {
		if view.Handles(template.Department) && template.Fits(status, category) {
			shown = append(shown, &model.ResponseTemplate{Template: template, View: view})
		}
	}
	return shown, nil
}

// render fills a template's places with what the report has now, in the caller's language.
func (r *Resolver) render(template *model.ResponseTemplate, report *model.Report) string {
	values := map[string]string{
		"number": report.Number, "title": report.Title, "status": locale.Text(report.View.Language, "status."+string(report.Status), nil),
	}
	if category := report.Category(); category != nil {
		values["category"] = category.Name()
	}
	if department := report.Department(); department != nil {
		values["department"] = department.Name()
	}
	if officer := report.View.City.Officer(report.View.Principal.Officer); officer != nil {
		values["officer"] = officer.Name
	}
	return civic.Render(template.Body, values)
}

func templateDraft(in model.ResponseTemplateInput) (draft civic.Template, err error) {
	draft = civic.Template{Title: in.Title, Body: in.Body, Status: in.Status}
	if draft.Department, err = civic.ParseDepartmentID("department", in.Department); err != nil {
		return draft, err
	}
	if in.ID != nil {
		if draft.ID, err = civic.ParseTemplateID("id", *in.ID); err != nil {
			return draft, err
		}
	}
	draft.Category, err = optionalID("category", in.Category, civic.ParseCategoryID)
	return draft, err
}
