package graph

import (
	"context"
	"errors"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// watched is one subscription: what it hears of, what it may see, and which events it leaves out.
type watched struct {
	topic civic.Topic
	scope civic.Scope
	after *string
	wants func(*civic.Event) bool // nil: all
}

// watch follows a topic until ctx ends. Each event is shown only if the database, asked with the watcher's scope, has the report for
// it: rights are checked again for every event. A watch that breaks off tells why in its last event, and the client comes back with
// its cursor and misses nothing.
func (r *Resolver) watch(ctx context.Context, w watched) (<-chan *model.ReportEvent, error) {
	watching, err := r.Feed.Watch(ctx, w.topic, value(w.after))
	if err != nil {
		return nil, err
	}
	name, out := scopeName(w.scope), make(chan *model.ReportEvent)
	tell := func(event *model.ReportEvent) bool { return handOn(ctx, out, event) }
	go func() {
		defer close(out)
		for event := range watching.Events() {
			if w.wants != nil && !w.wants(event) {
				continue
			}
			report, err := r.loadPatiently(ctx, event, w.scope, name)
			if err != nil {
				tell(model.NewBrokenEvent(err))
				return
			}
			if report == nil || !r.City().MayRead(auth.From(ctx), report) {
				continue
			}
			if event.Kind.ForDepartments() && !r.City().Handles(auth.From(ctx), report.Department) {
				continue
			}
			if !tell(model.NewReportEvent(event, model.NewReport(r.view(ctx), w.scope, report))) {
				return
			}
		}
		if err := watching.Err(); err != nil {
			tell(model.NewBrokenEvent(err))
		}
	}()
	return out, nil
}

// handOn waits until the subscription takes the value; false when it has ended instead.
func handOn[T any](ctx context.Context, out chan<- T, value T) bool {
	select {
	case out <- value:
		return true
	case <-ctx.Done():
		return false
	}
}

// A database that restarts is back within a second or two; a feed waits that long rather than send everybody away at once.
const (
	loadPatience = 5 * time.Second
	loadRetry    = 250 * time.Millisecond
)

// loadPatiently loads an event's report.
func (r *Resolver) loadPatiently(ctx context.Context, event *civic.Event, scope civic.Scope, name string) (*civic.Report, error) {
	return patiently(ctx, func(ctx context.Context) (*civic.Report, error) { return r.shown.report(ctx, event, scope, name) })
}

// patiently loads again and again while the database is away.
func patiently[T any](ctx context.Context, load func(context.Context) (*T, error)) (*T, error) {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	for {
		loaded, err := load(ctx)
		var known *civic.Error
		if err == nil || !errors.As(err, &known) || known.Code != civic.CodeUnavailable {
			return loaded, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(loadRetry):
		}
	}
}
