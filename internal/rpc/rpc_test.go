package rpc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// handler is a server of which each test says how one call is answered.
type handler struct {
	identityrpc.UnimplementedIdentityServer
	keys func(context.Context) error
}

func (h handler) Keys(ctx context.Context, _ *identityrpc.KeysRequest) (*identityrpc.KeysReply, error) {
	if err := h.keys(ctx); err != nil {
		return nil, err
	}
	return &identityrpc.KeysReply{Jwks: []byte("{}")}, nil
}

type logBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *logBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// serve runs h at address and gives a client's call, the server's log and a way to end the server.
func serve(t *testing.T, address string, h handler, timeout time.Duration) (call func(context.Context) error, log *logBuffer, stop func()) {
	t.Helper()
	log = new(logBuffer)
	server, err := rpc.NewServer(rpc.ServerConfig{Log: slog.New(slog.NewTextHandler(log, nil)), Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	identityrpc.RegisterIdentityServer(server, h)
	listener, err := rpc.Listen(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- rpc.Serve(ctx, server, listener, 100*time.Millisecond) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	conn, err := rpc.Dial(rpc.ClientConfig{Address: rpc.Address(listener), Unavailable: "identity.unavailable", Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	client := identityrpc.NewIdentityClient(conn)
	return func(ctx context.Context) error {
		_, err := client.Keys(ctx, &identityrpc.KeysRequest{})
		return err
	}, log, stop
}

func socket(t *testing.T) string { return filepath.Join(t.TempDir(), "s.sock") }

func TestErrorsForPeopleArriveWhole(t *testing.T) {
	t.Parallel()
	sent := &civic.Error{
		Code: civic.CodeConflict, Field: "to", Key: "status.forbidden", Args: map[string]string{"from": "CLOSED"}, Allowed: []string{"REOPENED", "MERGED"},
	}
	for _, address := range []string{"unix://" + socket(t), "dns:///127.0.0.1:0"} {
		call, log, _ := serve(t, address, handler{keys: func(context.Context) error { return fmt.Errorf("wrapped: %w", sent) }}, time.Minute)
		got, ok := errors.AsType[*civic.Error](call(t.Context()))
		if !ok || !reflect.DeepEqual(got, sent) {
			t.Errorf("over %s came %#v, want %#v", address, got, sent)
		}
		if text := log.text(); text != "" {
			t.Errorf("an error for people was logged: %s", text)
		}
	}
}

func TestOtherErrorsAreLoggedAndStayInside(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fail   func(context.Context) error
		logged string
	}{
		"error":         {func(context.Context) error { return errors.New("disk on fire") }, "disk on fire"},
		"panic":         {func(context.Context) error { panic("3273012345670001") }, "panic=string"},
		"runtime panic": {func(context.Context) error { return []error{}[len(t.Name())] }, "index out of range"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call, log, _ := serve(t, "unix://"+socket(t), handler{keys: test.fail}, time.Minute)
			err := call(t.Context())
			if _, ok := errors.AsType[*civic.Error](err); err == nil || ok {
				t.Fatalf("got %v, want an error that is not for people", err)
			}
			text := log.text()
			if !strings.Contains(text, test.logged) || strings.Contains(text, "3273012345670001") {
				t.Errorf("the log says %q", text)
			}
			_, id, _ := strings.Cut(err.Error(), "internal error ")
			if id == "" || !strings.Contains(text, id) || strings.Contains(err.Error(), "fire") {
				t.Errorf("the caller got %q, the log %q", err, text)
			}
		})
	}
}

func TestSideThatIsDownIsUnavailableAndComesBack(t *testing.T) {
	t.Parallel()
	address := "unix://" + socket(t)
	fine := handler{keys: func(context.Context) error { return nil }}
	call, _, stop := serve(t, address, fine, time.Minute)
	if err := call(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	wantUnavailable(t, call(t.Context()))
	serve(t, address, fine, time.Minute)
	for deadline := time.Now().Add(2 * time.Minute); ; {
		err := call(t.Context())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still failing long after the other side came back: %v", err)
		}
		wantUnavailable(t, err)
	}
}

func TestSlowSideIsUnavailable(t *testing.T) {
	t.Parallel()
	slow := handler{keys: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
	call, log, _ := serve(t, "unix://"+socket(t), slow, 20*time.Millisecond)
	wantUnavailable(t, call(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := call(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that gave up got %v", err)
	}
	if text := log.text(); text != "" {
		t.Errorf("the end of a context was logged: %s", text)
	}
}

func TestSocketIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	path := socket(t)
	first, err := rpc.Listen(t.Context(), "unix://"+path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := rpc.Listen(t.Context(), "unix://"+path); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second listener: %v", err)
	}
	first.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false) // as after kill -9
	_ = first.Close()
	second, err := rpc.Listen(t.Context(), "unix://"+path)
	if err != nil {
		t.Fatalf("a socket left behind: %v", err)
	}
	_ = second.Close()
	for _, address := range []string{"", "127.0.0.1:80", "unix://relative.sock", "dns:///", "http://a"} {
		if _, err := rpc.Listen(t.Context(), address); err == nil {
			t.Errorf("address %q was taken", address)
		}
		if _, err := rpc.Dial(rpc.ClientConfig{Address: address}); err == nil {
			t.Errorf("address %q was dialled", address)
		}
	}
}

func TestCallsAreMeasured(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	for range 2 { // two servers of one process share the metric
		if _, err := rpc.NewServer(rpc.ServerConfig{Registerer: registry}); err != nil {
			t.Fatal(err)
		}
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	border, ok := errors.AsType[*civic.Error](err)
	if !ok || border.Code != civic.CodeUnavailable || border.Key != "identity.unavailable" {
		t.Fatalf("got %v, want UNAVAILABLE identity.unavailable", err)
	}
}
