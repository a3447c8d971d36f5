package child_test

import (
	"bufio"
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/up/child"
)

// run starts a shell script and returns its first line, when that has come, and the end of its Run.
func run(t *testing.T, ctx context.Context, cfg child.Config, script string) (string, <-chan error) {
	t.Helper()
	stdout, input, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdout.Close() })
	cfg.Path, cfg.Args, cfg.Stdout = "/bin/sh", []string{"-c", script}, input
	program, err := child.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- program.Run(ctx)
		input.Close()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), ended
}

func TestOnlyTheGivenEnvironment(t *testing.T) {
	t.Setenv("NATS_URL", "nats://somebody:secret@host")
	line, ended := run(t, t.Context(), child.Config{Env: []string{"OWN=mine"}}, `echo "$OWN/$NATS_URL/$(pwd)"`)
	if line != "mine///" {
		t.Errorf("%q", line)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAProgramThatFails(t *testing.T) {
	t.Parallel()
	_, ended := run(t, t.Context(), child.Config{}, `echo; exit 3`)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Error(err)
	}
}

func TestStopGoesThroughItsSteps(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"the first is enough": `trap 'exit 0' INT; echo; while :; do sleep 0.01; done`,
		"the second":          `trap '' INT; trap 'exit 0' QUIT; echo; while :; do sleep 0.01; done`,
		"neither":             `trap '' INT QUIT; echo; while :; do sleep 0.01; done`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			pids := make(chan int, 1)
			_, ended := run(t, ctx, child.Config{
				Env:     []string{"PATH=/bin:/usr/bin"},
				Stop:    []child.Step{{Signal: syscall.SIGINT, Wait: 300 * time.Millisecond}, {Signal: syscall.SIGQUIT, Wait: 300 * time.Millisecond}},
				Started: func(pid int) { pids <- pid },
			}, script)
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(2 * time.Minute):
				t.Fatal("it does not end")
			}
			if err := syscall.Kill(<-pids, 0); err != syscall.ESRCH {
				t.Errorf("it is still there: %v", err)
			}
		})
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	t.Parallel()
	program, err := child.New(child.Config{Path: "/nowhere/program"})
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "/nowhere/program") {
		t.Error(err)
	}
}
