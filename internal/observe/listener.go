package observe

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// EnvPprof names the variable that, set to 1, opens /debug/pprof on the internal listener.
const EnvPprof = "JAGAWARGA_PPROF"

// stopTimeout is how long requests under way may take when the listener stops.
const stopTimeout = 300 * time.Millisecond

// ListenerConfig says what the internal listener shows.
type ListenerConfig struct {
	// Listen opens the listener, anew for each Run.
	Listen func() (net.Listener, error)
	// Metrics are shown on /metrics. Nil: none.
	Metrics prometheus.Gatherer
	// Ready answers /readyz. Nil: always ready.
	Ready Checks
	// Pprof opens /debug/pprof.
	Pprof bool
	// Log gets what goes wrong. Default slog.Default().
	Log *slog.Logger
}

// Listener is the task that serves the internal address: /metrics, /healthz (the process lives), /readyz (its parts can work).
type Listener struct {
	cfg     ListenerConfig
	handler http.Handler
}

// NewListener checks the configuration; nothing is opened before Run.
func NewListener(cfg ListenerConfig) (*Listener, error) {
	if cfg.Listen == nil {
		return nil, errors.New("observe: the listener needs Listen")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.Handle("GET /readyz", cfg.Ready)
	if cfg.Metrics != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(cfg.Metrics, promhttp.HandlerOpts{
			ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelError),
		}))
	}
	if cfg.Pprof {
		mux.HandleFunc("/debug/pprof/", pprof.Index)
		mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	}
	return &Listener{cfg: cfg, handler: mux}, nil
}

// Run serves until ctx is done.
func (l *Listener) Run(ctx context.Context) error {
	listener, err := l.cfg.Listen()
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: l.handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(l.cfg.Log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if server.Shutdown(stopping) != nil {
		_ = server.Close()
	}
	<-served
	return nil
}
