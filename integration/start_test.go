package integration

import (
	"net"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/internal/figures"
)

// TestStartAndStop measures, so nothing else runs beside it.
func TestStartAndStop(t *testing.T) {
	first := Start(t)
	figures.Tell(t, "start: first start: %v", first.Ready)
	citizen := first.Citizen(t, 0)
	report := citizen.Submits(t, Draft{Visibility: "PRIVATE"})

	// A second one, on the same data and on the same ports.
	address := strings.TrimPrefix(first.URL, "http://")
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for name, c := range map[string]struct {
		flags []string
		says  []string
	}{
		"the same data":       {nil, []string{"is in use by another jagawarga up", first.Data, "--data"}},
		"the same port":       {[]string{"--listen", address, "--data", emptyPlace(t)}, []string{address, "--listen"}},
		"a busy port":         {[]string{"--listen", busy.Addr().String(), "--data", emptyPlace(t)}, []string{busy.Addr().String(), "--listen"}},
		"a busy metrics port": {[]string{"--metrics-listen", busy.Addr().String(), "--data", emptyPlace(t)}, []string{busy.Addr().String(), "--metrics-listen"}},
		"a clock for gods":    {[]string{"--time-scale", "NaN", "--data", emptyPlace(t)}, []string{"time scale"}},
	} {
		args := append([]string{"up", "--demo", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--data", first.Data}, c.flags...)
		stdout, stderr, ok := runToEnd(t, nil, "jagawarga", args...)
		if ok || len(stdout) > 0 || strings.Contains(stderr, "goroutine") || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: it went on (%v) and said %q, %q", name, ok, stdout, stderr)
		}
		for _, part := range c.says {
			if !strings.Contains(stderr, part) {
				t.Errorf("%s: nothing about %q in %q", name, part, stderr)
			}
		}
	}
	if !first.Alive() || citizen.Sees(t, report.At("id").Text()).At("id").Null() {
		t.Error("the first one was disturbed")
	}

	socket := citizen.Dial(t)
	socket.Subscribe(publicFeed, nil)
	figures.Tell(t, "start: stop: %v", first.Stop())
	if code := first.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if err := nothingRunsOn(first.Data)(); err != nil {
		t.Error(err)
	}
	if <-socket.closed; !closedWith(socket.reason, 1001) {
		t.Errorf("the socket got %v", socket.reason)
	}

	second := StartOn(t, first.Data, nil, "--listen", address)
	figures.Tell(t, "start: second start: %v", second.Ready)
	if second.URL != first.URL {
		t.Errorf("it listens on %s instead of %s", second.URL, first.URL)
	}
	// Who was signed in still is, and what was filed is there.
	if seen := citizen.Sees(t, report.At("id").Text()); seen.At("number").Text() != report.At("number").Text() {
		t.Errorf("the report is now %v", seen)
	}
	figures.Tell(t, "start: second stop: %v", second.Stop())
	if err := nothingRunsOn(first.Data)(); err != nil {
		t.Error(err)
	}
}
