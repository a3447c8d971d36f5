// Package identity keeps accounts, sessions and signing keys: the only place that knows who a citizen is. It is a program of its own
// with a database of its own; others know a citizen by a random id.
//
// A Service answers the calls of identityrpc from New on, and refuses them as UNAVAILABLE until Run has reached the database. Run keeps
// it going: it waits for the database, loads the demo people, rotates the signing keys and throws away what has expired. It returns when
// its context ends. The caller owns the pool; the schema is made by others (migrations/identity), before or meanwhile.
//
// It also signs anonymous tokens (internal/blindtoken): it knows who draws how many a day, and not what it signs.
//
// A national id is kept as keyed hash and ciphertext, a password as argon2id, a refresh token as SHA-256; keys lie in files. None of them
// is ever logged.
package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// Config says how the service behaves; only Secrets has no default.
type Config struct {
	Secrets         string        // directory of the keys (0700), which are made on first use
	Demo            bool          // load the people of the demo city
	AccessLifetime  time.Duration // of access tokens; default 15 min
	RefreshLifetime time.Duration // of refresh tokens; default 30 days
	KeyLifetime     time.Duration // how long a signing key signs; default 30 days
	TokensPerDay    int           // anonymous tokens for a citizen; default 5
	TokenRound      time.Duration // how often the keys of tokens are looked after; default 1 min
	// NewTokenKey makes a day's key; default blindtoken.Generate. Tests, which have no seconds to spare, hand in keys that are there.
	NewTokenKey func() (*blindtoken.Issuer, error)
	Now         func() time.Time      // default time.Now
	Random      io.Reader             // default crypto/rand.Reader
	Log         *slog.Logger          // default slog.Default()
	Registerer  prometheus.Registerer // nil: no metrics
}

func (c *Config) setDefaults() error {
	if c.Secrets == "" {
		return errors.New("identity: a directory for the secrets is needed")
	}
	if c.AccessLifetime == 0 {
		c.AccessLifetime = 15 * time.Minute
	}
	if c.RefreshLifetime == 0 {
		c.RefreshLifetime = 30 * 24 * time.Hour
	}
	if c.KeyLifetime == 0 {
		c.KeyLifetime = 30 * 24 * time.Hour
	}
	if c.TokensPerDay == 0 {
		c.TokensPerDay = 5
	}
	if c.TokenRound == 0 {
		c.TokenRound = time.Minute
	}
	if c.NewTokenKey == nil {
		c.NewTokenKey = blindtoken.Generate
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return nil
}

// Service implements identityrpc.IdentityServer. It is safe for use by many goroutines.
type Service struct {
	identityrpc.UnimplementedIdentityServer
	cfg       Config
	pool      *pgxpool.Pool
	queries   *db.Queries
	registry  PopulationRegistry
	vault     *vault
	signing   *signingKeys
	passwords *passwords
	turns     turns
	tokens    *tokenKeys
	seats     seats // of those who sign tokens
	metrics   *metrics
	ready     atomic.Bool // Run has reached the database
}

// New reads the keys, or makes them, and touches the database not yet. registry nil means the demo registry.
func New(cfg Config, pool *pgxpool.Pool, registry PopulationRegistry) (*Service, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	if registry == nil {
		demo, err := NewDemoRegistry()
		if err != nil {
			return nil, err
		}
		registry = demo
	}
	vault, err := openVault(cfg.Secrets)
	if err != nil {
		return nil, err
	}
	signing, err := openSigningKeys(cfg)
	if err != nil {
		return nil, err
	}
	queries := db.New(pool)
	tokens, err := openTokenKeys(cfg, queries)
	if err != nil {
		return nil, err
	}
	metrics, err := newMetrics(cfg.Registerer)
	if err != nil {
		return nil, err
	}
	return &Service{
		cfg: cfg, pool: pool, queries: queries, registry: registry,
		vault: vault, signing: signing, passwords: newPasswords(cfg.Random, metrics.hashes), metrics: metrics,
		tokens: tokens, seats: newSeats(),
	}, nil
}

// Ready reports whether the service can answer: Run has done its first work and the database is there.
func (s *Service) Ready(ctx context.Context) error {
	if err := s.admit(); err != nil {
		return err
	}
	return border(s.pool.Ping(ctx))
}

// admit refuses calls that would see a database half prepared.
func (s *Service) admit() error {
	if !s.ready.Load() {
		return civic.Unavailable("identity.unavailable")
	}
	return nil
}
