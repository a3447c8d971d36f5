// Package escalator is the city's clockwork. It takes what nobody answered in time up the hierarchy, warns departments before it comes to
// that, and closes what is done and nobody objects to. It looks for what is due and acts by the same verbs as everybody else, on many reports
// in one transaction; any number may run side by side, because a step is decided under the report's lock, and share the work, because
// none waits for what another holds.
//
// One broken report does not stop the others: its batch is tried again report by report, and it is left alone for a while, longer each time.
package escalator

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

const (
	scanEvery = 250 * time.Millisecond
	scanMost  = 5000

	// One batch is one transaction. While one worker decides, the database writes what the other has decided. More at once, in all
	// escalators together, would be more events that wait for their number than a relay remembers (internal/events, lookBack).
	batchMost = 250
	workers   = 2
)

// Config is what an escalator may be told; zero values are the defaults.
type Config struct {
	Now     func() time.Time      // time.Now
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
	Tracer  *trace.Tracer         // nil: none
}

// Desk has the verbs. Each takes its step with all of the reports or, after an error, with none, and answers with how many there was still
// something to do.
type Desk interface {
	Climb(ctx context.Context, ids ...civic.ReportID) (climbed int, err error)
	Warn(ctx context.Context, ids ...civic.ReportID) (warned int, err error)
	CloseSilent(ctx context.Context, ids ...civic.ReportID) (closed int, err error)
}

// Records finds what is due for each of them.
type Records interface {
	Due(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error)
	ToWarn(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error)
	ToClose(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error)
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

// Run works until ctx ends.
func (e *Escalator) Run(ctx context.Context) error {
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	for {
		_, more, err := e.scan(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			e.cfg.Log.Warn("cannot look for what is due", "error", err)
		case more:
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Steps are what one look led to.
type Steps struct{ Climbed, Warned, Closed int }

// Scan takes one look and does what it finds to do: climbs first, so that nobody is warned of what has happened.
func (e *Escalator) Scan(ctx context.Context) (Steps, error) {
	steps, _, err := e.scan(ctx)
	return steps, err
}

// scan tells besides whether there is more to do at once.
func (e *Escalator) scan(ctx context.Context) (steps Steps, more bool, err error) {
	for _, c := range []chore{
		{"climb", e.records.Due, e.desk.Climb, e.metrics.climbs, &steps.Climbed},
		{"warn", e.records.ToWarn, e.desk.Warn, e.metrics.warnings, &steps.Warned},
		{"close", e.records.ToClose, e.desk.CloseSilent, e.metrics.closings, &steps.Closed},
	} {
		due, err := c.find(ctx, e.cfg.Now(), e.broken.resting(e.cfg.Now()), scanMost)
		if err != nil {
			return steps, false, err
		}
		*c.steps = e.do(ctx, c, due)
		// Where nothing could be done, others are at it, or it rests.
		more = more || len(due) == scanMost && *c.steps > 0
	}
	return steps, more, nil
}

// chore is one kind of work: how to find the reports that are due for it, and what to do to them.
type chore struct {
	name  string
	find  func(ctx context.Context, now time.Time, skip []civic.ReportID, most int) ([]civic.ReportID, error)
	act   func(ctx context.Context, ids ...civic.ReportID) (int, error)
	count prometheus.Counter
	steps *int
}

// do works on what is due, the longest overdue first, and answers how many steps were taken.
func (e *Escalator) do(ctx context.Context, c chore, due []civic.ReportID) int {
	if len(due) == 0 {
		return 0
	}
	work := make(chan []civic.ReportID)
	var taken atomic.Int64
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for batch := range work {
				taken.Add(int64(e.steps(ctx, c, batch)))
			}
		})
	}
	for batch := range slices.Chunk(due, batchMost) {
		work <- batch
	}
	close(work)
	working.Wait()
	return int(taken.Load())
}

// steps takes the steps of a batch; what is refused as a whole is tried report by report.
func (e *Escalator) steps(ctx context.Context, c chore, batch []civic.ReportID) (taken int) {
	followed, span := e.cfg.Tracer.Begin(ctx, trace.Internal, "escalator steps")
	taken, err := c.act(followed, batch...)
	span.End(trace.CodeOf(err))
	var known *civic.Error
	switch {
	case err == nil:
		c.count.Add(float64(taken))
		e.broken.healed(batch...)
		return taken
	case ctx.Err() != nil:
		return 0
	case errors.As(err, &known) && known.Code == civic.CodeUnavailable:
		e.cfg.Log.Warn("steps of the clock wait", "chore", c.name, "error", err)
		return 0
	case len(batch) == 1:
		e.metrics.failures.Inc()
		rest := e.broken.failed(batch[0], e.cfg.Now())
		e.cfg.Log.Error("a step of the clock cannot be taken; the report is left alone for a while", "chore", c.name, "report", batch[0], "rest", rest, "error", err)
		return 0
	}
	for single := range slices.Chunk(batch, 1) {
		taken += e.steps(ctx, c, single)
	}
	return taken
}
