// Package natstest gives a test a real NATS server of its own: JetStream on, every write synced to disk as in the running
// system, the store in the test's own directory, a free port on 127.0.0.1. The server ends with the test. Tests only.
package natstest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// ready is how long a server may take to start: generous, because CI starts many on two cores.
const ready = 2 * time.Minute

// Run starts a server and returns its URL.
func Run(t testing.TB) string {
	t.Helper()
	return Start(t).URL()
}

// Server is one that the test may stop and start again, keeping its port and its store.
type Server struct {
	t       testing.TB
	options server.Options
	running *server.Server
}

// Start starts a server. Each tune may change the options first.
func Start(t testing.TB, tune ...func(*server.Options)) *Server {
	t.Helper()
	s := &Server{t: t, options: server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT,
		JetStream: true, StoreDir: t.TempDir(), SyncAlways: true,
		NoLog: true, NoSigs: true,
	}}
	for _, change := range tune {
		change(&s.options)
	}
	s.Restart()
	t.Cleanup(s.Stop)
	return s
}

// URL is where clients find it; it stays the same after a Restart.
func (s *Server) URL() string { return s.running.ClientURL() }

// Address is the host and port alone.
func (s *Server) Address() string { return s.running.Addr().String() }

// InProcess reaches the server without a socket.
func (s *Server) InProcess() nats.InProcessConnProvider { return s.running }

// Stop ends the server and waits until it has let go of its store. Stopping twice is fine.
func (s *Server) Stop() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}

// Restart starts the stopped server again on the same port and store.
func (s *Server) Restart() {
	s.t.Helper()
	options := s.options
	running, err := server.NewServer(&options)
	if err != nil {
		s.t.Fatalf("configure the NATS server: %v", err)
	}
	running.Start()
	if !running.ReadyForConnections(ready) {
		s.t.Fatal("the NATS server did not become ready")
	}
	s.running = running
	s.options.Port = options.Port
}
