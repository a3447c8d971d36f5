package roles

import (
	"context"
	_ "embed" // core.sql, identity.sql
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jagawarga/jagawarga/internal/process"
)

var (
	//go:embed core.sql
	coreSQL string
	//go:embed identity.sql
	identitySQL string
)

// maxAttempts is enough for a dozen processes that start at once.
const maxAttempts = 20

// Ensure is At followed by Databases.Ensure, for who has an administrator's URL and nothing else.
func Ensure(ctx context.Context, adminURL, secrets string) (Databases, error) {
	databases, err := At(adminURL, secrets)
	if err != nil {
		return Databases{}, err
	}
	return databases, databases.Ensure(ctx, adminURL)
}

// Ensure makes what is missing of roles, passwords and databases, and sets who may enter. adminURL is a role that may create
// both. Running it again, also by several processes at once, changes nothing.
func (d Databases) Ensure(ctx context.Context, adminURL string) error {
	admin, err := url.Parse(adminURL)
	if err != nil {
		return errors.New("make roles: the administrator's URL cannot be read")
	}
	for attempt := 1; ; attempt++ {
		err := d.ensure(ctx, admin)
		if err == nil {
			return nil
		}
		if attempt == maxAttempts || !meanwhile(err) {
			return fmt.Errorf("make roles: %w", err)
		}
		select { // apart by chance, so that two do not meet again and again
		case <-ctx.Done():
			return fmt.Errorf("make roles: %w", ctx.Err())
		case <-time.After(rand.N(200 * time.Millisecond)):
		}
	}
}

// meanwhile says whether err may come from another process that does the same at the same time.
func meanwhile(err error) bool {
	var refused *pgconn.PgError
	// unique_violation, duplicate_object, duplicate_database, object_in_use, serialization_failure, "tuple concurrently updated"
	return errors.As(err, &refused) &&
		slices.Contains([]string{"23505", "42710", "42P04", "55006", "40001", "XX000"}, refused.Code)
}

func (d Databases) ensure(ctx context.Context, admin *url.URL) error {
	conn, err := d.connect(ctx, admin, d.core)
	if code(err) == "3D000" { // invalid_catalog_name: on the first start there is only the server's own database
		conn, err = d.connect(ctx, admin, "postgres")
	}
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, role := range slices.Concat(coreRoles, identityRoles) {
		if err := d.ensureRole(ctx, conn, role); err != nil {
			return fmt.Errorf("role %s: %w", role, err)
		}
	}
	if d.alone {
		if _, err := conn.Exec(ctx, `REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC`); err != nil {
			return err
		}
	}
	for _, database := range []struct{ name, rights string }{{d.core, coreSQL}, {d.identity, identitySQL}} {
		if err := ensureDatabase(ctx, conn, database.name); err != nil {
			return fmt.Errorf("database %s: %w", database.name, err)
		}
		if err := d.grant(ctx, admin, database.name, database.rights); err != nil {
			return fmt.Errorf("rights in database %s: %w", database.name, err)
		}
	}
	return nil
}

// ensureRole makes the role or gives it its password again, as a SCRAM verifier: the password itself is in no statement and so
// in no log. A role that may do more than ours ever do is not ours: it is refused.
func (d Databases) ensureRole(ctx context.Context, conn *pgx.Conn, role string) error {
	password, err := process.Password(d.secrets, "db/"+role)
	if err != nil {
		return err
	}
	verifier, err := scramVerifier(password)
	if err != nil {
		return err
	}
	var powerful bool
	err = conn.QueryRow(ctx, `SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = $1`, role).
		Scan(&powerful)
	verb := "ALTER"
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		verb = "CREATE"
	case err != nil:
		return err
	case powerful:
		return errors.New("exists with rights of an administrator; rename it or take them away")
	}
	_, err = conn.Exec(ctx, verb+" ROLE "+pgx.Identifier{role}.Sanitize()+" WITH LOGIN NOINHERIT PASSWORD '"+verifier+"'")
	return err
}

func ensureDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return err
	}
	_, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return err
}

func (d Databases) grant(ctx context.Context, admin *url.URL, database, rights string) error {
	conn, err := d.connect(ctx, admin, database)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, strings.ReplaceAll(rights, ":database", pgx.Identifier{database}.Sanitize()))
	return err
}

func (d Databases) connect(ctx context.Context, admin *url.URL, database string) (*pgx.Conn, error) {
	u := *admin
	u.Path = "/" + database
	return pgx.Connect(ctx, u.String())
}

func code(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
