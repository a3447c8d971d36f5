package up_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up"
)

// submissions counts what lies in the stream, asked as the administrator.
func submissions(t *testing.T, r *running) uint64 {
	t.Helper()
	cfg, err := up.Admin(r.data)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := nats.Connect(cfg.NATSURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "SUBMISSIONS")
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().State.Msgs
}

// As root the cluster runs as another user, for whom what mktemp -d makes is closed.
func TestClosedParents(t *testing.T) {
	t.Parallel()
	parent, err := os.MkdirTemp("", "up") // 0700
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(parent) })
	data := filepath.Join(parent, "data")
	r := start(t, data)
	if err := r.post("/notes", "works"); err != nil {
		t.Error(err)
	}
	r.kill() // a process with a capability still gets the kernel's signal
	eventually(t, "everything is gone", nothingRunsOn(t, data))
	r = start(t, data)
	r.stop()
}

func TestALongPathGetsShortSockets(t *testing.T) {
	t.Parallel()
	data := filepath.Join(shortDir(t), strings.Repeat("long", 25))
	r := start(t, data)
	sockets, err := up.RunDir(data)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(sockets, data) || len(sockets) > 60 {
		t.Errorf("sockets in %s", sockets)
	}
	if err := r.post("/notes", "works"); err != nil {
		t.Error(err)
	}
	r.stop()
	if _, err := os.Stat(sockets); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left behind: %v", sockets, err)
	}
}

// Every role against every database of the private cluster.
func TestEachRoleEntersItsOwnDatabaseAlone(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	databases, err := r.instance().Databases()
	if err != nil {
		t.Fatal(err)
	}
	for role, home := range map[string]string{
		roles.Owner: "core", roles.Server: "core", roles.Public: "core", roles.Ingest: "core", roles.Escalator: "core",
		roles.IdentityOwner: "identity", roles.Identity: "identity",
	} {
		address, err := databases.URL(role)
		if err != nil {
			t.Fatal(err)
		}
		for _, database := range []string{"core", "identity", "postgres", "template1"} {
			err := enter(t.Context(), strings.Replace(address, "/"+home+"?", "/"+database+"?", 1))
			var refused *pgconn.PgError
			switch {
			case database == home && err != nil:
				t.Errorf("%s cannot enter %s: %v", role, database, err)
			case database != home && (!errors.As(err, &refused) || refused.Code != "42501"):
				t.Errorf("%s enters %s: %v", role, database, err)
			}
		}
		if err := enter(t.Context(), strings.Replace(address, "@", "x@", 1)); err == nil {
			t.Errorf("%s enters with a wrong password", role)
		}
	}
	if log := logOf(t, r.data); strings.Contains(log, "SELECT 'looking around'") {
		t.Error("the log holds statements")
	}
}

func enter(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, _ = conn.Exec(ctx, `SELECT 'looking around'::uuid`) // an error that would quote it in the log
	return nil
}

func logOf(t *testing.T, data string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "postgres", "log", "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no log: %v", err)
	}
	var all strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

func TestGivenServersTakeThePlaceOfThePrivateOnes(t *testing.T) {
	t.Parallel()
	adminURL, natsURL := pgtest.URL(t), natstest.Run(t)
	data := shortDir(t)
	r := start(t, data, "DATABASE_URL="+adminURL, "NATS_URL="+natsURL)
	if err := r.post("/notes", "works"); err != nil {
		t.Error(err)
	}
	if err := r.post("/submissions", "works"); err != nil {
		t.Error(err)
	}
	if messages := submissions(t, r); messages != 1 {
		t.Errorf("%d submissions", messages)
	}
	if _, err := os.Stat(filepath.Join(data, "postgres")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a private cluster: %v", err)
	}
	content, err := os.ReadFile(filepath.Join(data, "run", "up.json"))
	if err != nil || strings.Contains(string(content), "assword") {
		t.Errorf("up.json: %v, %s", err, content)
	}
	// pgtest drops the database it made; the one beside it is ours.
	r.stop()
	dropIdentity(t, adminURL)
}

func dropIdentity(t *testing.T, adminURL string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), adminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	name := conn.Config().Database + "_identity"
	if _, err := conn.Exec(t.Context(), "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotStartSaysWhyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, environment := range map[string]struct{ set, want string }{
		"database": {"DATABASE_URL=mysql://somewhere/core", "the database must be given as postgres://"},
		"away":     {"DATABASE_URL=postgres://admin:secret-password@127.0.0.1:1/core", "make roles: "},
		"scale":    {"JAGAWARGA_TIME_SCALE=fast", "the time scale must be a number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := shortDir(t)
			r, _ := launch(t, data, environment.set)
			r.wait()
			said := r.errors.String()
			if r.command.ProcessState.ExitCode() != 1 || !strings.Contains(said, environment.want) || strings.Contains(said, "secret-password") {
				t.Errorf("exit code %d: %s", r.command.ProcessState.ExitCode(), said)
			}
			if err := nothingRunsOn(t, data)(); err != nil {
				t.Errorf("still running: %v", err)
			}
		})
	}
}
