package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the checkout.
const root = "../.."

// fixture reads the real deployment, and what really exists but for the programs: those are built and asked by make
// compose-check, so their answers are written down here.
func fixture(t *testing.T) (*deployment, known) {
	t.Helper()
	d, err := read(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	return d, facts(t)
}

// gathered reads our sources once.
var gathered = sync.OnceValues(func() (known, error) { return gather(root, "nowhere") })

func facts(t *testing.T) known {
	t.Helper()
	k, err := gathered()
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string][]string{
		"jagawarga": {"up", "serve", "migrate", "health"}, "jagawarga serve": {"server", "portal", "ingest", "escalator", "notifier", "identity", "anonymizer"},
		"identity": {"health"}, "anonymizer": {"health"},
	}
	k.next = func(_ context.Context, program string, words ...string) ([]string, error) {
		return commands[strings.Join(append([]string{program}, words...), " ")], nil
	}
	return k
}

func TestStands(t *testing.T) {
	t.Parallel()
	d, known := fixture(t)
	for _, problem := range d.check(t.Context(), known) {
		t.Error(problem)
	}
}

// Each variant breaks one thing, and must be told apart from the real deployment.
func TestBroken(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		file, old, new string
		says           string
	}{
		"unknown command":    {"docker-compose.yml", "[serve, ingest]", "[serve, digest]", "ingest: `jagawarga serve digest`: it has no \"digest\" there"},
		"unknown variable":   {"docker-compose.yml", "JAGAWARGA_IDENTITY: dns:///identity", "JAGAWARGA_IDENTITI: dns:///identity", "server: no program reads the variable JAGAWARGA_IDENTITI"},
		"password in clear":  {"docker-compose.yml", "DATABASE_URL_FILE: /run/secrets/url-ingest-database", "DATABASE_URL: postgres://a:b@postgres/core", "ingest: DATABASE_URL holds a password"},
		"foreign secret":     {"docker-compose.yml", "NATS_URL_FILE: /run/secrets/url-ingest-nats", "NATS_URL_FILE: /run/secrets/url-server-nats", "ingest: NATS_URL_FILE points to /run/secrets/url-server-nats, a secret that it is not given"},
		"anonymizer sees db": {"docker-compose.yml", "[bus-anonymizer, rpc-anonymizer, metrics-anonymizer]", "[bus-anonymizer, rpc-anonymizer, metrics-anonymizer, core-db]", "anonymizer shares a network with postgres"},
		"anonymizer sees id": {"docker-compose.yml", "[identity-db, rpc-identity, metrics-identity]", "[identity-db, rpc-identity, rpc-anonymizer, metrics-identity]", "anonymizer shares a network with identity"},
		"a way out":          {"docker-compose.yml", "rpc-anonymizer: { internal: true }", "rpc-anonymizer: {}", "anonymizer: network rpc-anonymizer leads out of the machine"},
		"capabilities":       {"docker-compose.yml", "cap_drop: [ALL]", "cap_drop: [NET_RAW]", "anonymizer: keeps capabilities"},
		"writable":           {"docker-compose.yml", "read_only: true", "read_only: false", "server: the root file system can be written to"},
		"no version":         {"docker-compose.yml", "image: prom/prometheus:v3.8.1", "image: prom/prometheus:latest", `prometheus: the image "prom/prometheus:latest" names no version`},
		"no collector":       {"docker-compose.yml", "http://otel-collector:4318", "http://otel-collektor:4318", "server calls otel-collektor, which is not in docker-compose.yml"},
		"anonymizer traced":  {"docker-compose.yml", "JAGAWARGA_ANONYMIZER: dns:///0.0.0.0:9443", "JAGAWARGA_ANONYMIZER: dns:///0.0.0.0:9443\n      <<: *traced", "anonymizer calls otel-collector, and shares no network with it"},
		"missing file":       {"docker-compose.yml", "./deploy/otel/collector.yml:", "./deploy/otel/collektor.yml:", "otel-collector: mounts"},
		"unused network":     {"docker-compose.yml", "  console: {}", "  console: {}\n  spare: {}", "network spare: nobody uses it"},
		"unmade secret":      {"docker-compose.yml", "./deploy/secrets/grafana", "./deploy/secrets/garfana", "secret grafana: deploy/secrets/make does not make it"},
		"other health check": {"docker-compose.yml", "[CMD, /identity, health]", "[CMD, /jagawarga, health]", "identity: the health check"},
		"unknown target":     {"docker-compose.yml", "target: identity", "target: identiti", `identity: the Dockerfile has no target "identiti"`},
		"unreached scrape":   {"deploy/prometheus/prometheus.yml", "names: [escalator]", "names: [postgres]", "prometheus calls postgres, and shares no network with it"},
		"unknown route":      {"deploy/traefik/routes.yml", "http://server:8080", "http://servant:8080", "traefik calls servant, which is not in docker-compose.yml"},
		"old stream":         {"docker-compose.yml", "image: nats:2.", "image: nats:1.", "nats-1: runs nats:1."},
		"lazy stream":        {"deploy/nats/nats.conf", "sync_interval: always", "sync_interval: 2m", "acknowledged messages may be lost"},
		"plain store":        {"deploy/nats/nats.conf", "key: $NATS_JETSTREAM_KEY", "", "the store is not encrypted"},
		"open cluster":       {"deploy/nats/nats.conf", "authorization {", "# {", "anybody may join the cluster"},
		"unset password":     {"deploy/nats/start", "NATS_INGEST_PASSWORD NATS_ESCALATOR_PASSWORD", "NATS_ESCALATOR_PASSWORD", "deploy/nats/start does not set $NATS_INGEST_PASSWORD"},
		"unknown metric":     {"deploy/grafana/dashboards/jagawarga.json", "jagawarga_live_watchers", "jagawarga_live_spectators", "a dashboard shows jagawarga_live_spectators, which nothing counts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := copied(t)
			path := filepath.Join(folder, broken.file)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.ReplaceAll(string(content), broken.old, broken.new)
			if changed == string(content) {
				t.Fatalf("%s holds no %q any more", broken.file, broken.old)
			}
			if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := read(t.Context(), folder)
			if err != nil {
				t.Fatal(err)
			}
			problems := d.check(t.Context(), facts(t))
			if !slices.ContainsFunc(problems, func(problem string) bool { return strings.Contains(problem, broken.says) }) {
				t.Errorf("nobody said %q, but:\n%s", broken.says, strings.Join(problems, "\n"))
			}
		})
	}
}

func TestUnresolvable(t *testing.T) {
	t.Parallel()
	folder := copied(t)
	path := filepath.Join(folder, "docker-compose.yml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content = []byte(strings.Replace(string(content), "networks: [console, telemetry]", "networks: [konsole]", 1))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "konsole") {
		t.Errorf("an undefined network is let through: %v", err)
	}
}

// copied is a copy of all that the check reads beside our sources.
func copied(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"docker-compose.yml", "Dockerfile", "go.mod", "deploy", "up/broker/accounts.conf"} {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Base(filepath.Dir(path)) == "secrets" && entry.Name() != "make" {
				return err // secrets somebody made stay where they are
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			target := filepath.Join(folder, relative)
			if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
				return err
			}
			return os.WriteFile(target, content, 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
