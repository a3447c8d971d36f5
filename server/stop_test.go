package server_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/server"
	"github.com/jagawarga/jagawarga/server/internal/sample"
)

func TestBusyPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s, err := server.New(server.Config{Listen: taken.Addr().String()}, sample.New(&sample.Resolvers{}), people)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()+" is in use by another program") {
		t.Errorf("got %v", err)
	}
}

// Everything that is open when the server has to stop ends in time: sockets with 1001, streams without "complete", and a
// request that has begun is answered.
func TestStop(t *testing.T) {
	t.Parallel()
	resolvers := &sample.Resolvers{Tick: make(chan int), Entered: make(chan struct{})}
	s, err := server.New(server.Config{Listen: "127.0.0.1:0", OperationTimeout: 300 * time.Millisecond, StopTimeout: patience, Log: slog.New(slog.DiscardHandler)}, sample.New(resolvers), people)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	p := &place{t: t, url: "http://" + s.Addr(), server: s}

	socket, _, err := (&websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}).Dial("ws://"+s.Addr()+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	events := p.stream(context.Background(), query("subscription{forever}"))
	resolvers.Tick <- 1
	hear(t, events, `next {"data":{"forever":1}}`)
	waiting := make(chan string, 1)
	go func() {
		_, _, body := p.ask("POST", "/graphql", query("{wait}"))
		waiting <- body
	}()
	<-resolvers.Entered

	begun := time.Now()
	stop()
	_ = socket.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := socket.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("socket: %v", err)
	}
	hear(t, events, "")
	if body := <-waiting; !strings.Contains(body, "UNAVAILABLE") {
		t.Errorf("the running request: %s", body)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	figures.Tell(t, "server: stopped in %v with a socket, a stream and a request open", time.Since(begun).Round(time.Millisecond))
	p.resolvers = resolvers
	p.quiet()
}
