// Package coretest gives a test the core database of the demo city, with every role that the migrations know: a copy of a template that
// is migrated once for the process. Stores are opened as the roles the services have; one more role, Unwalled, may do what the server may
// and sees every row, so that tests can take row-level security away. Tests only.
package coretest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/migrate"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/core"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// Unwalled has the server's rights and bypasses row-level security.
const Unwalled = "jagawarga_test_unwalled"

// Core is one database. City is read from it once; nothing in these tests changes the city.
type Core struct {
	City  *civic.City
	Admin *pgxpool.Pool // sees and may do everything

	t      testing.TB
	url    string
	now    func() time.Time
	ingest *store.Store
	all    *store.Store // Unwalled
}

// New makes a database that lives as long as the test. No category asks for proof, so that tests of something else need no photos
// (AskForProof). Clocks of its desks and stores stand at Monday until the test says otherwise.
func New(t testing.TB) *Core {
	t.Helper()
	c := &Core{t: t, url: pgtest.Template(t, "core", prepare), now: func() time.Time { return Monday }}
	var err error
	if c.Admin, err = pgxpool.New(t.Context(), c.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Admin.Close)
	if c.City, err = c.Store(roles.Server).City(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, category := range c.City.Categories {
		category.ProofRequired = false
	}
	c.ingest, c.all = c.Store(roles.Ingest), c.Store(Unwalled)
	return c
}

// SetClock hands a clock to the stores and desks made afterwards.
func (c *Core) SetClock(now func() time.Time) { c.now = now }

// URL is how a role reaches the database.
func (c *Core) URL(role string) string { return pgtest.As(c.url, role, passwordOf(role)) }

// Store opens the database as a role. The server's has its public pool, like the real one.
func (c *Core) Store(role string) *store.Store { return c.StoreWith(role, store.Config{}) }

// StoreWith opens it with more of a configuration.
func (c *Core) StoreWith(role string, cfg store.Config) *store.Store {
	c.t.Helper()
	cfg.URL, cfg.Now = c.URL(role), func() time.Time { return c.now() }
	if role == roles.Server {
		cfg.PublicURL = c.URL(roles.Public)
	}
	opened, err := store.New(context.Background(), cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(opened.Close)
	return opened
}

// Exec runs a statement as the administrator.
func (c *Core) Exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.Admin.Exec(context.Background(), sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// Count is the one number that a query answers, as the administrator sees it.
func (c *Core) Count(sql string, args ...any) (n int) {
	c.t.Helper()
	if err := c.Admin.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

var passwords sync.Map // role to password, filled by prepare

func passwordOf(role string) string {
	password, _ := passwords.Load(role)
	text, _ := password.(string)
	return text
}

// prepare makes roles, tables and the city.
func prepare(ctx context.Context, adminURL string) error {
	secrets, err := os.MkdirTemp("", "coretest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(secrets) //nolint:errcheck // what it holds is read by then, and opens a database that ends with the test
	databases, err := roles.Ensure(ctx, adminURL, secrets)
	if err != nil {
		return err
	}
	for _, role := range []string{roles.Owner, roles.Server, roles.Public, roles.Ingest, roles.Escalator, roles.Notifier} {
		address, err := databases.URL(role)
		if err != nil {
			return err
		}
		parsed, err := url.Parse(address)
		if err != nil {
			return err
		}
		password, _ := parsed.User.Password()
		passwords.Store(role, password)
	}
	if err := addUnwalled(ctx, adminURL); err != nil {
		return err
	}
	owner := pgtest.As(adminURL, roles.Owner, passwordOf(roles.Owner))
	if err := migrate.Up(ctx, owner, core.FS); err != nil {
		return err
	}
	return saveDemo(ctx, owner)
}

// addUnwalled makes the role that sees all, and drops the database of the identity service that came with the roles.
func addUnwalled(ctx context.Context, adminURL string) error {
	if err := pgtest.Roles(ctx, adminURL, Unwalled); err != nil {
		return err
	}
	passwords.Store(Unwalled, pgtest.RolePassword)
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // the statements' own errors are the ones that tell
	for _, statement := range []string{
		"ALTER ROLE " + Unwalled + " BYPASSRLS INHERIT", "GRANT " + roles.Server + " TO " + Unwalled,
		"DROP DATABASE " + conn.Config().Database + "_identity",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func saveDemo(ctx context.Context, ownerURL string) error {
	city, err := demo.Load()
	if err != nil {
		return err
	}
	rows, err := store.New(ctx, store.Config{URL: ownerURL, MaxConns: 1})
	if err != nil {
		return err
	}
	defer rows.Close()
	return rows.SaveDemo(ctx, city)
}
