package service_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	anonymizer "github.com/jagawarga/jagawarga/anonymizer/command"
	identity "github.com/jagawarga/jagawarga/identity/command"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/pgtest"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/service"
)

var quiet = slog.New(slog.DiscardHandler)

// city is the demo city with its services in this process, put together as by `jagawarga serve`, and followed by tracer.
type city struct {
	t         *testing.T
	url       string
	rows      *pgxpool.Pool // the core database, as one who sees all
	databases roles.Databases
	reports   int // that were filed
	broker    string
	serve     func() // starts one more server, which is then the one that is asked
}

func start(t *testing.T, tracer *trace.Tracer) *city {
	t.Helper()
	folder, err := os.MkdirTemp("", "city") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	c, admin := &city{t: t}, pgtest.URL(t)
	if c.rows, err = pgxpool.New(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.rows.Close)
	if c.databases, err = roles.Ensure(t.Context(), admin, filepath.Join(folder, "roles")); err != nil {
		t.Fatal(err)
	}
	broker := natstest.Run(t)
	c.broker = broker
	cfg := process.Config{
		Demo: true, TimeScale: 1, Replicas: 1, NATSURL: broker, DatabaseURL: c.database(roles.Owner), Listen: "127.0.0.1:0",
		Identity: "unix://" + filepath.Join(folder, "identity.sock"), Anonymizer: "unix://" + filepath.Join(folder, "anonymizer.sock"),
		Blobs: "file://" + filepath.Join(folder, "blobs"), BlobKeyFile: filepath.Join(folder, "blobs.key"),
	}
	deps := service.Deps{Log: quiet, Tracer: tracer}
	if err := service.MigrateIdentity(t.Context(), c.database(roles.IdentityOwner)); err != nil {
		t.Fatal(err)
	}
	if err := service.MigrateCore(t.Context(), cfg, deps); err != nil {
		t.Fatal(err)
	}
	program := func(name string, run func(context.Context, func(string) string, io.Writer) error) {
		env := map[string]string{
			process.EnvIdentity: cfg.Identity, process.EnvAnonymizer: cfg.Anonymizer, process.EnvDemo: "1", process.EnvNATSURL: broker,
			process.EnvBlobs: cfg.Blobs, process.EnvBlobKeyFile: cfg.BlobKeyFile,
			process.EnvSecrets: filepath.Join(folder, name), process.EnvDatabaseURL: c.database(roles.Identity),
			trace.EnvEndpoint: "http://127.0.0.1:1", // walled services follow nothing, whatever they are told
		}
		c.run(process.TaskFunc(func(ctx context.Context) error {
			return run(ctx, func(variable string) string { return env[variable] }, io.Discard)
		}))
	}
	program("identity", identity.Run)
	program("anonymizer", anonymizer.Run)

	cfg.DatabaseURL = c.database(roles.Ingest)
	c.run(made(t)(service.Ingest(t.Context(), cfg, deps)))
	cfg.DatabaseURL, cfg.PublicDatabaseURL = c.database(roles.Server), c.database(roles.Public)
	c.serve = func() {
		t.Helper()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c.url = "http://" + listener.Addr().String()
		deps.Listen = func() (net.Listener, error) { return listener, nil }
		c.run(made(t)(service.Server(t.Context(), cfg, deps)))
		c.until("everything is ready", c.ready)
	}
	c.serve()
	return c
}

// ready reports whether the server says that everything is.
func (c *city) ready() bool {
	answer, err := http.Get(c.url + "/readyz")
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK && !bytes.Contains(body, []byte("false"))
}

func made(t *testing.T) func(process.Task, error) process.Task {
	return func(task process.Task, err error) process.Task {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return task
	}
}

func (c *city) database(role string) string {
	c.t.Helper()
	address, err := c.databases.URL(role)
	if err != nil {
		c.t.Fatal(err)
	}
	return address
}

// run runs a task until the test ends.
func (c *city) run(task process.Task) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- task.Run(ctx) }()
	c.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			c.t.Error(err)
		}
	})
}

// until asks again until it is so.
func (c *city) until(what string, so func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("in vain: %s", what)
		}
	}
}

// ask sends an operation, with a token unless that is empty, and reads the answer into data. It returns the code of the first error.
func (c *city) ask(token, query string, variables map[string]any, data any) string {
	c.t.Helper()
	response := c.post(token, "application/json", query, variables)
	defer response.Body.Close()
	answer := struct {
		Data   any
		Errors []struct{ Extensions struct{ Code string } }
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		c.t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		return answer.Errors[0].Extensions.Code
	}
	return ""
}

// subscribe opens an event stream; told reads it up to a word that it waits for.
func (c *city) subscribe(token, query string, variables map[string]any) (told func(word string)) {
	c.t.Helper()
	response := c.post(token, "text/event-stream", query, variables)
	c.t.Cleanup(func() { _ = response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	return func(word string) {
		c.t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), word) {
				return
			}
		}
		c.t.Fatalf("the stream ended without %s: %v", word, lines.Err())
	}
}

func (c *city) post(token, accept, query string, variables map[string]any) *http.Response {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, c.url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	return response
}
