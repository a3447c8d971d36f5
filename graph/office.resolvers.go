package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// SaveDepartment makes a department, or changes or moves one.
func (r *mutationResolver) SaveDepartment(ctx context.Context, input model.DepartmentInput) (*model.Department, error) {
	draft, err := departmentDraft(input)
	if err != nil {
		return nil, err
	}
	saved, err := r.Desk.SaveDepartment(ctx, auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	return r.view(ctx).Department(saved), nil
}

// RetireDepartment ends a department.
func (r *mutationResolver) RetireDepartment(ctx context.Context, department string) (*bool, error) {
	id, err := civic.ParseDepartmentID("department", department)
	return did(err, func() error { return r.Desk.RetireDepartment(ctx, auth.From(ctx), id) })
}

// SaveCategory makes a category, or changes one.
func (r *mutationResolver) SaveCategory(ctx context.Context, input model.CategoryInput) (*model.Category, error) {
	draft, err := categoryDraft(input)
	if err != nil {
		return nil, err
	}
	saved, err := r.Desk.SaveCategory(ctx, auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	return r.view(ctx).Category(saved), nil
}

// RetireCategory ends a category.
func (r *mutationResolver) RetireCategory(ctx context.Context, category string) (*bool, error) {
	id, err := civic.ParseCategoryID("category", category)
	return did(err, func() error { return r.Desk.RetireCategory(ctx, auth.From(ctx), id) })
}

// SaveOfficer makes an officer with an account, or changes both.
func (r *mutationResolver) SaveOfficer(ctx context.Context, input model.OfficerInput) (*model.Officer, error) {
	draft, err := officerDraft(input)
	if err != nil {
		return nil, err
	}
	saved, err := r.Desk.SaveOfficer(ctx, auth.From(ctx), draft, input.Email, value(input.Password))
	if err != nil {
		return nil, err
	}
	return r.view(ctx).Officer(saved), nil
}

// RetireOfficer lets an officer go.
func (r *mutationResolver) RetireOfficer(ctx context.Context, officer string) (*bool, error) {
	id, err := civic.ParseOfficerID("officer", officer)
	return did(err, func() error { return r.Desk.RetireOfficer(ctx, auth.From(ctx), id) })
}

// SaveRetention sets how long what is personal is kept.
func (r *mutationResolver) SaveRetention(ctx context.Context, days int) (*int, error) {
	if err := r.Desk.SaveRetention(ctx, auth.From(ctx), days); err != nil {
		return nil, err
	}
	return &days, nil
}

// RemoveHoliday makes a holiday a working day again.
func (r *mutationResolver) RemoveHoliday(ctx context.Context, date string) (*bool, error) {
	return did(nil, func() error {
		_, err := r.Desk.RemoveHoliday(ctx, auth.From(ctx), date)
		return err
	})
}

// Holidays are the days of a year on which nobody works.
func (r *queryResolver) Holidays(ctx context.Context, year int) ([]*model.Holiday, error) {
	return r.holidays(year), nil
}

// Officers are who works in a department or below it.
func (r *queryResolver) Officers(ctx context.Context, department string) ([]*model.Officer, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	return r.officers(ctx, id)
}
