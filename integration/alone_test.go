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
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/pgtest"
)

// TestEachServiceAlone runs every service as a process of its own, and two of each that may be several, as one does on many machines;
// on a database and a broker that are not ours.
func TestEachServiceAlone(t *testing.T) {
	t.Parallel()
	s := newServices(t)
	s.migrate(t)
	running := map[string]*Process{}
	for name := range s.env {
		running[name] = s.start(t, name)
	}
	whole := t // a process lives as long as the test that started it
	city, other := s.city(t, "server 1"), s.city(t, "server 2")
	oneReportGoesThrough(t, city)
	t.Run("two servers are one", func(t *testing.T) { twoServersAreOne(t, city, other) })
	t.Run("pictures pass between servers", func(t *testing.T) { picturesPassBetweenServers(t, city, other) })
	t.Run("reports wait for ingest", func(t *testing.T) {
		running["ingest 1"].Kill()
		running["ingest 2"].Kill()
		citizen := city.Citizen(t, 91)
		filed := citizen.Must(t, submitReport, Vars{"input": Draft{Visibility: "PRIVATE"}.input(t, city)}).At("submitReport")
		if filed.At("state").Text() != "QUEUED" || filed.At("report.timeline.nodes.0.kind").Text() != "SUBMITTED" {
			t.Errorf("without ingest: %v", filed)
		}
		citizen.Refused(t, "NOT_FOUND", "", `query($r:ID!){report(id:$r){id}}`, Vars{"r": filed.At("report.id").Text()})
		running["ingest 1"] = s.start(whole, "ingest 1")
		delete(running, "ingest 2")
		citizen.Stored(t, filed.At("report.id").Text())
	})
	t.Run("two escalators take one step", func(t *testing.T) { twoEscalatorsTakeOneStep(t, city) })
	t.Run("guessers have to work", func(t *testing.T) { guessersHaveToWork(t, other, city) })
	t.Run("names are known without identity", func(t *testing.T) {
		citizen := city.Citizen(t, 96)
		running["identity"].Kill()
		namesAreKnownWithoutIdentity(t, citizen, &Caller{System: other, Token: citizen.Token})
		running["identity"] = s.start(whole, "identity")
	})

	if _, said, ok := runToEnd(t, []string{"JAGAWARGA_METRICS_LISTEN=" + s.metrics}, "jagawarga", "health"); !ok {
		t.Errorf("health: %s", said)
	}
	if _, page := city.Get(t, "http://"+s.metrics+"/metrics"); !strings.Contains(page, "jagawarga_ingest_submissions_total") {
		t.Error("ingest does not show what it has done")
	}
	for name, process := range running {
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

// services are the processes of a city, and the environment of each.
type services struct {
	secrets  string
	database string   // with an administrator's rights
	admin    []string // the environment of migrate
	env      map[string][]string
	listen   map[string]string // of the servers
	metrics  string            // of the first ingest
}

func newServices(t *testing.T) *services {
	t.Helper()
	s := &services{secrets: filepath.Join(t.TempDir(), "secrets"), listen: map[string]string{}, metrics: freeAddress(t)}
	database, broker := outsideDatabase(t), natstest.Run(t)
	s.database = database
	common := []string{
		"NATS_URL=" + broker, "JAGAWARGA_DEMO=1", "JAGAWARGA_METRICS_LISTEN=off", "JAGAWARGA_TIME_SCALE=3600", "JAGAWARGA_LOG_LEVEL=debug",
		"JAGAWARGA_BLOBS=file://" + filepath.Join(t.TempDir(), "blobs"), "JAGAWARGA_BLOB_KEY_FILE=" + filepath.Join(s.secrets, "blobs.key"),
	}
	s.admin = append(slices.Clone(common), "DATABASE_URL="+database, "JAGAWARGA_SECRETS="+s.secrets)
	s.migrate(t)
	as := func(role, suffix string) string { return databaseAs(t, database, s.secrets, role, suffix) }
	identity, anonymizer := "dns:///"+freeAddress(t), "unix://"+filepath.Join(t.TempDir(), "anonymizer.sock")
	s.env = map[string][]string{
		"identity":    {"DATABASE_URL=" + as("jagawarga_identity", "_identity"), "JAGAWARGA_IDENTITY=" + identity},
		"anonymizer":  {"JAGAWARGA_ANONYMIZER=" + anonymizer},
		"ingest 1":    {"DATABASE_URL=" + as("jagawarga_ingest", ""), "JAGAWARGA_METRICS_LISTEN=" + s.metrics},
		"ingest 2":    {"DATABASE_URL=" + as("jagawarga_ingest", "")},
		"escalator 1": {"DATABASE_URL=" + as("jagawarga_escalator", "")},
		"escalator 2": {"DATABASE_URL=" + as("jagawarga_escalator", "")},
	}
	for _, name := range []string{"server 1", "server 2"} {
		s.listen[name] = freeAddress(t)
		s.env[name] = []string{
			"DATABASE_URL=" + as("jagawarga_server", ""), "JAGAWARGA_PUBLIC_DATABASE_URL=" + as("jagawarga_public", ""),
			"JAGAWARGA_LISTEN=" + s.listen[name], "JAGAWARGA_IDENTITY=" + identity, "JAGAWARGA_ANONYMIZER=" + anonymizer,
		}
	}
	for name, own := range s.env {
		service, _, _ := strings.Cut(name, " ")
		s.env[name] = append(append(slices.Clone(common), "JAGAWARGA_SECRETS="+filepath.Join(s.secrets, service)), own...)
	}
	return s
}

// migrate may run again and again, as it does at every update.
func (s *services) migrate(t *testing.T) {
	t.Helper()
	if _, said, ok := runToEnd(t, s.admin, "jagawarga", "migrate"); !ok {
		t.Fatalf("migrate: %s", said)
	}
}

func (s *services) start(t *testing.T, name string) *Process {
	t.Helper()
	service, _, _ := strings.Cut(name, " ")
	return launch(t, s.env[name], "jagawarga", "serve", service)
}

// city is the city as one of its servers shows it, once that finds all parts there.
func (s *services) city(t *testing.T, server string) *System {
	t.Helper()
	city := &System{URL: "http://" + s.listen[server], sessions: map[string]string{}, ids: map[string]string{}}
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
	return city
}

// twoServersAreOne: what happens at one is told at the other, and a token and a cursor of one are good at the other.
func twoServersAreOne(t *testing.T, city, other *System) {
	citizen := city.Citizen(t, 92)
	there := &Caller{System: other, Token: city.Officer(t, "drainase").Token}
	report := citizen.Submits(t, Draft{Key: "di dua tempat"}).At("id").Text()
	feed := there.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "drainase"), "after": city.Dawn(t)})
	feed.Tells(report)
	there.Moves(t, report, "VERIFIED", "")
	if seen := citizen.Sees(t, report); seen.At("status").Text() != "VERIFIED" {
		t.Errorf("the other sees %v", seen)
	}
	again := &Caller{System: other, Token: citizen.Token}
	if id := again.Submits(t, Draft{Key: "di dua tempat"}).At("id").Text(); id != report {
		t.Errorf("a retry at the other gives %s, not %s", id, report)
	}
}

func twoEscalatorsTakeOneStep(t *testing.T, city *System) {
	citizen := city.Citizen(t, 93)
	var reports []string
	for range 10 {
		reports = append(reports, citizen.Submits(t, Draft{}).At("id").Text())
	}
	for _, report := range reports {
		eventually(t, "it climbs", func() error {
			if citizen.Sees(t, report).At("timeline.nodes.2").Null() {
				return errNotYet
			}
			return nil
		})
	}
	for _, report := range reports {
		steps := citizen.Sees(t, report).At("timeline.nodes")
		if got := fmt.Sprint(steps.Texts("department.code")); got != "[drainase infrastruktur sekda]" && got != "[drainase infrastruktur sekda walikota]" {
			t.Errorf("it went through %s", got)
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
