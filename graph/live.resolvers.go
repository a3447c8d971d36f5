package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
)

// ReportChanged follows one report that the caller may see.
func (r *subscriptionResolver) ReportChanged(ctx context.Context, report string, after *string) (<-chan *model.ReportEvent, error) {
	found, err := r.reportByID(ctx, "report", report)
	if err != nil {
		return nil, err
	}
	return r.watch(ctx, watched{topic: civic.Topic{Report: found.ID}, scope: r.scope(ctx), after: after})
}

// PublicFeed follows public reports.
func (r *subscriptionResolver) PublicFeed(ctx context.Context, within *model.BoundsInput, after *string) (<-chan *model.ReportEvent, error) {
	bounds, err := boundsOf("within", within)
	if err != nil {
		return nil, err
	}
	return r.watch(ctx, watched{topic: civic.Topic{Public: true}, after: after, wants: func(e *civic.Event) bool {
		return bounds == nil || e.Latitude != nil && bounds.Contains(*e.Latitude, *e.Longitude)
	}})
}

// DepartmentFeed follows the reports of a department and of all below it.
func (r *subscriptionResolver) DepartmentFeed(ctx context.Context, department string, after *string) (<-chan *model.ReportEvent, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	return r.watch(ctx, watched{topic: civic.Topic{Departments: r.City().Below(id)}, scope: r.scope(ctx), after: after})
}

// DepartmentTasks follows what a department, and all below it, have to do for others' reports.
func (r *subscriptionResolver) DepartmentTasks(ctx context.Context, department string, after *string) (<-chan *model.TaskEvent, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	return r.watchTasks(ctx, r.City().Below(id), after)
}

func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }

type subscriptionResolver struct{ *Resolver }
