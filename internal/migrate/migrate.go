// Package migrate brings a database's schema up to date with goose. Several may run at once: a row in a table is the lock, since
// CockroachDB has no advisory locks.
package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// A lock whose holder died is free again after half a minute; who waits looks four times a second, for a minute.
const (
	lookEvery   = 250 * time.Millisecond
	lockTries   = 4 * 60
	unlockTries = 4 * 10
)

// Up runs what is missing of migrations. ownerURL is the role that owns the tables; the roles that are granted rights exist already.
func Up(ctx context.Context, ownerURL string, migrations fs.FS) error {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return errors.New("migrate: the database URL cannot be read") // the parser's own error may quote the password
	}
	database := stdlib.OpenDB(*cfg)
	if err := up(ctx, database, migrations); err != nil {
		return errors.Join(fmt.Errorf("migrate %s: %w", cfg.Database, err), database.Close())
	}
	return database.Close()
}

func up(ctx context.Context, database *sql.DB, migrations fs.FS) error {
	locker, err := lock.NewPostgresTableLocker(
		lock.WithTableLockTimeout(lookEvery, lockTries), lock.WithTableUnlockTimeout(lookEvery, unlockTries),
	)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, migrations, goose.WithLocker(locker))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
