package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// NameCause says what a report came from.
func (r *mutationResolver) NameCause(ctx context.Context, report string, cause *string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	of, err := optionalID("cause", cause, civic.ParseCauseID)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.NameCause(ctx, auth.From(ctx), id, of)
	return r.show(ctx, changed, err)
}

// SaveCause makes a cause, or words one anew.
func (r *mutationResolver) SaveCause(ctx context.Context, input model.CauseInput) (*model.Cause, error) {
	draft := civic.Cause{Code: input.Code, Name: civic.Words{ID: input.NameID, EN: input.NameEn}}
	id, err := optionalID("id", input.ID, civic.ParseCauseID)
	if err != nil {
		return nil, err
	}
	draft.ID = value(id)
	if draft.Category, err = optionalID("category", input.Category, civic.ParseCategoryID); err != nil {
		return nil, err
	}
	saved, err := r.Desk.SaveCause(ctx, auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	return r.view(ctx).Cause(saved), nil
}

// RetireCause ends a cause.
func (r *mutationResolver) RetireCause(ctx context.Context, cause string) (*bool, error) {
	id, err := civic.ParseCauseID("cause", cause)
	return did(err, func() error { return r.Desk.RetireCause(ctx, auth.From(ctx), id) })
}

// Causes are what reports may come from.
func (r *queryResolver) Causes(ctx context.Context, category *string) ([]*model.Cause, error) {
	of, err := optionalID("category", category, civic.ParseCategoryID)
	if err != nil {
		return nil, err
	}
	view := r.view(ctx)
	return shown(view.City.Causes(of), view.Cause), nil
}
