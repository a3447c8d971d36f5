package media

import (
	"context"
	"log/slog"
	"time"

	"github.com/jagawarga/jagawarga/internal/blob"
)

// SweepConfig is what a Sweeper may be told; zero values are the defaults.
type SweepConfig struct {
	Grace time.Duration    // how long a blob may be without a report; 24 hours
	Every time.Duration    // how often it looks; an hour
	Retry time.Duration    // after it could not; 5 minutes
	Now   func() time.Time // time.Now
	Log   *slog.Logger     // slog.Default()
}

// Rows know which blobs belong to a report.
type Rows interface {
	BlobsInUse(ctx context.Context, names []string) (inUse []string, err error)
}

// Sweeper deletes blobs that belong to no report: their submission was never accepted, or the report is gone. Several may run side
// by side.
type Sweeper struct {
	cfg     SweepConfig
	blobs   *blob.Store
	rows    Rows
	settled func(context.Context) (bool, error)
}

// NewSweeper makes a sweeper. settled tells whether every submission that was accepted up to now is in the database: blobs of one that
// still waits, or was set aside, must stay.
func NewSweeper(cfg SweepConfig, blobs *blob.Store, rows Rows, settled func(context.Context) (bool, error)) *Sweeper {
	for value, fallback := range map[*time.Duration]time.Duration{&cfg.Grace: 24 * time.Hour, &cfg.Every: time.Hour, &cfg.Retry: 5 * time.Minute} {
		if *value == 0 {
			*value = fallback
		}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Sweeper{cfg, blobs, rows, settled}
}

// Run sweeps until ctx ends.
func (s *Sweeper) Run(ctx context.Context) error {
	for pause := s.cfg.Retry; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		deleted, done, err := s.Sweep(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.cfg.Log.Warn("blobs without a report could not be cleared away", "error", err)
		case deleted > 0:
			s.cfg.Log.Info("blobs without a report were cleared away", "blobs", deleted)
		}
		pause = s.cfg.Retry
		if done {
			pause = s.cfg.Every
		}
	}
}

// sweepBatch is how many names are asked for at once.
const sweepBatch = 500

// Sweep looks once. It is not done when submissions still wait for the database.
func (s *Sweeper) Sweep(ctx context.Context) (deleted int, done bool, err error) {
	// The time of a blob is its hour, or the moment: so this is a grace of at least what was asked for. A submission is published
	// within minutes of its blobs: whatever is older and was accepted is in the database once all is settled.
	before := s.cfg.Now().Add(-s.cfg.Grace).Truncate(time.Hour)
	if settled, err := s.settled(ctx); err != nil || !settled {
		return 0, false, err
	}
	var batch []blob.Listed
	sweep := func() {
		var n int
		n, err = s.sweep(ctx, batch)
		deleted, batch = deleted+n, batch[:0]
	}
	listErr := s.blobs.List(ctx, func(listed blob.Listed) bool {
		if listed.At.Before(before) {
			batch = append(batch, listed)
		}
		if len(batch) == sweepBatch {
			sweep()
		}
		return err == nil
	})
	if err == nil {
		if err = listErr; err == nil {
			sweep()
		}
	}
	return deleted, err == nil, err
}

func (s *Sweeper) sweep(ctx context.Context, batch []blob.Listed) (deleted int, err error) {
	var names []string
	for _, listed := range batch {
		if listed.Name != "" {
			names = append(names, listed.Name)
		}
	}
	used, err := s.rows.BlobsInUse(ctx, names)
	if err != nil {
		return 0, err
	}
	inUse := make(map[string]bool, len(used))
	for _, name := range used {
		inUse[name] = true
	}
	for _, listed := range batch {
		if inUse[listed.Name] {
			continue
		}
		if err := s.blobs.Delete(ctx, listed); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}
