package service

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/migrate"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/core"
	"github.com/jagawarga/jagawarga/migrations/identity"
)

// MigrateCore brings the core database and the streams up to date, and loads the demo city if it is wanted. cfg is the owner's.
func MigrateCore(ctx context.Context, cfg process.Config, deps Deps) error {
	if err := migrate.Up(ctx, cfg.DatabaseURL, core.FS); err != nil {
		return err
	}
	if cfg.Demo {
		if err := loadDemo(ctx, cfg); err != nil {
			return err
		}
	}
	bus, err := connect(ctx, "admin", cfg, deps)
	if err != nil {
		return err
	}
	defer bus.Close()
	return prepareStreams(ctx, bus, cfg.Replicas, deps)
}

// prepareTry is how long one try may take: a cluster that has no leader yet leaves requests without an answer.
const prepareTry = 3 * time.Second

func prepareStreams(ctx context.Context, bus *events.Bus, replicas int, deps Deps) error {
	for {
		attempt, cancel := context.WithTimeout(ctx, prepareTry)
		err := bus.Prepare(attempt, events.Limits{Replicas: replicas})
		late := attempt.Err() != nil
		cancel()
		if err == nil || !late || ctx.Err() != nil {
			return err
		}
		deps.Log.Warn("the streams are not ready yet", "error", err)
	}
}

// MigrateIdentity brings the identity database up to date; it knows nothing of the core.
func MigrateIdentity(ctx context.Context, ownerURL string) error {
	return migrate.Up(ctx, ownerURL, identity.FS)
}

func loadDemo(ctx context.Context, cfg process.Config) error {
	city, err := demo.Load()
	if err != nil {
		return err
	}
	rows, err := store.New(ctx, store.Config{URL: cfg.DatabaseURL, MaxConns: 1})
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := rows.SaveDemo(ctx, city); err != nil {
		return fmt.Errorf("load demo: %w", err)
	}
	return nil
}
