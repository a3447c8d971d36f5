package open311_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// Only the server knows partners by their keys, and no service can give one.
func TestWhoTouchesKeys(t *testing.T) {
	t.Parallel()
	core := coretest.New(t)
	for _, role := range []string{roles.Server, roles.Public, roles.Ingest, roles.Escalator, roles.Notifier} {
		conn, err := pgx.Connect(t.Context(), core.URL(role))
		if err != nil {
			t.Fatal(err)
		}
		for statement, allowed := range map[string]bool{
			"SELECT key_hash FROM partners": role == roles.Server,
			"INSERT INTO partners (id, name, key_hash, created_at) VALUES (gen_random_uuid(), 'x', 'x'::bytea, now())": false,
			"UPDATE partners SET revoked_at = NULL": false,
			"DELETE FROM partners":                  false,
		} {
			_, err := conn.Exec(t.Context(), statement)
			refused := (*pgconn.PgError)(nil)
			if denied := errors.As(err, &refused) && refused.Code == "42501"; denied == allowed {
				t.Errorf("%s: %s: %v", role, statement, err)
			}
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
