// Package store keeps the core database: SQL, rows and who may see which. It speaks PostgreSQL through pgx and hands out civic
// nouns; queries live in query/*.sql and are compiled by sqlc into db, except the pages of reports, whose shape depends on the
// filter (page.go).
//
// Each service opens the store as its own role. Row-level security is told who is asking inside each transaction (scope.go); what
// everybody may see is read through a pool whose role sees public rows alone, which needs no telling and no extra round trip.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Config says how to reach the database.
type Config struct {
	URL       string           // the service's own role
	PublicURL string           // the role that sees public rows alone; empty for services that show nothing to the public
	MaxConns  int              // for each of the pools; default 10
	Now       func() time.Time // time.Now
	// Queries is told the name of every query that is sent; nil for nobody. Tests count with it.
	Queries pgx.QueryTracer
}

// Store is safe for use by many goroutines.
type Store struct {
	own    *pgxpool.Pool
	public *pgxpool.Pool
	now    func() time.Time
}

// New prepares the pools. It does not wait for the database: a service starts, and says so in its readiness, while the
// database is away.
func New(ctx context.Context, cfg Config) (*Store, error) {
	own, err := newPool(ctx, cfg.URL, cfg)
	if err != nil {
		return nil, err
	}
	s := &Store{own: own, now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if cfg.PublicURL != "" {
		if s.public, err = newPool(ctx, cfg.PublicURL, cfg); err != nil {
			own.Close()
			return nil, err
		}
	}
	return s, nil
}

func newPool(ctx context.Context, url string, cfg Config) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("database url: cannot be read") // the parser's own error may quote the password
	}
	pc.MaxConns = 10
	if cfg.MaxConns > 0 {
		pc.MaxConns = int32(cfg.MaxConns)
	}
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.ConnectTimeout = 3 * time.Second
	pc.ConnConfig.Tracer = cfg.Queries
	pc.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		registerIDs(conn.TypeMap())
		return nil
	}
	return pgxpool.NewWithConfig(ctx, pc)
}

// Close waits for running queries and closes the pools.
func (s *Store) Close() {
	s.own.Close()
	if s.public != nil {
		s.public.Close()
	}
}

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	return border(s.own.Ping(ctx))
}

// read runs queries as seen from scope. Without one it uses the public pool, if there is one.
func (s *Store) read(ctx context.Context, scope civic.Scope, do func(tx db.DBTX) error) error {
	if s.public != nil && isPublic(scope) {
		return border(do(s.public))
	}
	return border(pgx.BeginTxFunc(ctx, s.own, pgx.TxOptions{AccessMode: pgx.ReadOnly, BeginQuery: beginAs("begin read only", scope)},
		func(tx pgx.Tx) error { return do(tx) }))
}

const maxTries = 6

// write runs do in a transaction as seen from scope, and again when the database asks for it.
func (s *Store) write(ctx context.Context, scope civic.Scope, do func(tx pgx.Tx) error) error {
	var err error
	for range maxTries {
		err = pgx.BeginTxFunc(ctx, s.own, pgx.TxOptions{BeginQuery: beginAs("begin", scope)}, do)
		if !wantsRetry(err) {
			break
		}
	}
	return border(err)
}

// statement runs a single statement, which is a transaction by itself, and again when the database asks for it.
func (s *Store) statement(ctx context.Context, do func(tx db.DBTX) error) error {
	var err error
	for range maxTries {
		if err = do(s.own); !wantsRetry(err) || ctx.Err() != nil {
			break
		}
	}
	return border(err)
}

// wantsRetry recognises serialization failures and deadlocks.
func wantsRetry(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// border turns "the database is away" into the error that people get; everything else passes.
func border(err error) error {
	if err == nil || !away(err) {
		return err
	}
	return fmt.Errorf("%w (%T)", civic.Unavailable("database.unavailable"), err)
}

func away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57": // connection, resources, shutdown
			return pg.Code != "57014" // a query cancelled by us
		}
		return false
	}
	var known *civic.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, net.ErrClosed) || isBroken(err)
}

// isBroken recognises a connection that ended under a query.
func isBroken(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}
