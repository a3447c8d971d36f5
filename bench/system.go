package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is a process under measurement.
type server struct {
	address string
	pid     int
	stop    func() error
}

const (
	startLimit = 60 * time.Second
	stopLimit  = 15 * time.Second
)

// tail keeps the end of what a program logs, to be shown when it fails.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailLength = 4 << 10

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, text...)
	t.last = t.last[max(0, len(t.last)-tailLength):]
	return len(text), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.last)
}

// start runs a program and waits for the line that begins with prefix; what follows on that line is returned.
func start(ctx context.Context, command *exec.Cmd, prefix string) (string, error) {
	logged := new(tail)
	command.Stderr = logged
	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	said := make(chan string, 1)
	go func() {
		defer close(said)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				said <- rest
				break
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case rest, ok := <-said:
		if !ok {
			return "", fmt.Errorf("%s ended before it was ready: %w\n%s", command.Path, command.Wait(), logged)
		}
		return rest, nil
	case <-time.After(startLimit):
	case <-ctx.Done():
	}
	return "", errors.Join(fmt.Errorf("%s did not become ready\n%s", command.Path, logged), command.Process.Kill())
}

// startOurs runs the whole system on a data directory of its own.
func startOurs(ctx context.Context, program, data string) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	listener.Close()
	command := exec.Command(program, "up", "--demo", "--data", data, "--listen", address, "--metrics-listen", "off")
	if _, err := start(ctx, command, "ready "); err != nil {
		return nil, err
	}
	return &server{address: address, pid: command.Process.Pid, stop: func() error {
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		return ended(command)
	}}, nil
}

// startRaw runs the baseline: this program again.
func startRaw(ctx context.Context, reader, writer, voter string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(self, rawCommand)
	command.Env = append(os.Environ(), rawReader+"="+reader, rawWriter+"="+writer, rawVoter+"="+voter)
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	address, err := start(ctx, command, "")
	if err != nil {
		return nil, err
	}
	return &server{address: address, pid: command.Process.Pid, stop: func() error {
		stdin.Close()
		return ended(command)
	}}, nil
}

// ended waits for a program that was told to end, and ends it the hard way when it does not.
func ended(command *exec.Cmd) error {
	hard := time.AfterFunc(stopLimit, func() { _ = command.Process.Kill() })
	defer hard.Stop()
	return command.Wait()
}

// postmaster finds the database server among the children of the system.
func postmaster(pid int) (int, error) {
	for _, child := range children(pid) {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child))
		if err == nil && strings.TrimSpace(string(name)) == "postgres" {
			return child, nil
		}
	}
	return 0, fmt.Errorf("process %d has started no PostgreSQL", pid)
}
