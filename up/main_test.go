package up_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up"
)

// The test binary is also the program under test: `up` runs the system with the small services below, and starts the binary
// again with `serve identity` and `serve anonymizer`. So everything here is real processes, killed for real.
func TestMain(m *testing.M) {
	var program func(context.Context) error
	switch strings.Join(os.Args[1:], " ") {
	case "up":
		program = runUp
	case "serve identity", "serve anonymizer":
		program = runWalled
	default:
		code := m.Run()
		if originalDir != "" {
			_ = os.RemoveAll(originalDir)
		}
		os.Exit(code)
	}
	ctx, stop := process.UntilSignal(context.Background())
	defer stop()
	if err := program(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runUp(ctx context.Context) error {
	cfg, err := process.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	log, err := observe.Logger(os.Stderr, "up", os.Getenv)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	return up.Run(ctx, up.FromConfig(cfg), up.Services{
		Migrate: migrate,
		Workers: []up.Service{{Name: up.ServiceIngest, New: newIngest}, {Name: up.ServiceEscalator, New: newIngest}},
		Server:  newServer,
	})
}

// runWalled answers health checks where it was told to listen, and beside it tells its environment.
func runWalled(ctx context.Context) error {
	cfg, err := process.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	path := strings.TrimPrefix(cfg.Listen, "unix://")
	inside, err := listenUnix(path + ".inside")
	if err != nil {
		return err
	}
	tell := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%d\n%s\n", os.Getpid(), strings.Join(os.Environ(), "\n"))
	})}
	go func() { _ = tell.Serve(inside) }()
	defer tell.Close()
	listener, err := listenUnix(path)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	defer context.AfterFunc(ctx, server.Stop)()
	return server.Serve(listener)
}

// listenUnix replaces the socket of a process that was killed.
func listenUnix(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return net.Listen("unix", path)
}

func migrate(ctx context.Context, cfg process.Config, databases roles.Databases, deps up.Deps) error {
	owner, err := databases.URL(roles.Owner)
	if err != nil {
		return err
	}
	if owner != cfg.DatabaseURL {
		return errors.New("the administrator's database is not the owner's")
	}
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS notes (text text PRIMARY KEY); GRANT SELECT, INSERT ON notes TO jagawarga_server`)
	if err != nil {
		return err
	}
	stream, closeStream, err := connect(cfg, deps)
	if err != nil {
		return err
	}
	defer closeStream()
	_, err = stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "SUBMISSIONS", Subjects: []string{"submissions.>"}})
	return err
}

func connect(cfg process.Config, deps up.Deps) (jetstream.JetStream, func(), error) {
	options := []nats.Option{nats.CustomInboxPrefix(deps.InboxPrefix), nats.MaxReconnects(-1), nats.ReconnectWait(10 * time.Millisecond)}
	if deps.NATS != nil {
		options = append(options, nats.InProcessServer(deps.NATS))
	}
	conn, err := nats.Connect(cfg.NATSURL, options...)
	if err != nil {
		return nil, nil, err
	}
	stream, err := jetstream.New(conn)
	return stream, conn.Close, err
}

// crash makes the ingest of this process fail.
var crash = make(chan struct{})

func newIngest(_ context.Context, _ process.Config, deps up.Deps) (process.Task, error) {
	starts := prometheus.NewCounter(prometheus.CounterOpts{Name: "jagawarga_test_starts_total", Help: "Starts."})
	starts.Inc()
	return process.TaskFunc(func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return nil
		case <-crash:
			return errors.New("crashed as asked to")
		}
	}), deps.Metrics.Register(starts) // twice on one registerer would be an error
}

// newServer answers /readyz, takes notes into the database (POST /notes) and submissions into the stream (POST
// /submissions), counts both, and lets ingest crash (POST /crash).
func newServer(ctx context.Context, cfg process.Config, deps up.Deps) (process.Task, error) {
	stream, closeStream, err := connect(cfg, deps)
	if err != nil {
		return nil, err
	}
	query := func(r *http.Request, sql string, args ...any) (count int, err error) {
		conn, err := pgx.Connect(r.Context(), cfg.DatabaseURL)
		if err != nil {
			return 0, err
		}
		defer conn.Close(r.Context())
		err = conn.QueryRow(r.Context(), sql, args...).Scan(&count)
		return count, err
	}
	mux := http.NewServeMux()
	answer := func(pattern string, handler func(r *http.Request) (string, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			text, err := handler(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
			fmt.Fprint(w, text)
		})
	}
	answer("GET /readyz", func(r *http.Request) (string, error) {
		_, err := query(r, `SELECT 1`)
		return "ready", err
	})
	answer("POST /notes", func(r *http.Request) (string, error) {
		_, err := query(r, `INSERT INTO notes (text) VALUES ($1) RETURNING 1`, r.FormValue("text"))
		return "", err
	})
	answer("GET /notes", func(r *http.Request) (string, error) {
		count, err := query(r, `SELECT count(*) FROM notes`)
		return strconv.Itoa(count), err
	})
	answer("GET /sleep", func(r *http.Request) (string, error) {
		_, err := query(r, `SELECT 1 FROM pg_sleep(60)`)
		return "", err
	})
	answer("POST /submissions", func(r *http.Request) (string, error) {
		_, err := stream.Publish(r.Context(), "submissions.public", []byte(r.FormValue("text")))
		return "", err
	})
	answer("POST /crash", func(*http.Request) (string, error) { crash <- struct{}{}; return "", nil })
	return process.TaskFunc(func(ctx context.Context) error {
		defer closeStream()
		listener, err := deps.Listen()
		if err != nil {
			return err
		}
		server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
		defer context.AfterFunc(ctx, func() { server.Close() })()
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}), ctx.Err()
}
