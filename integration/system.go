package integration

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// System is `jagawarga up` on a data directory, and whoever talks to it.
type System struct {
	*Process
	URL     string // http://host:port, from the ready line
	Metrics string // http://host:port of the internal listener
	Data    string
	// Ready is how long it took from the start of the process to the ready line.
	Ready time.Duration

	mu       sync.Mutex
	sessions map[string]string // access tokens of the people who have signed in, by how they sign in
	dawn     string
	ids      map[string]string // of departments and categories, by their kind and code
}

// Start starts the demo city on an empty directory. Flags and environment come on top.
func Start(t testing.TB, flags ...string) *System {
	t.Helper()
	return StartOn(t, emptyPlace(t), nil, flags...)
}

// StartOn starts the demo city on a directory, empty or of an earlier run.
func StartOn(t testing.TB, data string, env []string, flags ...string) *System {
	t.Helper()
	outside.CloseIdleConnections() // to one that is gone, on the same address
	began := time.Now()
	s := &System{Data: data, sessions: map[string]string{}, ids: map[string]string{}}
	s.Process = launchUp(t, data, env, flags...)
	line, ok := s.Line()
	if !ok {
		<-s.ended
		t.Fatalf("up did not become ready:\n%s", tail(s.Said.String()))
	}
	s.Ready = time.Since(began)
	if s.URL, ok = strings.CutPrefix(line, "ready "); !ok {
		t.Fatalf("the first line is %q", line)
	}
	s.readPlaces(t)
	return s
}

// launchUp does not wait for anything. Flags given later win over the free ports chosen here.
func launchUp(t testing.TB, data string, env []string, flags ...string) *Process {
	t.Helper()
	args := append([]string{"up", "--demo", "--data", data, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, flags...)
	return launch(t, env, "jagawarga", args...)
}

// readPlaces learns what the system tells the tools on its machine: where it listens.
func (s *System) readPlaces(t testing.TB) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.Data, "run", "up.json"))
	if err != nil {
		t.Fatal(err)
	}
	var places struct{ MetricsListen string }
	if err := json.Unmarshal(content, &places); err != nil {
		t.Fatal(err)
	}
	s.Metrics = "http://" + places.MetricsListen
}

// Get fetches a page.
func (s *System) Get(t testing.TB, url string) (status int, body string) {
	t.Helper()
	response, err := outside.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

// Pid is the process of a part: "postgres" is the postmaster, "identity" and "anonymizer" are the walled services.
func (s *System) Pid(part string) (int, error) {
	if part == "postgres" {
		content, err := os.ReadFile(filepath.Join(s.Data, "postgres", "cluster", "postmaster.pid"))
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	}
	running, err := processesOn(s.Data)
	if err != nil {
		return 0, err
	}
	for pid := range running {
		if path, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); path == program(part) {
			return pid, nil
		}
	}
	return 0, fmt.Errorf("no process of %s", part)
}

// KillPart ends a part as a crash would.
func (s *System) KillPart(t testing.TB, part string) {
	t.Helper()
	pid, err := s.Pid(part)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Department finds a department's id by its code in the demo city.
func (s *System) Department(t testing.TB, code string) string { return s.id(t, "departments", code) }

// Category finds a category's id by its code.
func (s *System) Category(t testing.TB, code string) string { return s.id(t, "categories", code) }

func (s *System) id(t testing.TB, kind, code string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ids) == 0 {
		city := s.Stranger().Must(t, `{departments{id code} categories{id code}}`, nil)
		for _, kind := range []string{"departments", "categories"} {
			for _, item := range city.At(kind).Items() {
				s.ids[kind+" "+item.At("code").Text()] = item.At("id").Text()
			}
		}
	}
	id := s.ids[kind+" "+code]
	if id == "" {
		t.Fatalf("there is no %s among the %s", code, kind)
	}
	return id
}

// outside is everybody's HTTP client. It comes from an address of its own, so that a log that tells addresses can be found out.
var outside = &http.Client{Transport: &http.Transport{DialContext: fromOutside.DialContext, MaxIdleConnsPerHost: 64}, Timeout: patience}
