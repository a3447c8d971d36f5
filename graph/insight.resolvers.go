package graph

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// Series tells what happened when.
func (r *analyticsResolver) Series(ctx context.Context, obj *model.Analytics, bucket model.TimeBucket) ([]*model.SeriesPoint, error) {
	return obj.Later.Series(ctx, bucket)
}

// ByCategory tells the categories apart.
func (r *analyticsResolver) ByCategory(ctx context.Context, obj *model.Analytics) ([]*model.Slice, error) {
	return obj.Later.ByCategory(ctx)
}

// ByDistrict tells the districts apart.
func (r *analyticsResolver) ByDistrict(ctx context.Context, obj *model.Analytics) ([]*model.Slice, error) {
	return obj.Later.ByDistrict(ctx)
}

// ByDepartment tells the departments apart.
func (r *analyticsResolver) ByDepartment(ctx context.Context, obj *model.Analytics) ([]*model.Slice, error) {
	return obj.Later.ByDepartment(ctx)
}

// ByCause tells apart what they came from.
func (r *analyticsResolver) ByCause(ctx context.Context, obj *model.Analytics) ([]*model.Slice, error) {
	return obj.Later.ByCause(ctx)
}

// Hotspots tells where most reports lie.
func (r *analyticsResolver) Hotspots(ctx context.Context, obj *model.Analytics, limit *int) ([]*model.MapCluster, error) {
	return obj.Later.Hotspots(ctx, *limit)
}

// Officers tells how the department's officers did.
func (r *departmentPerformanceResolver) Officers(ctx context.Context, obj *model.DepartmentPerformance) ([]*model.OfficerPerformance, error) {
	return obj.Staff(ctx)
}

// CityStatistics is how the city does.
func (r *queryResolver) CityStatistics(ctx context.Context) (*model.CityStatistics, error) {
	return r.statistics(ctx)
}

// Analytics answers with figures about reports.
func (r *queryResolver) Analytics(ctx context.Context, department *string, from time.Time, to time.Time, filter *model.ReportFilter) (*model.Analytics, error) {
	question, err := r.question(ctx, department, from, to, filter)
	if err != nil {
		return nil, err
	}
	return r.analytics(ctx, question)
}

// Performance tells how departments did.
func (r *queryResolver) Performance(ctx context.Context, from time.Time, to time.Time) ([]*model.DepartmentPerformance, error) {
	departments, err := r.City().FiguresOf(auth.From(ctx), nil)
	if err != nil {
		return nil, err
	}
	period, err := insight.CheckPeriod(from, to)
	if err != nil {
		return nil, err
	}
	return r.performance(ctx, departments, period)
}

// PerformanceChanged follows how departments do.
func (r *subscriptionResolver) PerformanceChanged(ctx context.Context) (<-chan *model.DepartmentPerformance, error) {
	return r.watchPerformance(ctx)
}

func (r *Resolver) Analytics() generated.AnalyticsResolver { return &analyticsResolver{r} }

func (r *Resolver) DepartmentPerformance() generated.DepartmentPerformanceResolver {
	return &departmentPerformanceResolver{r}
}

type (
	analyticsResolver             struct{ *Resolver }
	departmentPerformanceResolver struct{ *Resolver }
)
