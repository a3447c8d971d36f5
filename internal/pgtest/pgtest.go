// Package pgtest gives every test a PostgreSQL database of its own. The first test of a process that asks starts a throwaway cluster
// (durability off, a unix socket in a folder of its own, no network); it stops, and its files go, when the process ends, however it
// ends. With TEST_DATABASE_URL, an administrator's URL, the databases are made there instead and dropped after each test.
//
// A machine without PostgreSQL fails the test: nothing is skipped in silence. Roles belong to the whole cluster, so tests share them.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// envServer names the variable with an administrator's URL of a server to use instead of a throwaway cluster.
const envServer = "TEST_DATABASE_URL"

// admin is found or started once for the process.
var admin = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(envServer); given != "" {
		return given, nil
	}
	return startCluster()
})

// URL makes an empty database that lives as long as the test, and returns an administrator's URL of it.
func URL(t testing.TB) string {
	t.Helper()
	return fresh(t, "template0")
}

// Template makes a database like URL, as a copy of one that prepare filled: the first caller of name in this process waits for
// prepare, everybody else for a copy, which takes some 30 ms. prepare must leave no connection open. On a server of somebody else's,
// which a template would outlive the process on, every database is prepared by itself.
func Template(t testing.TB, name string, prepare func(ctx context.Context, adminURL string) error) string {
	t.Helper()
	if os.Getenv(envServer) != "" {
		address := URL(t)
		if err := prepare(context.Background(), address); err != nil {
			t.Fatalf("preparing the database %q: %v", name, err)
		}
		return address
	}
	once, _ := templates.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		template, err := create("template0")
		if err != nil {
			return "", err
		}
		return template, prepare(context.Background(), withDatabase(template))
	}))
	template, err := once.(func() (string, error))()
	if err != nil {
		t.Fatalf("preparing the database %q: %v", name, err)
	}
	return fresh(t, template)
}

// templates maps a name to its func() (database string, err error).
var templates sync.Map

// As returns a database's URL for another role. The throwaway cluster asks no role for a password; elsewhere it is the one given.
func As(databaseURL, role, password string) string {
	u, err := url.Parse(databaseURL)
	if err != nil {
		panic("pgtest: " + err.Error())
	}
	u.User = url.UserPassword(role, password)
	query := u.Query()
	query.Del("user")
	query.Del("password")
	u.RawQuery = query.Encode()
	return u.String()
}

func fresh(t testing.TB, template string) string {
	t.Helper()
	database, err := create(template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute("DROP DATABASE " + database + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(database)
}

func create(template string) (database string, err error) {
	database = "test_" + strings.ToLower(rand.Text())
	return database, execute("CREATE DATABASE " + database + " TEMPLATE " + template)
}

func execute(statement string) error {
	address, err := admin()
	if err != nil {
		return err
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // the statement's own error is the one that tells
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("pgtest: %s: %w", statement, err)
	}
	return nil
}

func withDatabase(database string) string {
	address, _ := admin() // create has asked it already
	u, err := url.Parse(address)
	if err != nil {
		panic("pgtest: " + envServer + " must be a postgres:// URL")
	}
	u.Path = "/" + database
	return u.String()
}
