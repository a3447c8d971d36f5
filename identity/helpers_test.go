package identity_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/migrate"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	migrations "github.com/jagawarga/jagawarga/migrations/identity"
)

const (
	ownerRole   = "jagawarga_identity_owner"
	serviceRole = "jagawarga_identity"
)

// migrated gives a database with the schema and nothing in it.
func migrated(t *testing.T) (adminURL string) {
	t.Helper()
	return pgtest.Template(t, "identity", func(ctx context.Context, adminURL string) error {
		if err := withRoles(ctx, adminURL); err != nil {
			return err
		}
		return migrate.Up(ctx, pgtest.As(adminURL, ownerRole, pgtest.RolePassword), migrations.FS)
	})
}

// withRoles makes the two roles, and one of them the owner of the database.
func withRoles(ctx context.Context, adminURL string) error {
	if err := pgtest.Roles(ctx, adminURL, ownerRole, serviceRole); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s OWNER TO %s", conn.Config().Database, ownerRole))
	return err
}

// clock is handed in and moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// city is one identity service with everything around it.
type city struct {
	*identityclient.Client
	admin   string // URL of the database
	secrets string
	clock   *clock
	logs    *syncBuffer
	address string
	stop    func() error
	stopped func() error // what Serve returned; nil while it runs
}

// start runs a service over a fresh database.
func start(t *testing.T, change ...func(*identity.Config)) *city {
	t.Helper()
	return startOn(t, migrated(t), filepath.Join(t.TempDir(), "secrets"), newClock(), change...)
}

// startOn runs a service over what is there, and waits until it is ready.
func startOn(t *testing.T, admin, secrets string, now *clock, change ...func(*identity.Config)) *city {
	t.Helper()
	c := launch(t, admin, secrets, now, change...)
	eventually(t, func() error { return c.Ready(t.Context()) })
	return c
}

func launch(t *testing.T, admin, secrets string, now *clock, change ...func(*identity.Config)) *city {
	t.Helper()
	c := &city{admin: admin, secrets: secrets, clock: now, logs: new(syncBuffer)}
	pool, err := identity.OpenPool(t.Context(), pgtest.As(admin, serviceRole, pgtest.RolePassword))
	if err != nil {
		t.Fatal(err)
	}
	cfg := identity.Config{Secrets: secrets, Now: now.Now, TokenRound: 10 * time.Millisecond, NewTokenKey: knownKeys(), Log: slog.New(slog.NewJSONHandler(c.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&cfg)
	}
	service, err := identity.New(cfg, pool, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "id") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	c.address = "unix://" + filepath.Join(folder, "s")
	ctx, cancel := context.WithCancel(context.Background())
	var served error
	done := make(chan struct{})
	go func() { served = service.Serve(ctx, c.address); close(done) }()
	c.stopped = func() error {
		select {
		case <-done:
			return served
		default:
			return nil
		}
	}
	c.stop = sync.OnceValue(func() error {
		cancel()
		<-done
		err := served
		pool.Close()
		return errors.Join(err, os.RemoveAll(folder))
	})
	t.Cleanup(func() { _ = c.stop() })
	if c.Client, err = identityclient.New(identityclient.Config{Address: c.address, Timeout: 2 * time.Minute, Now: now.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// restart ends the service and starts another over the same database and secrets.
func (c *city) restart(t *testing.T) *city {
	t.Helper()
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	return startOn(t, c.admin, c.secrets, c.clock)
}

func (c *city) verifier(t *testing.T) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(auth.VerifierConfig{Keys: c.Keys, Now: c.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (c *city) query(t *testing.T, statement string, into ...any) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), c.admin)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.QueryRow(t.Context(), statement).Scan(into...); err != nil {
		t.Fatal(err)
	}
}

// eventually tries until it works; the limit is for a test that is broken.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if err = try(); err == nil {
			return
		}
	}
	t.Fatalf("still failing: %v", err)
}

func wantError(t *testing.T, err error, code civic.Code, key string) *civic.Error {
	t.Helper()
	border, ok := errors.AsType[*civic.Error](err)
	if !ok || border.Code != code || border.Key != key {
		t.Fatalf("got %v, want %s %s", err, code, key)
	}
	return border
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A citizen of the tests, who is not in the demo data.
const (
	nik      = "3273014503920001"
	name     = "Siti Aminah"
	phone    = "0812-3456-7890"
	password = "rahasia sekali"
)

func (c *city) signUp(t *testing.T) identityclient.Session {
	t.Helper()
	session, err := c.SignUp(t.Context(), identityclient.SignUpInput{NationalID: nik, Name: name, Phone: phone, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func (c *city) signIn(ctx context.Context, password string) (identityclient.Session, error) {
	return c.SignIn(ctx, identityclient.SignInInput{NationalID: nik, Password: password})
}
