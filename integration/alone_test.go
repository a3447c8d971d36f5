package integration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/pgtest"
)

// TestEachServiceAlone runs every service as a process of its own, as one does on many machines, on a database and a broker that are
// not ours.
func TestEachServiceAlone(t *testing.T) {
	t.Parallel()
	database, broker, secrets := outsideDatabase(t), natstest.Run(t), filepath.Join(t.TempDir(), "secrets")
	common := func(service string, more ...string) []string {
		return append([]string{
			"NATS_URL=" + broker, "JAGAWARGA_DEMO=1", "JAGAWARGA_METRICS_LISTEN=off", "JAGAWARGA_SECRETS=" + filepath.Join(secrets, service),
			"JAGAWARGA_LOG_LEVEL=debug",
		}, more...)
	}
	// Twice, as at every update: the second time there is nothing to do.
	for range 2 {
		migrate := append(common("migrate", "DATABASE_URL="+database), "JAGAWARGA_SECRETS="+secrets)
		if _, said, ok := runToEnd(t, migrate, "jagawarga", "migrate"); !ok {
			t.Fatalf("migrate: %s", said)
		}
	}
	as := func(role, suffix string) string { return databaseAs(t, database, secrets, role, suffix) }
	listen, metrics := freeAddress(t), freeAddress(t)
	identity, anonymizer := "dns:///"+freeAddress(t), "unix://"+filepath.Join(t.TempDir(), "anonymizer.sock")
	services := map[string][]string{
		"identity":   common("identity", "DATABASE_URL="+as("jagawarga_identity", "_identity"), "JAGAWARGA_IDENTITY="+identity),
		"anonymizer": common("anonymizer", "JAGAWARGA_ANONYMIZER="+anonymizer),
		"ingest":     common("ingest", "DATABASE_URL="+as("jagawarga_ingest", ""), "JAGAWARGA_METRICS_LISTEN="+metrics),
		"escalator":  common("escalator", "DATABASE_URL="+as("jagawarga_escalator", "")),
		"server": common("server", "DATABASE_URL="+as("jagawarga_server", ""), "JAGAWARGA_PUBLIC_DATABASE_URL="+as("jagawarga_public", ""),
			"JAGAWARGA_LISTEN="+listen, "JAGAWARGA_IDENTITY="+identity, "JAGAWARGA_ANONYMIZER="+anonymizer),
	}
	running := map[string]*Process{}
	for name, env := range services {
		running[name] = launch(t, env, "jagawarga", "serve", name)
	}
	city := &System{URL: "http://" + listen, sessions: map[string]string{}, ids: map[string]string{}}
	eventually(t, "all parts are there", func() error {
		response, err := outside.Get(city.URL + "/readyz")
		if err != nil {
			return err
		}
		defer response.Body.Close()
		parts, err := io.ReadAll(response.Body)
		if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(parts, []byte(`"ok":false`))) {
			err = errors.New(string(parts))
		}
		return err
	})
	oneReportGoesThrough(t, city)

	if _, said, ok := runToEnd(t, []string{"JAGAWARGA_METRICS_LISTEN=" + metrics}, "jagawarga", "health"); !ok {
		t.Errorf("health: %s", said)
	}
	if _, page := city.Get(t, "http://"+metrics+"/metrics"); !strings.Contains(page, "jagawarga_ingest_submissions_total") {
		t.Error("ingest does not show what it has done")
	}
	for name, process := range running {
		if !process.Alive() {
			t.Errorf("%s has ended", name)
		}
		if took := process.Stop(); process.command.ProcessState.ExitCode() != 0 {
			t.Errorf("%s ended with %d after %v", name, process.command.ProcessState.ExitCode(), took)
		}
		for _, secret := range personal(t) {
			if strings.Contains(process.Said.String(), secret) {
				t.Errorf("the log of %s holds %q", name, secret)
			}
		}
	}
}

// TestUpOnOthersServers is `jagawarga up` where database and broker are not ours.
func TestUpOnOthersServers(t *testing.T) {
	t.Parallel()
	city := StartOn(t, emptyPlace(t), []string{"DATABASE_URL=" + outsideDatabase(t), "NATS_URL=" + natstest.Run(t)})
	oneReportGoesThrough(t, city)
	for _, unused := range []string{"postgres", "nats/jetstream"} {
		if _, err := os.Stat(filepath.Join(city.Data, unused)); err == nil {
			t.Errorf("it made a %s of its own", unused)
		}
	}
	if took := city.Stop(); city.command.ProcessState.ExitCode() != 0 {
		t.Errorf("it ended with %d after %v", city.command.ProcessState.ExitCode(), took)
	}
}

// oneReportGoesThrough every part: filed, stored, told, answered; and an anonymous one, found by its receipt.
func oneReportGoesThrough(t *testing.T, city *System) {
	t.Helper()
	citizen, officer := city.Citizen(t, 90), city.Officer(t, "drainase")
	report := citizen.Submits(t, Draft{Visibility: "PRIVATE"}).At("id").Text()
	citizen.Stored(t, report)
	feed := officer.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "drainase"), "after": city.Dawn(t)})
	second := citizen.Submits(t, Draft{}).At("id").Text()
	feed.Tells(second)
	officer.Moves(t, second, "VERIFIED", "Kami periksa.")
	if told := feed.Tells(second); told.Text("report.status") != "VERIFIED" {
		t.Errorf("the department is told %v", told)
	}
	if seen := citizen.Sees(t, second); seen.At("status").Text() != "VERIFIED" || seen.At("reporter.name").Text() == "" {
		t.Errorf("the citizen sees %v", seen)
	}
	city.Officer(t, "lampu").Refused(t, "NOT_FOUND", "", `query($r:ID!){report(id:$r){id}}`, Vars{"r": report})
	citizen.files(t, anonymousDraft(t, city, canary+" Petugas meminta uang."))
}

// outsideDatabase is an empty database of a server that is not ours, with an administrator's rights.
func outsideDatabase(t *testing.T) string {
	t.Helper()
	address := pgtest.URL(t)
	t.Cleanup(func() { // migrate has made a second one beside it
		conn, err := pgx.Connect(context.Background(), address)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP DATABASE IF EXISTS "+databaseName(t, address)+"_identity WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address
}

func databaseName(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// databaseAs is the database, or the one beside it with the suffix, as a service's own role.
func databaseAs(t *testing.T, address, secrets, role, suffix string) string {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(secrets, "db", role))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(pgtest.As(address, role, strings.TrimSpace(string(password))))
	if err != nil {
		t.Fatal(err)
	}
	u.Path += suffix
	return u.String()
}

// freeAddress is one that nobody listens on just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return fmt.Sprint(listener.Addr())
}
