package service

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store"
)

const (
	cityAge   = 30 * time.Second // how old the city in memory may get
	cityRetry = 500 * time.Millisecond
)

// cityKeeper holds the city in memory. While the database is away the last one goes on being good.
type cityKeeper struct {
	store *store.Store
	scale float64
	news  <-chan struct{} // somebody changed it
	log   *slog.Logger
	turn  sync.Mutex // of who reads it: what was read first must not take the place of what was read later
	now   atomic.Pointer[civic.City]
}

// newCityKeeper reads the city for the first time, waiting for the database until ctx ends.
func newCityKeeper(ctx context.Context, rows *store.Store, scale float64, news <-chan struct{}, log *slog.Logger) (*cityKeeper, error) {
	k := &cityKeeper{store: rows, scale: scale, news: news, log: log}
	for {
		err := k.read(ctx)
		if err == nil {
			return k, nil
		}
		log.Warn("the city cannot be read yet", "error", err)
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(cityRetry):
		}
	}
}

// City is the present one.
func (k *cityKeeper) City() *civic.City { return k.now.Load() }

// Run keeps it fresh.
func (k *cityKeeper) Run(ctx context.Context) error {
	tick := time.NewTicker(cityAge)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-k.news:
		}
		if err := k.read(ctx); err != nil && ctx.Err() == nil {
			k.log.Warn("the city is not as fresh as it should be", "error", err)
		}
	}
}

func (k *cityKeeper) read(ctx context.Context) error {
	k.turn.Lock()
	defer k.turn.Unlock()
	city, err := k.store.City(ctx, k.scale)
	if err == nil {
		k.now.Store(city)
	}
	return err
}
