package ingest

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/store"
)

const (
	relayBatch = 500
	relayTick  = 200 * time.Millisecond // for what was committed by somebody whose poke got lost
	measureAge = 5 * time.Second        // counting costs as much as waits

	// In a crowd the relay takes breath: what comes meanwhile goes along, and a batch costs the stream the same whatever its size.
	crowd  = 16
	breath = 25 * time.Millisecond
)

// Outbox hands waiting events to send, oldest first, and forgets them when send succeeds.
type Outbox interface {
	RelayOutbox(ctx context.Context, most int, send func(ctx context.Context, events []store.Outgoing) error) (sent int, err error)
	OutboxState(ctx context.Context) (waiting int, oldest time.Time, err error)
}

// Relay carries the outbox to the stream of events.
type Relay struct {
	outbox  Outbox
	stream  *events.Publisher
	poked   <-chan struct{}
	log     *slog.Logger
	metrics *relayMetrics
	tracer  *trace.Tracer
}

// NewRelay makes a relay; poked wakes it at once when something was committed.
func NewRelay(cfg Config, outbox Outbox, bus *events.Bus, poked <-chan struct{}) *Relay {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Relay{outbox: outbox, stream: events.NewPublisher(bus), poked: poked, log: cfg.Log, metrics: newRelayMetrics(cfg.Metrics), tracer: cfg.Tracer}
}

// Run relays until ctx ends. An event is deleted after the stream has it; after a crash in between the next relay finds it there.
func (r *Relay) Run(ctx context.Context) error {
	tick, measure := time.NewTicker(relayTick), time.NewTicker(measureAge)
	defer tick.Stop()
	defer measure.Stop()
	for {
		sent, err := r.drain(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			r.log.Warn("the outbox waits", "error", err)
			pause(ctx, retryDelay)
		case sent > crowd:
			pause(ctx, breath)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.poked:
		case <-tick.C:
		case <-measure.C:
			r.measure(ctx)
		}
	}
}

// drain relays until nothing waits, and answers how much that was.
func (r *Relay) drain(ctx context.Context) (total int, err error) {
	for {
		sent, err := r.outbox.RelayOutbox(ctx, relayBatch, r.send)
		r.metrics.sent.Add(float64(sent))
		total += sent
		if err != nil || sent < relayBatch {
			return total, err
		}
	}
}

func (r *Relay) send(ctx context.Context, waiting []store.Outgoing) error {
	outgoing := make([]events.Outgoing, len(waiting))
	for i, row := range waiting {
		id := strconv.FormatInt(row.ID, 36) + "." + strconv.FormatInt(row.CreatedAt.UnixMicro(), 36)
		outgoing[i] = events.Outgoing{ID: id, Event: row.Event}
	}
	ctx, span := followRelay(ctx, r.tracer, waiting)
	err := r.stream.Publish(ctx, outgoing)
	span.End(trace.CodeOf(err))
	return err
}

func (r *Relay) measure(ctx context.Context) {
	if waiting, oldest, err := r.outbox.OutboxState(ctx); err == nil {
		r.metrics.waiting.Set(float64(waiting))
		age := 0.0
		if waiting > 0 {
			age = time.Since(oldest).Seconds()
		}
		r.metrics.age.Set(age)
	}
}
