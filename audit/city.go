package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	patience     = 3 * time.Minute
	mostOfAnswer = 4 << 20 // bytes
)

// A city is the system under audit, on a directory of its own. Every trace it sends comes to the audit's own collector.
type city struct {
	place, data, temporary string
	url, metrics           string
	command                *exec.Cmd
	ended                  chan error
	log                    lockedBuffer
	spans                  lockedBuffer
	collector              *http.Server
}

// lockedBuffer collects what several write.
type lockedBuffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

func (b *lockedBuffer) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.data.Bytes())
}

// found starts a demo city. The caller destroys it.
func found(ctx context.Context, programs string) (c *city, err error) {
	c = &city{ended: make(chan error, 1)}
	if c.place, err = os.MkdirTemp("", "jw"); err != nil {
		return nil, err
	}
	c.data, c.temporary = filepath.Join(c.place, "data"), filepath.Join(c.place, "tmp")
	// The database's own user passes through.
	if err := errors.Join(os.Chmod(c.place, 0o755), os.Mkdir(c.temporary, 0o1777), os.Chmod(c.temporary, 0o1777)); err != nil {
		return nil, errors.Join(err, c.destroy())
	}
	collector, err := c.collect()
	if err != nil {
		return nil, errors.Join(err, c.destroy())
	}
	if err := c.start(ctx, programs, collector); err != nil {
		return nil, errors.Join(err, c.destroy())
	}
	return c, nil
}

// collect takes in what the city sends as traces, all of it.
func (c *city) collect() (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	c.collector = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&c.spans, r.Body)
	}), ReadHeaderTimeout: patience}
	go func() { _ = c.collector.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func (c *city) start(ctx context.Context, programs, collector string) error {
	c.command = exec.CommandContext(ctx, filepath.Join(programs, "jagawarga"), "up", "--demo", "--data", c.data,
		"--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0")
	c.command.Cancel = func() error { return c.command.Process.Signal(syscall.SIGTERM) }
	c.command.WaitDelay = patience
	c.command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + c.temporary, "JAGAWARGA_TRUSTED_PROXIES=127.0.0.0/8",
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector, "OTEL_TRACES_SAMPLER_ARG=1", "OTEL_BSP_SCHEDULE_DELAY=100",
	}
	var answers lockedBuffer
	c.command.Stdout, c.command.Stderr = &answers, &c.log
	if err := c.command.Start(); err != nil {
		return err
	}
	go func() { c.ended <- c.command.Wait() }()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if line, ready := strings.CutPrefix(string(answers.bytes()), "ready "); ready {
			c.url = strings.TrimSpace(line)
			return c.readPlaces()
		}
		select {
		case err := <-c.ended:
			c.ended <- err
			return fmt.Errorf("the city did not start: %w\n%s", err, c.log.bytes())
		default:
		}
		if time.Since(began) > patience {
			return fmt.Errorf("the city is not ready after %v\n%s", patience, c.log.bytes())
		}
	}
}

func (c *city) readPlaces() error {
	places, err := c.places()
	c.metrics = "http://" + places.MetricsListen
	return err
}

// places is what the system tells whoever can read its directory.
type places struct {
	MetricsListen, Database, NATS string
	Pid                           int
}

func (c *city) places() (p places, err error) {
	content, err := os.ReadFile(filepath.Join(c.data, "run", "up.json"))
	if err == nil {
		err = json.Unmarshal(content, &p)
	}
	return p, err
}

// password is one that lies among the secrets.
func (c *city) password(kind, name string) (string, error) {
	content, err := os.ReadFile(filepath.Join(c.data, "secrets", kind, name))
	return strings.TrimSpace(string(content)), err
}

// stop ends it; what it leaves on the disk stays.
func (c *city) stop() error {
	if c.command == nil || c.command.Process == nil {
		return nil
	}
	_ = c.command.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-c.ended:
		c.ended <- err
		return err
	case <-time.After(patience):
		return errors.Join(errors.New("the city does not end"), c.command.Process.Kill())
	}
}

// destroy stops it and removes everything.
func (c *city) destroy() error {
	err := c.stop()
	if c.collector != nil {
		err = errors.Join(err, c.collector.Close())
	}
	return errors.Join(err, os.RemoveAll(c.place))
}
