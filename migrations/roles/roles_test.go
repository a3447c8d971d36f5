package roles_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/internal/pgtest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

var all = []string{
	roles.Owner, roles.Server, roles.Public, roles.Ingest, roles.Escalator, roles.IdentityOwner, roles.Identity,
}

// ensured is a fresh installation on the test server; what it made beside the test's own database goes with the test.
func ensured(t *testing.T) (roles.Databases, string) {
	t.Helper()
	adminURL := pgtest.URL(t)
	databases, err := roles.Ensure(t.Context(), adminURL, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// One by one: the test's own database is dropped by its maker, and cannot be dropped from within.
		exec(t, adminURL, "DROP DATABASE "+nameOf(t, adminURL)+"_identity WITH (FORCE)")
	})
	return databases, adminURL
}

func nameOf(t *testing.T, address string) string {
	t.Helper()
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Database
}

func exec(t *testing.T, address, statement string) {
	t.Helper()
	if err := try(address, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func try(address, statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func TestEnsure(t *testing.T) {
	databases, adminURL := ensured(t)

	t.Run("again, and by many at once", func(t *testing.T) {
		var running sync.WaitGroup
		for range 8 {
			running.Go(func() {
				if err := databases.Ensure(t.Context(), adminURL); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
	})

	t.Run("nobody may do more than enter, and owners make tables", func(t *testing.T) {
		for _, role := range all {
			address, err := databases.URL(role)
			if err != nil {
				t.Fatal(err)
			}
			owns := role == roles.Owner || role == roles.IdentityOwner
			for statement, allowed := range map[string]bool{
				"SELECT 1":                             true,
				"CREATE TABLE made_by_" + role + " ()": owns,
				"CREATE SCHEMA made_by_" + role:        owns,
				"CREATE DATABASE made_by_" + role:      false,
				"CREATE ROLE made_by_" + role:          false,
				"SET ROLE " + roles.Owner:              role == roles.Owner,
			} {
				err := try(address, statement)
				var refused *pgconn.PgError
				if allowed && err != nil || !allowed && (!errors.As(err, &refused) || refused.Code != "42501") {
					t.Errorf("%s: %s: allowed %v, got %v", role, statement, allowed, err)
				}
			}
		}
	})

	t.Run("a password is a file", func(t *testing.T) {
		first, err := databases.URL(roles.Server)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := databases.URL(roles.Server); err != nil || first != second {
			t.Errorf("the password changed: %v", err)
		}
		if strings.Contains(databases.Address(), "@") {
			t.Error("the address holds a user")
		}
	})

	t.Run("a role of that name with an administrator's rights is refused", func(t *testing.T) {
		exec(t, adminURL, "ALTER ROLE jagawarga_escalator BYPASSRLS")
		err := databases.Ensure(t.Context(), adminURL)
		exec(t, adminURL, "ALTER ROLE jagawarga_escalator NOBYPASSRLS")
		if err == nil || !strings.Contains(err.Error(), "jagawarga_escalator") {
			t.Errorf("%v", err)
		}
	})
}

func TestAnAddressThatIsNone(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "core", "mysql://a/core", "postgres://admin:secret@host", "postgres://admin:secret@host:port/core"} {
		if _, err := roles.At(address, t.TempDir()); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
