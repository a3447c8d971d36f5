// Package ingest carries reports in and news out: it takes submissions from the stream into the database in batches, and relays the
// outbox to the stream of events. It lives until its context ends; several may run side by side.
//
// A message is acknowledged after its rows are committed, so what was accepted is there at least once; ids make it exactly once. An
// entry that the database refuses is set aside as a dead letter without holding up the rest of its batch.
package ingest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

const (
	fetchMessages = 64
	fetchWait     = 5 * time.Second
	maxBatch      = 500 // submissions in one transaction
	retryDelay    = 500 * time.Millisecond
)

// Config is what ingest may be told; zero values are the defaults.
type Config struct {
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
	Tracer  *trace.Tracer         // nil: none
}

// Desk turns submissions into rows.
type Desk interface {
	TakeIn(submissions []civic.Submission) []civic.Arrival
}

// Records writes arrivals: all of them or none, telling which were new.
type Records interface {
	TakeIn(ctx context.Context, arrivals []civic.Arrival) (fresh []bool, err error)
}

// Ingest takes submissions in.
type Ingest struct {
	desk    Desk
	records Records
	bus     *events.Bus
	poke    func()
	log     *slog.Logger
	metrics *metrics
	tracer  *trace.Tracer
}

// New makes an ingest; poke wakes the relay.
func New(cfg Config, desk Desk, records Records, bus *events.Bus, poke func()) *Ingest {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Ingest{
		desk: desk, records: records, bus: bus, poke: poke, log: cfg.Log, metrics: newMetrics(cfg.Metrics), tracer: cfg.Tracer,
	}
}

// Run takes submissions in until ctx ends.
func (i *Ingest) Run(ctx context.Context) error {
	submissions, err := i.bus.Submissions(ctx)
	if err != nil {
		return err
	}
	defer submissions.Close()
	measured := time.Time{}
	for ctx.Err() == nil {
		if time.Since(measured) > measureAge {
			measured = time.Now()
			i.measure(ctx, submissions)
		}
		deliveries, err := submissions.Fetch(ctx, fetchMessages, fetchWait)
		if err != nil {
			i.log.Warn("cannot fetch submissions", "error", err)
			pause(ctx, retryDelay)
			continue
		}
		if !i.takeAll(ctx, deliveries) {
			pause(ctx, retryDelay)
		}
	}
	return nil
}

// measure notes how far behind the stream it is.
func (i *Ingest) measure(ctx context.Context, submissions *events.Submissions) {
	if pending, err := submissions.Pending(ctx); err == nil {
		i.metrics.lag.Set(float64(pending))
	}
}

// takeAll takes deliveries in, as many at once as a transaction should hold. It answers false when the database is away: the
// deliveries come again.
func (i *Ingest) takeAll(ctx context.Context, deliveries []events.Delivery) bool {
	for len(deliveries) > 0 {
		n, size := 0, 0
		for n < len(deliveries) && (n == 0 || size+len(deliveries[n].Submissions) <= maxBatch) {
			size += len(deliveries[n].Submissions)
			n++
		}
		if !i.take(ctx, deliveries[:n]) {
			giveBack(deliveries)
			return false
		}
		deliveries = deliveries[n:]
	}
	return true
}

// take writes one batch and acknowledges it.
func (i *Ingest) take(ctx context.Context, batch []events.Delivery) bool {
	started := time.Now()
	var all []civic.Submission
	for _, delivery := range batch {
		all = append(all, delivery.Submissions...)
	}
	followed, span := followBatch(ctx, i.tracer, all)
	fresh, err := i.records.TakeIn(followed, i.desk.TakeIn(all))
	span.End(trace.CodeOf(err))
	switch {
	case err == nil:
		i.metrics.batch(len(all), time.Since(started))
	case !poison(err):
		i.log.Warn("cannot take submissions in now", "error", err)
		return false
	default:
		i.log.Warn("a batch was refused and is tried entry by entry", "reason", reasonOf(err))
		if fresh, err = i.takeSingly(ctx, batch); err != nil {
			return false
		}
	}
	i.poke()
	return i.answer(ctx, batch, fresh)
}

// answer tells the submitters, sets aside what does not decode, and acknowledges.
func (i *Ingest) answer(ctx context.Context, batch []events.Delivery, fresh []bool) bool {
	for d := range batch {
		delivery := &batch[d]
		notices := make([]events.StoredNotice, len(delivery.Submissions))
		for n, submission := range delivery.Submissions {
			notices[n] = events.StoredNotice{Report: submission.Report, Duplicate: !fresh[n]}
		}
		fresh = fresh[len(notices):]
		delivery.Stored(notices)
		for _, broken := range delivery.Broken {
			if err := delivery.DeadLetterRaw(ctx, broken.Raw, "does not decode"); err != nil {
				return false
			}
		}
		if err := delivery.Ack(); err != nil {
			i.log.Warn("an acknowledgement was lost; the message will come again", "error", err)
		}
	}
	return true
}

// unavailable tells "the database is away" from "the database refuses this".
func unavailable(err error) bool {
	var known *civic.Error
	return errors.As(err, &known) && known.Code == civic.CodeUnavailable ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func giveBack(deliveries []events.Delivery) {
	for d := range deliveries {
		_ = deliveries[d].Retry(retryDelay) // lost, it comes again by itself
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
