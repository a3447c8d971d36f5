package observe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/internal/observe"
)

func TestLogger(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, err := observe.Logger(&out, "ingest", func(string) string { return "warn" })
	if err != nil {
		t.Fatal(err)
	}
	log.Info("not shown")
	log.Warn("shown")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["msg"] != "shown" || line["service"] != "ingest" {
		t.Errorf("%v, %v", line, err)
	}
	if _, err := observe.Logger(&out, "ingest", func(string) string { return "loud" }); err == nil {
		t.Error("an unknown level is let through")
	}
}

func TestAPartCanRegisterAgain(t *testing.T) {
	t.Parallel()
	metrics := observe.NewMetrics()
	for _, part := range []string{"server", "ingest", "ingest"} { // one name in two parts, and one part made anew
		counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "jagawarga_test_things_total", Help: "Things."})
		if err := metrics.Part(part).Register(counter); err != nil {
			t.Fatal(err)
		}
		counter.Inc()
	}
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, family := range families {
		found[family.GetName()] = len(family.GetMetric())
	}
	if found["jagawarga_test_things_total"] != 2 || found["go_goroutines"] != 1 || found["jagawarga_build_info"] != 1 {
		t.Errorf("%v", found)
	}
}

// serve runs a listener and returns its address.
func serve(t *testing.T, cfg observe.ListenerConfig) string {
	t.Helper()
	opened := make(chan string, 1)
	cfg.Log = slog.New(slog.DiscardHandler)
	cfg.Listen = func() (net.Listener, error) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err == nil {
			opened <- "http://" + listener.Addr().String()
		}
		return listener, err
	}
	listener, err := observe.NewListener(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- listener.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return <-opened
}

func get(t *testing.T, url string) (int, string) {
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
	return response.StatusCode, string(body)
}

func TestReadyNamesEachPart(t *testing.T) {
	t.Parallel()
	up, down := func(context.Context) error { return nil }, func(context.Context) error { return errors.New("no connection") }
	for name, table := range map[string]struct {
		checks observe.Checks
		code   int
		body   string
	}{
		"none": {nil, 200, `{"ready":true,"parts":{}}`},
		"all":  {observe.Checks{"nats": up, "database": up}, 200, `{"ready":true,"parts":{"database":"ready","nats":"ready"}}`},
		"one":  {observe.Checks{"nats": up, "database": down}, 503, `{"ready":false,"parts":{"database":"no connection","nats":"ready"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, observe.ListenerConfig{Ready: table.checks}) + "/readyz"
			if code, body := get(t, url); code != table.code || strings.TrimSpace(body) != table.body {
				t.Errorf("%d %s", code, body)
			}
			if err := observe.Probe(t.Context(), url); (err == nil) != (table.code == 200) {
				t.Errorf("probe: %v", err)
			}
		})
	}
}

func TestProfilesAreShownOnRequestAlone(t *testing.T) {
	t.Parallel()
	for asked, want := range map[bool]int{false: 404, true: 200} {
		url := serve(t, observe.ListenerConfig{Pprof: asked, Metrics: observe.NewMetrics()})
		if code, _ := get(t, url+"/debug/pprof/"); code != want {
			t.Errorf("pprof asked for %v: %d", asked, code)
		}
		if code, body := get(t, url+"/metrics"); code != 200 || !strings.Contains(body, "jagawarga_build_info") {
			t.Errorf("metrics: %d", code)
		}
		if code, body := get(t, url+"/healthz"); code != 200 || body != "ok\n" {
			t.Errorf("healthz: %d %s", code, body)
		}
	}
}
