// Package rollups keeps the city's figures in step with its reports: whatever changes a report leaves word of it in the same transaction,
// and a Keeper counts that report anew, within a second or so. It lives until its context ends; several may run side by side.
//
// What was counted of a report is written down, and taken out before it is counted again, all in one transaction. So the figures are the
// same whatever the order of changes, however often one is told, and wherever somebody was killed.
package rollups

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

const (
	defaultTick = 250 * time.Millisecond
	batch       = 2000 // reports counted in one transaction
	retryDelay  = time.Second
)

// Config is what a Keeper may be told; zero values are the defaults.
type Config struct {
	Tick    time.Duration         // how often it looks: 250 ms
	Log     *slog.Logger          // slog.Default
	Metrics prometheus.Registerer // nil: none
}

// Records keeps what is counted.
type Records interface {
	// KeepRollups counts anew about most of the reports that changed, and tells how many it did.
	KeepRollups(ctx context.Context, zone *time.Location, most int) (counted int, err error)
}

// Keeper keeps figures.
type Keeper struct {
	cfg     Config
	records Records
	zone    func() *time.Location
	counted prometheus.Counter
}

// New makes a keeper; zone is the city's, whose days are counted.
func New(cfg Config, records Records, zone func() *time.Location) *Keeper {
	if cfg.Tick <= 0 {
		cfg.Tick = defaultTick
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Keeper{cfg: cfg, records: records, zone: zone, counted: promauto.With(cfg.Metrics).NewCounter(prometheus.CounterOpts{
		Name: "jagawarga_rollups_counted_reports_total", Help: "Reports that this process counted for the figures, each time it did.",
	})}
}

// Run keeps figures until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	ticker := time.NewTicker(k.cfg.Tick)
	defer ticker.Stop()
	for {
		if err := k.Drain(ctx); err != nil && ctx.Err() == nil {
			k.cfg.Log.Warn("the figures wait", "error", err)
			pause(ctx, retryDelay)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Drain counts until nothing waits.
func (k *Keeper) Drain(ctx context.Context) error {
	for {
		n, err := k.records.KeepRollups(ctx, k.zone(), batch)
		k.counted.Add(float64(n))
		if err != nil || n == 0 {
			return err
		}
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
