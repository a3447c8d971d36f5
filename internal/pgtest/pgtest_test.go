package pgtest_test

import (
	"context"
	"crypto/rand"
	"os"
	"sync"
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
	name := rand.Text() // templates live as long as the process, which may run this test again
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
		run(t, pgtest.Template(t, name, prepare), "INSERT INTO prepared (id) VALUES (1)")
	}
	want := int32(1)
	if os.Getenv("TEST_DATABASE_URL") != "" { // no templates on somebody else's server
		want = 3
	}
	if prepared.Load() != want {
		t.Errorf("prepared %d times, want %d", prepared.Load(), want)
	}
}

func TestRolesMayBeThereAlready(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	var making sync.WaitGroup
	for range 4 {
		making.Go(func() {
			if err := pgtest.Roles(t.Context(), address, "pgtest_one", "pgtest_two"); err != nil {
				t.Error(err)
			}
		})
	}
	making.Wait()
	run(t, pgtest.As(address, "pgtest_one", pgtest.RolePassword), "SELECT 1")
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
