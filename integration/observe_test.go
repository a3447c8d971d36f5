package integration

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// itShowsHowItIs runs after the stories, so that all there is to count has been counted.
func itShowsHowItIs(t *testing.T, city *System) {
	if status, body := city.Get(t, city.URL+"/healthz"); status != 200 || !strings.Contains(body, "ok") {
		t.Errorf("healthz: %d %s", status, body)
	}
	var ready struct {
		Status string
		Parts  map[string]struct{ OK bool }
	}
	status, body := city.Get(t, city.URL+"/readyz")
	if err := json.Unmarshal([]byte(body), &ready); err != nil || status != 200 || ready.Status != "ok" {
		t.Errorf("readyz: %d %s", status, body)
	}
	for _, part := range []string{"database", "stream", "identity", "anonymizer"} {
		if !ready.Parts[part].OK {
			t.Errorf("readyz does not tell of the %s: %s", part, body)
		}
	}
	var inside struct{ Parts map[string]string }
	status, body = city.Get(t, city.Metrics+"/readyz")
	if err := json.Unmarshal([]byte(body), &inside); err != nil || status != 200 {
		t.Errorf("readyz inside: %d %s", status, body)
	}
	for _, part := range []string{"postgresql", "nats", "identity", "anonymizer"} {
		if inside.Parts[part] != "ready" {
			t.Errorf("inside, readyz does not tell of %s: %s", part, body)
		}
	}
	if status, _ := city.Get(t, city.URL+"/metrics"); status != 404 {
		t.Errorf("metrics in public: %d", status)
	}
	_, metrics := city.Get(t, city.Metrics+"/metrics")
	for _, sign := range []string{
		`jagawarga_server_requests_total{code="OK",kind="query"`, `jagawarga_server_request_duration_seconds_bucket{`, // requests, latencies
		`jagawarga_intake_submissions_total{`, `jagawarga_ingest_submissions_total`, `jagawarga_events_published_total`, // the stream
		`jagawarga_outbox_age_seconds`, `jagawarga_escalator_steps_total`, `jagawarga_live_watchers`, `jagawarga_server_sockets`,
	} {
		if !strings.Contains(metrics, sign) {
			t.Errorf("the metrics do not hold %s", sign)
		}
	}
	for _, secret := range personal(t) {
		if strings.Contains(metrics, secret) {
			t.Errorf("the metrics hold %q", secret)
		}
	}
}

// personal is what no log may hold: what was written in these tests, and who wrote it from where.
func personal(t *testing.T) []string {
	t.Helper()
	secrets := []string{canary, clientAddress, people(t).Password, newcomer, oneMore, newcomerPhone, newPassword, "Kartini", tellingPhone, "lima ekor kucing", photographer, "signature="}
	for _, citizen := range people(t).Citizens {
		secrets = append(secrets, citizen.NationalID, citizen.Phone, strings.TrimPrefix(citizen.Phone, "+62"))
	}
	return secrets
}

func nobodyIsInTheLog(t *testing.T, city *System) {
	logs := map[string]string{"standard error": city.Said.String()}
	err := filepath.WalkDir(city.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".log") {
			return err
		}
		content, err := os.ReadFile(path)
		logs[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(logs) < 2 || !strings.Contains(logs["standard error"], `"operation":"mutation"`) {
		t.Errorf("these are not the logs: %d", len(logs))
	}
	for name, log := range logs {
		for _, secret := range personal(t) {
			if at := strings.Index(log, secret); at >= 0 {
				t.Errorf("%s holds %q: %s", name, secret, log[max(at-200, 0):min(at+200, len(log))])
			}
		}
		for line := range strings.SplitSeq(log, "\n") {
			if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "panic") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// whatLiesOnDisk stops the city and reads every file it leaves. National ids and telephones are kept as hashes and ciphertext, what an
// anonymous reporter told of themselves is kept nowhere, and the stream's files are encrypted.
func whatLiesOnDisk(t *testing.T, city *System) {
	city.Stop()
	secrets := []string{newcomer, newcomerPhone, newcomerPhone[1:], newPassword, people(t).Password, tellingPhone, tellingNIK, photographer}
	readable := 0
	err := filepath.WalkDir(city.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(canary)) {
			readable++
			if inside, _ := filepath.Rel(city.Data, path); !strings.HasPrefix(inside, "postgres") {
				t.Errorf("%s holds a report in clear", inside)
			}
		}
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %s in clear", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if readable == 0 {
		t.Error("no file holds a report: this looks in the wrong place")
	}
}
