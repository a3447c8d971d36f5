package identity_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/migrate"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	migrations "github.com/jagawarga/jagawarga/migrations/identity"
)

// A service that comes up before its database has a schema answers UNAVAILABLE, publishes its keys, and goes on by itself.
func TestWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	admin := pgtest.URL(t)
	if err := withRoles(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	c := launch(t, admin, t.TempDir(), newClock(), func(cfg *identity.Config) { cfg.Demo = true })
	eventually(t, func() error { _, err := c.Keys(t.Context()); return err })
	wantError(t, c.Ready(t.Context()), civic.CodeUnavailable, "identity.unavailable")
	demoOfficer := identityclient.SignInInput{Email: "walikota@demo.jagawarga.test", Password: "jagawarga-demo"}
	_, err := c.SignIn(t.Context(), demoOfficer)
	wantError(t, err, civic.CodeUnavailable, "identity.unavailable")
	if err := migrate.Up(t.Context(), pgtest.As(admin, ownerRole, pgtest.RolePassword), migrations.FS); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return c.Ready(t.Context()) })
	if _, err := c.SignIn(t.Context(), demoOfficer); err != nil {
		t.Error(err)
	}
}

// Calls while the database is away are UNAVAILABLE, and the first one after it is back is answered.
func TestDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	c := start(t)
	session := c.signUp(t)
	elsewhere, err := pgx.ParseConfig(c.admin)
	if err != nil {
		t.Fatal(err)
	}
	name := elsewhere.Database
	elsewhere.Database = "postgres"
	conn, err := pgx.ConnectConfig(t.Context(), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	run := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false")
	run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'")
	for range 20 {
		_, err := c.signIn(t.Context(), password)
		wantError(t, err, civic.CodeUnavailable, "identity.unavailable")
		_, err = c.Refresh(t.Context(), session.RefreshToken)
		wantError(t, err, civic.CodeUnavailable, "identity.unavailable")
	}
	wantError(t, c.Ready(t.Context()), civic.CodeUnavailable, "identity.unavailable")
	run("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true")
	if _, err := c.signIn(t.Context(), password); err != nil {
		t.Error(err)
	}
	if _, err := c.Refresh(t.Context(), session.RefreshToken); err != nil {
		t.Error(err)
	}
}
