package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// ReportsOnMap takes public reports together that would lie on top of each other.
func (r *queryResolver) ReportsOnMap(ctx context.Context, bounds model.BoundsInput, zoom int, filter *model.ReportFilter) ([]*model.MapCluster, error) {
	box, err := boundsOf("bounds", &bounds)
	if err != nil {
		return nil, err
	}
	if zoom < 0 || zoom > civic.MaxZoom {
		return nil, civic.Invalid("zoom", "map.zoom", "max", maxZoomText)
	}
	narrowed, err := publicFilter(filter)
	if err != nil {
		return nil, err
	}
	clusters, err := r.Reader.PublicClusters(ctx, *box, zoom, r.City().OnMap(), narrowed)
	if err != nil {
		return nil, err
	}
	return r.clusters(ctx, clusters)
}

// Escalations follows what climbs among the reports of the caller's department and of all below it.
func (r *subscriptionResolver) Escalations(ctx context.Context, after *string) (<-chan *model.ReportEvent, error) {
	head := auth.From(ctx)
	topic := civic.Topic{Departments: r.City().Below(head.Department)}
	return r.watch(ctx, watched{topic: topic, scope: r.scope(ctx), after: after, wants: func(e *civic.Event) bool {
		return e.Kind == civic.EventEscalated && r.City().Handles(head, e.Department)
	}})
}
