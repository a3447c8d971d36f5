// Package escalator takes what nobody answered in time up the hierarchy. It looks for what is due and acts by the same verb as
// everybody else; any number may run side by side, because a step is decided under the report's lock.
//
// One broken report does not stop the others: it is left alone for a while, longer each time.
package escalator

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

const (
	scanEvery = 250 * time.Millisecond
	scanMost  = 200
	workers   = 4
)

// Config is what an escalator may be told; zero values are the defaults.
type Config struct {
	Now     func() time.Time      // time.Now
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
	Tracer  *trace.Tracer         // nil: none
}

// Desk is the verb.
type Desk interface {
	Climb(ctx context.Context, id civic.ReportID) (climbed bool, err error)
}

// Records finds what is due.
type Records interface {
	Due(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error)
}

// Escalator runs until its context ends.
type Escalator struct {
	cfg     Config
	desk    Desk
	records Records
	broken  broken
	metrics *metrics
}

// New makes an escalator.
func New(cfg Config, desk Desk, records Records) *Escalator {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Escalator{cfg: cfg, desk: desk, records: records, broken: newBroken(), metrics: newMetrics(cfg.Metrics)}
}

// Run escalates until ctx ends.
func (e *Escalator) Run(ctx context.Context) error {
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	for {
		climbed, err := e.Scan(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			e.cfg.Log.Warn("cannot look for what is due", "error", err)
		case climbed == scanMost:
			continue // there is more
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Scan takes one look and climbs what it finds; it answers how many steps were made.
func (e *Escalator) Scan(ctx context.Context) (climbed int, err error) {
	due, err := e.records.Due(ctx, e.cfg.Now(), e.broken.resting(e.cfg.Now()), scanMost)
	if err != nil {
		return 0, err
	}
	work := make(chan civic.ReportID)
	steps := make(chan int)
	for range workers {
		go func() {
			made := 0
			for id := range work {
				if e.climb(ctx, id) {
					made++
				}
			}
			steps <- made
		}()
	}
	for _, id := range due {
		work <- id
	}
	close(work)
	for range workers {
		climbed += <-steps
	}
	return climbed, nil
}

func (e *Escalator) climb(ctx context.Context, id civic.ReportID) bool {
	followed, span := e.cfg.Tracer.Begin(ctx, trace.Internal, "escalator step")
	climbed, err := e.desk.Climb(followed, id)
	span.End(trace.CodeOf(err))
	switch {
	case err != nil && ctx.Err() == nil:
		e.metrics.failures.Inc()
		rest := e.broken.failed(id, e.cfg.Now())
		e.cfg.Log.Error("a report cannot be escalated and is left alone for a while", "report", id, "rest", rest, "error", err)
	case climbed:
		e.metrics.steps.Inc()
		e.broken.healed(id)
	}
	return climbed
}
