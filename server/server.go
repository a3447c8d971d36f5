package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"github.com/jagawarga/jagawarga/server/fault"
	"github.com/jagawarga/jagawarga/server/ws"
)

// Server serves one schema. Make it with New, end it by ending the context of Run.
type Server struct {
	cfg      Config
	verifier Verifier
	origins  origins
	exec     *executor.Executor
	faults   *fault.Presenter
	metrics  *metrics
	sockets  *ws.Handler
	handler  http.Handler
	readings readings

	requests, streams atomic.Int64
	files             atomic.Int64 // bytes of files in memory

	mu       sync.Mutex
	listener net.Listener
	stop     sync.Once
	stopping chan struct{} // closed when streams have to end
}

// New checks the configuration and puts the parts together; it opens nothing.
func New(cfg Config, schema graphql.ExecutableSchema, verifier Verifier) (*Server, error) {
	if schema == nil || verifier == nil {
		return nil, errors.New("server: schema and verifier are needed")
	}
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, verifier: verifier, stopping: make(chan struct{})}
	if s.origins, err = newOrigins(cfg.AllowedOrigins); err != nil {
		return nil, err
	}
	if s.metrics, err = newMetrics(cfg.Metrics, &s.requests, &s.streams, &s.files); err != nil {
		return nil, fmt.Errorf("server: metrics: %w", err)
	}
	s.faults = fault.NewPresenter(cfg.Log, cfg.Random)
	s.exec = newExecutor(cfg, schema, s.faults, s.metrics)

	sockets := cfg.Sockets
	sockets.CheckOrigin, sockets.Now, sockets.Metrics = s.origins.allow, cfg.Now, cfg.Metrics
	sockets.OperationTimeout, sockets.Mark, sockets.Greet, sockets.OnRevoked = cfg.OperationTimeout, cfg.Mark, cfg.Greet, cfg.OnRevoked
	if s.sockets, err = ws.New(sockets, s.exec, s.faults, verifier); err != nil {
		return nil, err
	}
	s.handler = s.around(s.routes())
	return s, nil
}

// Handler is everything the server answers, for tests and for whoever brings a listener of their own.
func (s *Server) Handler() http.Handler { return s.handler }

// writeSlack is how long the answer of the slowest operation may take to go out.
const writeSlack = 30 * time.Second

// Run serves until ctx ends: then it accepts nothing more, tells sockets 1001, ends streams, lets requests finish for
// StopTimeout and cuts off the rest. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	if err := s.Listen(); err != nil {
		return err
	}
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second, // a full body on a bad mobile connection
		WriteTimeout:      s.cfg.OperationTimeout + writeSlack,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		// net/http's own lines carry client addresses; what matters of them is in our log and metrics.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(s.listener) }()
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("server: %w", err), s.end(server))
	case <-ctx.Done():
	}
	err := s.end(server)
	<-served
	return err
}

// end stops in order: no new connections, streams and sockets told, requests waited for, the rest cut off.
func (s *Server) end(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.StopTimeout)
	defer cancel()
	s.stop.Do(func() { close(s.stopping) })
	sockets := make(chan struct{})
	go func() {
		defer close(sockets)
		if err := s.sockets.Close(ctx); err != nil {
			s.cfg.Log.Warn("sockets had to be cut off")
		}
	}()
	if err := server.Shutdown(ctx); err != nil {
		s.cfg.Log.Warn("requests had to be cut off")
		_ = server.Close()
	}
	<-sockets
	return nil
}
