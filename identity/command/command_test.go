package command_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/identity/command"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/migrate"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	migrations "github.com/jagawarga/jagawarga/migrations/identity"
)

// The whole program: from its environment to a demo officer who signs in, with a population registry and metrics.
func TestRun(t *testing.T) {
	t.Parallel()
	admin := pgtest.URL(t)
	prepare(t, admin)
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"result":"UNKNOWN"}`)
	}))
	t.Cleanup(registry.Close)
	folder, err := os.MkdirTemp("", "id") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	metricsAddress := freePort(t)
	env := map[string]string{
		"JAGAWARGA_IDENTITY":                "unix://" + filepath.Join(folder, "s"),
		"DATABASE_URL":                      pgtest.As(admin, "jagawarga_identity", pgtest.RolePassword),
		"JAGAWARGA_SECRETS":                 filepath.Join(folder, "secrets"),
		"JAGAWARGA_DEMO":                    "1",
		"JAGAWARGA_METRICS_LISTEN":          metricsAddress,
		"JAGAWARGA_POPULATION_REGISTRY_URL": registry.URL,
	}
	for _, name := range []string{"JAGAWARGA_IDENTITY", "DATABASE_URL", "JAGAWARGA_SECRETS"} {
		err := command.Run(t.Context(), func(asked string) string {
			if asked == name {
				return ""
			}
			return env[asked]
		}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	for _, number := range []string{"0", "many", "1001"} {
		err := command.Run(t.Context(), func(asked string) string {
			if asked == command.EnvTokensPerDay {
				return number
			}
			return env[asked]
		}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), command.EnvTokensPerDay) {
			t.Errorf("%s tokens a day: %v", number, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- command.Run(ctx, func(name string) string { return env[name] }, io.Discard) }()
	stopped := false
	t.Cleanup(func() {
		cancel()
		if !stopped {
			<-ended
		}
	})

	client, err := identityclient.New(identityclient.Config{Address: env["JAGAWARGA_IDENTITY"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	for deadline := time.Now().Add(2 * time.Minute); client.Ready(t.Context()) != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not ready")
		}
	}
	session, err := client.SignIn(t.Context(), identityclient.SignInInput{Email: "walikota@demo.jagawarga.test", Password: "jagawarga-demo"})
	if err != nil || session.Name != "Rahmat Gunadi" {
		t.Errorf("signed in as %+v, %v", session, err)
	}
	_, err = client.SignUp(t.Context(), identityclient.SignUpInput{NationalID: "3273014503920001", Name: "Siti Aminah", Password: "rahasia sekali"})
	if err == nil || err.Error() != "INVALID_INPUT nationalId national_id.not_confirmed" {
		t.Errorf("signed up against the registry: %v", err)
	}
	page := get(t, "http://"+metricsAddress+"/metrics")
	for _, want := range []string{
		`jagawarga_identity_sign_ins_total{part="identity",result="ok"} 1`, `jagawarga_identity_sign_ups_total{part="identity",result="refused"} 1`,
		`jagawarga_rpc_request_seconds_count{code="OK",method="SignIn",part="identity"} 1`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if page := get(t, "http://"+metricsAddress+"/readyz"); !strings.Contains(page, `"identity":"ready"`) {
		t.Errorf("readiness %s", page)
	}
	cancel()
	stopped = true
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func prepare(t *testing.T, admin string) {
	t.Helper()
	const owner = "jagawarga_identity_owner"
	if err := pgtest.Roles(t.Context(), admin, owner, "jagawarga_identity"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), fmt.Sprintf("ALTER DATABASE %s OWNER TO %s", conn.Config().Database, owner)); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Up(t.Context(), pgtest.As(admin, owner, pgtest.RolePassword), migrations.FS); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
