package service

import (
	"context"

	"github.com/jagawarga/jagawarga/escalator"
	"github.com/jagawarga/jagawarga/ingest"
	"github.com/jagawarga/jagawarga/internal/process"
)

// Ingest takes reports in and carries events out.
func Ingest(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	b, err := openWorker(ctx, "ingest", cfg, deps)
	if err != nil {
		return nil, err
	}
	options := ingest.Config{Log: deps.Log, Metrics: deps.Metrics, Tracer: deps.Tracer}
	in := ingest.New(options, b.desk, b.store, b.bus, func() { b.bus.Poke(outbox) })
	out := ingest.NewRelay(options, b.store, b.bus, b.bus.Poked(outbox))
	return together(b.close, in.Run, out.Run, b.city.Run), nil
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
	b, err := open(ctx, cfg, deps, nil, bus)
	if err != nil {
		bus.Close()
		return nil, err
	}
	return b, nil
}
