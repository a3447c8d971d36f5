package up_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/up"
)

func TestStartStopAndStartAgain(t *testing.T) {
	t.Parallel()
	data := shortDir(t)
	first := start(t, data)
	t.Logf("first start %v", first.took)
	if err := first.post("/notes", "before"); err != nil {
		t.Fatal(err)
	}
	if err := first.post("/submissions", "before"); err != nil {
		t.Fatal(err)
	}
	before := first.instance()
	figures.Tell(t, "up: stopped in %v", first.stop())
	if code := first.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := nothingRunsOn(t, data)(); err != nil {
		t.Errorf("still running: %v", err)
	}
	if _, err := up.Attach(data); err == nil || !strings.Contains(err.Error(), "no system runs on") {
		t.Errorf("attaching to a stopped system: %v", err)
	}

	second := start(t, data)
	t.Logf("second start %v", second.took)
	if notes, err := second.get("/notes"); err != nil || notes != "1" {
		t.Errorf("notes after the restart: %s, %v", notes, err)
	}
	if after := second.instance(); after.NATS != before.NATS {
		t.Errorf("the broker moved from %s to %s", before.NATS, after.NATS)
	}
	third := second.stop()
	t.Logf("stop %v", third)
}

func TestTheMetricsListenerShowsAllParts(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	internal := "http://" + r.instance().MetricsListen
	for path, want := range map[string]string{
		"/metrics": `jagawarga_test_starts_total{part="escalator"} 1`,
		"/readyz":  `"postgresql":"ready"`,
		"/healthz": "ok",
	} {
		body, err := ask(http.Get(internal + path))
		if err != nil || !strings.Contains(body, want) {
			t.Errorf("%s: %v, %.300s", path, err, body)
		}
	}
	if _, err := r.get("/metrics"); err == nil {
		t.Error("metrics are on the public port")
	}
	if _, err := ask(http.Get(internal + "/debug/pprof/")); err == nil {
		t.Error("pprof is open without having been asked for")
	}
}

func TestASecondUpOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	first := start(t, data)
	second, _ := launch(t, data)
	second.wait()
	said := second.errors.String()
	if second.command.ProcessState.ExitCode() != 1 || !strings.Contains(said, "is in use by another jagawarga up (process ") {
		t.Errorf("exit code %d: %s", second.command.ProcessState.ExitCode(), said)
	}
	if _, err := first.get("/readyz"); err != nil {
		t.Errorf("the first one suffered: %v", err)
	}
}

func TestABusyPortIsRefusedBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	first := start(t, shortDir(t))
	for variable, address := range map[string]string{
		"JAGAWARGA_LISTEN":         strings.TrimPrefix(first.url, "http://"),
		"JAGAWARGA_METRICS_LISTEN": first.instance().MetricsListen,
	} {
		data := shortDir(t)
		second, _ := launch(t, data, variable+"="+address)
		second.wait()
		flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(variable, "JAGAWARGA_")), "_", "-")
		want := "another program listens on " + address + " already: stop it, or choose another address with --" + flag
		if said := second.errors.String(); second.command.ProcessState.ExitCode() != 1 || !strings.Contains(said, want) {
			t.Errorf("exit code %d: %s", second.command.ProcessState.ExitCode(), said)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("the data directory was touched")
		}
	}
}
