package service

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/escalator"
	"github.com/jagawarga/jagawarga/ingest"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/rollups"
)

// Ingest takes reports in, carries events out, puts the audit into the ledger and keeps the figures.
func Ingest(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	b, err := openWorker(ctx, "ingest", cfg, deps)
	if err != nil {
		return nil, err
	}
	sequence, err := b.sequencing(cfg, deps)
	if err != nil {
		b.close()
		return nil, err
	}
	options := ingest.Config{Log: deps.Log, Metrics: deps.Metrics, Tracer: deps.Tracer}
	in := ingest.New(options, b.desk, b.store, b.bus, func() { b.bus.Poke(outbox) })
	out := ingest.NewRelay(options, b.store, b.bus, b.bus.Poked(outbox))
	figures := rollups.New(rollups.Config{Log: deps.Log, Metrics: deps.Metrics}, b.store, func() *time.Location { return b.city.City().Calendar.Zone })
	sweeper, blobs, err := newSweeper(ctx, cfg, deps, b.store, b.bus)
	if err != nil {
		b.close()
		return nil, err
	}
	closeAll := func() {
		b.close()
		_ = blobs.Close()
	}
	return together(closeAll, in.Run, out.Run, b.city.Run, sweeper.Run, b.lettingGo(deps.Log), sequence, figures.Run), nil
}

// Escalator takes what nobody answered up the hierarchy.
func Escalator(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	b, err := openWorker(ctx, "escalator", cfg, deps)
	if err != nil {
		return nil, err
	}
	climber := escalator.New(escalator.Config{Log: deps.Log, Metrics: deps.Metrics, Tracer: deps.Tracer}, b.desk, b.store)
	return together(b.close, climber.Run, b.city.Run), nil
}

func openWorker(ctx context.Context, name string, cfg process.Config, deps Deps) (*base, error) {
	bus, err := connect(ctx, name, cfg, deps)
	if err != nil {
		return nil, err
	}
	b, err := open(ctx, cfg, deps, nil, nil, nil, bus)
	if err != nil {
		bus.Close()
		return nil, err
	}
	return b, nil
}
