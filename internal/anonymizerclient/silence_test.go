package anonymizerclient_test

import (
	"context"
	"net"
	"slices"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/anonymizerrpc"
)

// listening answers everything with nothing and remembers what came with it.
type listening struct {
	anonymizerrpc.UnimplementedAnonymizerServer
	heard chan metadata.MD
}

func (l listening) hear(ctx context.Context, _ any, _ *grpc.UnaryServerInfo, _ grpc.UnaryHandler) (any, error) {
	arrived, _ := metadata.FromIncomingContext(ctx)
	l.heard <- arrived
	return nil, rpc.ToStatus(civic.Unavailable("anonymizer.unavailable"))
}

// Whatever sits in the context of a call, even a trace, the anonymizer gets the report alone.
func TestNothingOfTheCallerTravels(t *testing.T) {
	t.Parallel()
	l := listening{heard: make(chan metadata.MD, 1)}
	server := grpc.NewServer(grpc.UnaryInterceptor(l.hear))
	anonymizerrpc.RegisterAnonymizerServer(server, l)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	client, err := anonymizerclient.New(rpc.Address(listener))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })

	ctx, span := sdk.NewTracerProvider().Tracer("test").Start(t.Context(), "mutation")
	defer span.End()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer x", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	ordinary := []string{":authority", "content-type", "user-agent", "grpc-accept-encoding"} // the same for every call
	for name, call := range map[string]func() error{
		"Submit":      func() error { _, err := client.Submit(ctx, anonymizerclient.Report{}); return err },
		"Preview":     func() error { _, err := client.Preview(ctx, civic.NewRaw("x"), nil); return err },
		"Scrub":       func() error { _, err := client.Scrub(ctx, civic.NewRaw("x")); return err },
		"OpenReceipt": func() error { _, err := client.OpenReceipt(ctx, civic.NewRaw("x")); return err },
		"FilingKey":   func() error { _, err := client.FilingKey(ctx); return err },
	} {
		if call() == nil {
			t.Errorf("%s: answered", name)
		}
		for key, values := range <-l.heard {
			if !slices.Contains(ordinary, key) {
				t.Errorf("%s: the anonymizer hears %s: %v", name, key, values)
			}
		}
	}
}
