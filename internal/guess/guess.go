// Package guess slows down who tries receipts that open nothing, without knowing who it is. Tries are counted for a caller's
// neighbourhood (256 addresses of IPv4, a site of IPv6) under a name that is a keyed hash of it. The key is random, changes with the day
// and lives in this process alone, like the counts: nothing is written, logged or measured, and after a restart or midnight (UTC) nothing
// is known. What one process counts another does not know; each has its own share of a guesser.
//
// Only tries that opened nothing count, so who has a receipt is never slowed down by using it, though by a guesser in the neighbourhood
// perhaps. A Brake needs no end.
package guess

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Config of a Brake; zero values are the defaults.
type Config struct {
	// Tries may fail at once before a neighbourhood is refused. Default 20.
	Tries int
	// Every gives one try back. Default 3 s: twenty a minute.
	Every time.Duration
	// Neighbourhoods are counted apart up to so many; newcomers beyond share one count. Default 50,000, about 5 MB.
	Neighbourhoods int
	// Trusted are the networks of gateways, whose X-Forwarded-For is believed. Default none.
	Trusted []netip.Prefix
	Now     func() time.Time // time.Now
	Random  io.Reader        // crypto/rand
}

// Brake is safe for use by many goroutines.
type Brake struct {
	cfg Config
	key atomic.Pointer[dayKey]

	mu    sync.Mutex
	until map[name]time.Time // when all that failed is forgiven; what lies in the past need not be there
	swept time.Time
}

// name is how a neighbourhood is called today. The zero name is everybody who has none.
type name [16]byte

type dayKey struct {
	day    time.Time
	secret [32]byte
}

type contextKey struct{}

// mostDebt bounds how long a neighbourhood has to wait after tries that ran at the same time, in multiples of what it may fail at once.
const mostDebt = 10

// New makes a brake.
func New(cfg Config) (*Brake, error) {
	if cfg.Tries < 0 || cfg.Every < 0 || cfg.Neighbourhoods < 0 {
		return nil, errors.New("guess: a limit is negative")
	}
	if cfg.Tries == 0 {
		cfg.Tries = 20
	}
	if cfg.Every == 0 {
		cfg.Every = 3 * time.Second
	}
	if cfg.Neighbourhoods == 0 {
		cfg.Neighbourhoods = 50_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	b := &Brake{cfg: cfg, until: map[name]time.Time{}}
	_, err := b.today()
	return b, err
}

// Mark tells the operations of a request whose they are, by today's name of the neighbourhood alone.
func (b *Brake) Mark(ctx context.Context, r *http.Request) context.Context {
	from := neighbourhood(origin(r, b.cfg.Trusted))
	key, err := b.today()
	if !from.IsValid() || err != nil {
		return ctx
	}
	sum := hmac.New(sha256.New, key.secret[:])
	address := from.Addr().As16()
	sum.Write(address[:])
	return context.WithValue(ctx, contextKey{}, name(sum.Sum(nil)[:len(name{})]))
}

// Allow refuses, with RATE_LIMITED, a neighbourhood where too many tries have failed of late.
func (b *Brake) Allow(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.cfg.Now()
	if b.until[b.counted(ctx, now)].Sub(now) >= b.full() {
		return civic.RateLimited("receipt.slow_down")
	}
	return nil
}

// Failed counts a try that opened nothing.
func (b *Brake) Failed(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.cfg.Now()
	who := b.counted(ctx, now)
	until := b.until[who]
	if until.Before(now) {
		until = now
	}
	if until = until.Add(b.cfg.Every); until.Sub(now) <= mostDebt*b.full() {
		b.until[who] = until
	}
}

// full is how long it takes until everything that may fail at once is forgiven.
func (b *Brake) full() time.Duration { return time.Duration(b.cfg.Tries) * b.cfg.Every }

// counted is the name under which the caller's tries are counted; when there are too many names, that of all who have none.
func (b *Brake) counted(ctx context.Context, now time.Time) name {
	who, _ := ctx.Value(contextKey{}).(name)
	if _, known := b.until[who]; known || len(b.until) < b.cfg.Neighbourhoods {
		return who
	}
	if now.Sub(b.swept) >= b.cfg.Every {
		b.swept = now
		for other, until := range b.until {
			if !until.After(now) {
				delete(b.until, other)
			}
		}
	}
	if len(b.until) < b.cfg.Neighbourhoods {
		return who
	}
	return name{}
}

// today is the day's key; with a new one all that was counted is forgotten.
func (b *Brake) today() (*dayKey, error) {
	day := b.cfg.Now().UTC().Truncate(24 * time.Hour)
	if key := b.key.Load(); key != nil && key.day.Equal(day) {
		return key, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if key := b.key.Load(); key != nil && key.day.Equal(day) {
		return key, nil // another was faster
	}
	key := &dayKey{day: day}
	if _, err := io.ReadFull(b.cfg.Random, key.secret[:]); err != nil {
		return nil, err
	}
	b.key.Store(key)
	clear(b.until)
	return key, nil
}
