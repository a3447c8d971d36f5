package up_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/up"
)

// patience bounds waits that are never waited out when the code is right; the machine may be very busy.
const patience = 2 * time.Minute

// running is one `up` as a process of its own.
type running struct {
	t       *testing.T
	command *exec.Cmd
	data    string
	url     string // from the ready line
	took    time.Duration
	ended   chan struct{}
	errors  *output
}

// output collects what a process says.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launch starts `up` on a data directory; env comes on top of a nearly empty environment.
func launch(t *testing.T, data string, env ...string) (*running, *bufio.Reader) {
	t.Helper()
	r := &running{t: t, data: data, ended: make(chan struct{}), errors: &output{}}
	r.command = exec.Command(os.Args[0], "up")
	r.command.Env = append(environment(data), env...)
	stdout, input, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdout.Close() })
	r.command.Stdout, r.command.Stderr, r.command.WaitDelay = input, r.errors, time.Second
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	input.Close()
	go func() {
		_ = r.command.Wait() // the exit code is in ProcessState
		close(r.ended)
	}()
	t.Cleanup(func() {
		if r.alive() {
			r.stop()
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", data, r.errors)
		}
	})
	return r, bufio.NewReader(stdout)
}

// start launches `up` and waits for its ready line.
func start(t *testing.T, data string, env ...string) *running {
	t.Helper()
	began := time.Now()
	r, stdout := launch(t, data, env...)
	line, err := stdout.ReadString('\n')
	if err != nil {
		<-r.ended
		t.Fatalf("up did not become ready: %v\n%s", err, r.errors)
	}
	r.took = time.Since(began)
	var found bool
	if r.url, found = strings.CutPrefix(strings.TrimSuffix(line, "\n"), "ready "); !found {
		t.Fatalf("the first line is %q", line)
	}
	return r
}

func (r *running) alive() bool {
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}

// stop ends it as a user would and returns how long that took.
func (r *running) stop() time.Duration {
	r.t.Helper()
	began := time.Now()
	_ = r.command.Process.Signal(syscall.SIGTERM)
	r.wait()
	return time.Since(began)
}

// kill ends it as a power failure would.
func (r *running) kill() {
	r.t.Helper()
	_ = r.command.Process.Kill()
	r.wait()
}

func (r *running) wait() {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(patience):
		r.t.Fatal("up does not end")
	}
}

func (r *running) instance() *up.Instance {
	r.t.Helper()
	instance, err := up.Attach(r.data)
	if err != nil {
		r.t.Fatal(err)
	}
	return instance
}

// get and post return the body of an answer; an error if it is not 200.
func (r *running) get(path string) (string, error) { return ask(http.DefaultClient.Get(r.url + path)) }

func (r *running) post(path, text string) error {
	_, err := ask(http.PostForm(r.url+path, url.Values{"text": {text}}))
	return err
}

func ask(response *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status + ": " + string(body))
	}
	return string(body), err
}

// walled asks a walled service for its process id and environment.
func (r *running) walled(address string) (pid int, environment string, err error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", strings.TrimPrefix(address, "unix://")+".inside")
	}}}
	body, err := ask(client.Get("http://walled/"))
	if err != nil {
		return 0, "", err
	}
	first, environment, _ := strings.Cut(body, "\n")
	pid, err = strconv.Atoi(first)
	return pid, environment, err
}

// postmaster is the process id of the private cluster.
func (r *running) postmaster() int {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.data, "postgres", "cluster", "postmaster.pid"))
	if err != nil {
		r.t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	if err != nil {
		r.t.Fatal(err)
	}
	return pid
}

// eventually polls until the condition holds and returns how long that took.
func eventually(t *testing.T, what string, holds func() error) time.Duration {
	t.Helper()
	began := time.Now()
	for {
		err := holds()
		if err == nil {
			return time.Since(began)
		}
		if time.Since(began) > patience {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// processesOn are the processes that have anything to do with the data directory: by their working directory, arguments or
// environment.
func processesOn(t *testing.T, data string) map[int]string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]string{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		dir, _ := os.Readlink(filepath.Join("/proc", entry.Name(), "cwd"))
		command, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		environment, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "environ"))
		if strings.HasPrefix(dir, data+"/") || bytes.Contains(command, []byte(data)) || bytes.Contains(environment, []byte(data)) {
			found[pid] = strings.ReplaceAll(string(command), "\x00", " ")
		}
	}
	return found
}

func nothingRunsOn(t *testing.T, data string) func() error {
	return func() error {
		if left := processesOn(t, data); len(left) > 0 {
			text, err := json.Marshal(left)
			return errors.Join(errors.New(string(text)), err)
		}
		return nil
	}
}

// shortDir is a data directory whose parents are open to everybody and whose path is short.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "up")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// usedDir is like shortDir, but with a cluster already made, which takes most of the time of a first start.
func usedDir(t *testing.T) string {
	t.Helper()
	source, err := original()
	if err != nil {
		t.Fatal(err)
	}
	data := shortDir(t)
	if said, err := exec.Command("cp", "-a", source, data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return data
}

// original is a data directory that was started once; TestMain removes it.
var original = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "up")
	if err != nil {
		return "", err
	}
	originalDir = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	command := exec.Command(os.Args[0], "up")
	command.Env = environment(data)
	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	var said output
	command.Stderr = &said
	if err := command.Start(); err != nil {
		return "", err
	}
	_, err = bufio.NewReader(stdout).ReadString('\n')
	_ = command.Process.Signal(syscall.SIGTERM)
	if err := errors.Join(err, command.Wait()); err != nil {
		return "", errors.Join(err, errors.New(said.String()))
	}
	return data, nil
})

var originalDir string

func environment(data string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "JAGAWARGA_DATA=" + data, "JAGAWARGA_LISTEN=127.0.0.1:0", "JAGAWARGA_METRICS_LISTEN=127.0.0.1:0",
	}
}
