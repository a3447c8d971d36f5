package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
)

// OpenPool prepares a pool for a service and does not wait for the database: a connection is made when somebody needs one.
func OpenPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("identity: the database URL cannot be read") // the parser's own error may quote the password
	}
	cfg.MaxConns = 8
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.ConnConfig.ConnectTimeout = 3 * time.Second
	return pgxpool.NewWithConfig(ctx, cfg)
}

const maxTries = 6

// inTransaction runs do in a transaction, and again from the start when the database asks for it (serialization failure, deadlock).
func (s *Service) inTransaction(ctx context.Context, do func(q *db.Queries) error) error {
	var err error
	for range maxTries {
		err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return do(s.queries.WithTx(tx)) })
		if code := sqlState(err); code != "40001" && code != "40P01" {
			break
		}
	}
	return border(err)
}

// border turns "the database is away" into the error that people get; everything else passes.
func border(err error) error {
	if err == nil || !away(err) {
		return err
	}
	return fmt.Errorf("%w (database: %T)", civic.Unavailable("identity.unavailable"), err)
}

func away(err error) bool {
	if _, connecting := errors.AsType[*pgconn.ConnectError](err); connecting {
		return true
	}
	if code := sqlState(err); code != "" {
		class := code[:2] // connection, resources, shutdown; but 57014 is a query that we gave up ourselves
		return (class == "08" || class == "53" || class == "57") && code != "57014"
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, pgx.ErrNoRows) {
		return false
	}
	_, network := errors.AsType[net.Error](err)
	return network || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

func sqlState(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}

const uniqueViolation = "23505"

func row(id civic.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }
