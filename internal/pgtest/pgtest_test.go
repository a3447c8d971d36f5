package pgtest_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/internal/pgtest"
)

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	for range 2 {
		run(t, pgtest.URL(t), "CREATE TABLE only_here (id bigint)")
	}
}

func TestTemplateIsPreparedOnce(t *testing.T) {
	t.Parallel()
	var prepared atomic.Int32
	prepare := func(ctx context.Context, address string) error {
		prepared.Add(1)
		conn, err := pgx.Connect(ctx, address)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE prepared (id bigint)")
		return err
	}
	for range 3 {
		run(t, pgtest.Template(t, "once", prepare), "INSERT INTO prepared (id) VALUES (1)")
	}
	if prepared.Load() != 1 {
		t.Errorf("prepared %d times", prepared.Load())
	}
}

func TestAs(t *testing.T) {
	t.Parallel()
	got := pgtest.As("postgres://postgres@/db?host=%2Ftmp%2Fx", "jagawarga_server", "secret")
	if want := "postgres://jagawarga_server:secret@/db?host=%2Ftmp%2Fx"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func run(t *testing.T, address, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
