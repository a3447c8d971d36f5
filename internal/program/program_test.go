package program_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/internal/program"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	var status atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(address string, arguments ...string) error {
		command := program.Health(func(name string) string { return map[string]string{process.EnvMetricsListen: address}[name] })
		command.SetArgs(arguments)
		command.SilenceUsage, command.SilenceErrors = true, true
		return command.ExecuteContext(t.Context())
	}
	status.Store(http.StatusOK)
	for _, address := range []string{"127.0.0.1:" + port, "0.0.0.0:" + port, ":" + port, "[::]:" + port} {
		if err := ask(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	status.Store(http.StatusServiceUnavailable)
	if ask("127.0.0.1:"+port) == nil {
		t.Error("a service that is not ready counts as healthy")
	}
	if ask("off") == nil {
		t.Error("a service without a metrics listener counts as healthy")
	}
	if ask("127.0.0.1:"+port, "more") == nil {
		t.Error("an argument too many is let through")
	}
}
