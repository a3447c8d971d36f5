package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/graph/model"
)

// Categories lists every category.
func (r *queryResolver) Categories(ctx context.Context) ([]*model.Category, error) {
	view := r.view(ctx)
	return shown(view.City.Categories, view.Category), nil
}

// Departments lists every department.
func (r *queryResolver) Departments(ctx context.Context) ([]*model.Department, error) {
	view := r.view(ctx)
	return shown(view.City.Departments, view.Department), nil
}

// Districts lists every district.
func (r *queryResolver) Districts(ctx context.Context) ([]*model.District, error) {
	view := r.view(ctx)
	return shown(view.City.Districts, view.District), nil
}
