package integration

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a program that a test started.
type Process struct {
	t       testing.TB
	command *exec.Cmd
	ended   chan struct{}
	// Said is what it wrote on standard error: its log.
	Said *Output
	// answers is its standard output, read line by line.
	answers chan string
}

// Output collects what a process says.
type Output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launch starts a program with an environment made from nothing but env. It is stopped with the test, which shows what it said if it
// fails.
func launch(t testing.TB, env []string, name string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, ended: make(chan struct{}), Said: &Output{}, answers: make(chan string, 1000)}
	p.command = exec.Command(program(name), args...)
	p.command.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	p.command.Stdout, p.command.Stderr, p.command.WaitDelay = &lines{to: p.answers}, p.Said, time.Second
	// Should the test be killed, nothing of this stays behind.
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the kernel sends that signal when the thread ends which started the program
		defer runtime.UnlockOSThread()
		err := p.command.Start()
		started <- err
		if err == nil {
			_ = p.command.Wait() // the exit code is in ProcessState
			close(p.answers)
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.Alive() {
			p.Stop()
		}
		if t.Failed() {
			t.Logf("%s %s said:\n%s", name, strings.Join(args, " "), tail(p.Said.String()))
		}
	})
	return p
}

// tail is the end of a long log.
func tail(log string) string {
	const enough = 8000
	if len(log) > enough {
		return "...\n" + log[len(log)-enough:]
	}
	return log
}

// lines sends each line of what is written.
type lines struct {
	to   chan<- string
	rest string
}

func (l *lines) Write(p []byte) (int, error) {
	whole := strings.Split(l.rest+string(p), "\n")
	for _, line := range whole[:len(whole)-1] {
		l.to <- line
	}
	l.rest = whole[len(whole)-1]
	return len(p), nil
}

// Line is the next line of its standard output; ok is false when it has ended without another.
func (p *Process) Line() (line string, ok bool) {
	p.t.Helper()
	select {
	case line, ok = <-p.answers:
		return line, ok
	case <-time.After(2 * patience):
		p.t.Fatalf("it says nothing; its log:\n%s", tail(p.Said.String()))
		return "", false
	}
}

// Alive tells whether it still runs.
func (p *Process) Alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Stop ends it as a user would, and returns how long that took.
func (p *Process) Stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	_ = p.command.Process.Signal(syscall.SIGTERM)
	p.wait()
	return time.Since(began)
}

// Kill ends it as a power failure would.
func (p *Process) Kill() {
	p.t.Helper()
	_ = p.command.Process.Kill()
	p.wait()
}

func (p *Process) wait() {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		_ = p.command.Process.Kill()
		p.t.Errorf("it does not end; its log:\n%s", tail(p.Said.String()))
	}
}

// runToEnd runs a program that ends by itself, and returns all it said and whether it was content.
func runToEnd(t testing.TB, env []string, name string, args ...string) (stdout []string, stderr string, ok bool) {
	t.Helper()
	p := launch(t, env, name, args...)
	for {
		line, more := p.Line()
		if !more {
			break
		}
		stdout = append(stdout, line)
	}
	<-p.ended
	return stdout, p.Said.String(), p.command.ProcessState.Success()
}

// processesOn are the processes that have anything to do with a directory: by their working directory, arguments or environment.
func processesOn(dir string) (map[int]string, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	found := map[int]string{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		at, _ := os.Readlink(filepath.Join("/proc", entry.Name(), "cwd"))
		command, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		environment, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "environ"))
		if strings.HasPrefix(at, dir+"/") || bytes.Contains(command, []byte(dir)) || bytes.Contains(environment, []byte(dir)) {
			found[pid] = strings.ReplaceAll(string(command), "\x00", " ")
		}
	}
	return found, nil
}

// nothingRunsOn is a condition for eventually.
func nothingRunsOn(dir string) func() error {
	return func() error {
		left, err := processesOn(dir)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("still there: %v", left)
		}
		return err
	}
}

// rss is the resident memory of a process in bytes.
func rss(t testing.TB, pid int) int64 {
	t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(content), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}
