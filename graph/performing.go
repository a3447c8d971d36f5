package graph

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/insight"
)

// Figures tells whose figures change.
type Figures interface {
	// RollupVersion grows with everything that is counted.
	RollupVersion(ctx context.Context) (int64, error)
	// ChangedFigures are the departments within scope whose figures have changed since a version, and the version up to which that is so.
	ChangedFigures(ctx context.Context, scope civic.Scope, since int64) (departments []civic.DepartmentID, version int64, err error)
}

const (
	lookEvery = time.Second // so that no department is told of more often
	lookBack  = 30 * 24 * time.Hour
)

// watchPerformance tells of departments when their figures have changed, until ctx ends. It looks at the figures and not at events: what
// it tells is counted already.
func (r *Resolver) watchPerformance(ctx context.Context) (<-chan *model.DepartmentPerformance, error) {
	version, err := r.Figures.RollupVersion(ctx)
	if err != nil {
		return nil, err
	}
	out := make(chan *model.DepartmentPerformance)
	go func() {
		defer close(out)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			changed, err := patiently(ctx, func(ctx context.Context) (*performed, error) { return r.performedSince(ctx, version) })
			if err != nil {
				if ctx.Err() == nil {
					handOn(ctx, out, model.NewBrokenPerformance(err))
				}
				return
			}
			version = changed.version
			for _, performance := range changed.departments {
				if !handOn(ctx, out, performance) {
					return
				}
			}
		}
	}()
	return out, nil
}

// performed is what has changed up to a version.
type performed struct {
	departments []*model.DepartmentPerformance
	version     int64
}

// performedSince asks for the caller's rights again each time.
func (r *Resolver) performedSince(ctx context.Context, version int64) (*performed, error) {
	visible, err := r.City().FiguresOf(auth.From(ctx), nil)
	if err != nil {
		return nil, err
	}
	changed, next, err := r.Figures.ChangedFigures(ctx, civic.Scope{Departments: visible}, version)
	if err != nil || len(changed) == 0 {
		return &performed{nil, next}, err
	}
	now := time.Now()
	found, err := r.performance(ctx, changed, insight.Period{From: now.Add(-lookBack), To: now})
	return &performed{found, next}, err
}
