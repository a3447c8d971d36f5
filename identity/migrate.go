package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	migrations "github.com/jagawarga/jagawarga/migrations/identity"
)

// Migrate brings the schema up to date. ownerURL is the role that owns the database's tables; the role jagawarga_identity exists already.
// Several may run at once: a row in a table is the lock, and one whose holder died is free again after half a minute.
func Migrate(ctx context.Context, ownerURL string) error {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return errors.New("identity: the database URL cannot be read") // the parser's own error may quote the password
	}
	database := stdlib.OpenDB(*cfg)
	if err := migrate(ctx, database); err != nil {
		return errors.Join(fmt.Errorf("identity: migrate: %w", err), database.Close())
	}
	return database.Close()
}

func migrate(ctx context.Context, database *sql.DB) error {
	locker, err := lock.NewPostgresTableLocker(
		lock.WithTableLockTimeout(250*time.Millisecond, 4*60), lock.WithTableUnlockTimeout(250*time.Millisecond, 4*10),
	)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, migrations.FS, goose.WithLocker(locker))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
