package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/ws"
)

// Verifier tells whose token it is. A token that is expired or not ours gives a *civic.Error UNAUTHENTICATED.
type Verifier interface {
	Verify(ctx context.Context, token string) (civic.Principal, error)
}

// Config of a Server. Only Listen has no default.
type Config struct {
	// Listen is host:port; port 0 takes a free one.
	Listen string
	// AllowedOrigins are the pages of other sites whose scripts may use the API, as https://host[:port]. Default none: pages
	// of the same host and clients that are no browsers need no permission.
	AllowedOrigins []string

	// MaxBody is the size of the largest request body in bytes. Default 1 MiB.
	MaxBody int64
	// Uploads are the limits of requests with files, which MaxBody does not hold for.
	Uploads Uploads
	// MaxInFlight is how many requests may run at once; one more gets 503. Default 2,000.
	MaxInFlight int
	// MaxStreams is how many event streams may be open at once. Default 5,000.
	MaxStreams int
	// OperationTimeout bounds queries and mutations on every transport. Default 30 s.
	OperationTimeout time.Duration
	// MaxTokens bounds the length of a document before it is parsed. Default 1,500: introspection needs 300, and checking one
	// field written 1,500 times costs a tenth of a second, growing with the square.
	MaxTokens int
	// MaxDepth bounds how deep fields may nest. Default 20.
	MaxDepth int
	// MaxComplexity bounds the cost of an operation as the schema reckons it, and the number of its fields once fragments are
	// unfolded. Default 20,000: a page of 20 reports with the first page of their comments and history costs 13,000.
	MaxComplexity int
	// QueryCache is how many parsed documents are kept. Default 1,000.
	QueryCache int
	// Sockets has the limits of WebSockets; what it shares with this Config is filled in from here.
	Sockets ws.Config

	// Mark puts into an operation's context what it may know of the request it came with, or for a WebSocket of the one that opened it.
	// Default: nothing.
	Mark func(context.Context, *http.Request) context.Context

	// Greet does the same for the payload of a WebSocket's connection_init. Default: nothing.
	Greet func(context.Context, json.RawMessage) context.Context

	// OnRevoked calls over when a session is over before its token, so that its streams end; forget ends the watch. Default: none ever is.
	OnRevoked func(session civic.SessionID, over func()) (forget func())

	// Extensions run around every operation, in this order (batching, compiled answers).
	Extensions []graphql.HandlerExtension
	// Extra mounts handlers by http.ServeMux pattern: pages, media, Open311. Without "/" unknown paths answer 404.
	Extra map[string]http.Handler
	// JWKS gives the JSON of the public keys of access tokens; nil: there are none to show.
	JWKS func(context.Context) ([]byte, error)
	// Checks are the parts /readyz asks.
	Checks []Check

	// StopTimeout is how long requests may go on once Run has been told to end. Default 2.5 s.
	StopTimeout time.Duration
	// Now is the clock that tokens end by. Default time.Now.
	Now func() time.Time
	// Random makes the ids of internal errors. Default crypto/rand.Reader.
	Random io.Reader
	// Log is where access lines and internal errors go. Default slog.Default().
	Log *slog.Logger
	// Metrics is where metrics are registered; nil for none.
	Metrics prometheus.Registerer
}

func (c Config) withDefaults() (Config, error) {
	for _, d := range []struct {
		name     string
		value    *int
		fallback int
	}{
		{"MaxInFlight", &c.MaxInFlight, 2000}, {"MaxStreams", &c.MaxStreams, 5000}, {"MaxTokens", &c.MaxTokens, 1500},
		{"MaxDepth", &c.MaxDepth, 20}, {"MaxComplexity", &c.MaxComplexity, 20_000}, {"QueryCache", &c.QueryCache, 1000},
	} {
		if *d.value < 0 {
			return c, fmt.Errorf("server: %s is negative", d.name)
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1 << 20
	}
	c.Uploads = c.Uploads.withDefaults()
	if c.OperationTimeout == 0 {
		c.OperationTimeout = 30 * time.Second
	}
	if c.StopTimeout == 0 {
		c.StopTimeout = 2500 * time.Millisecond
	}
	if c.Mark == nil {
		c.Mark = func(ctx context.Context, _ *http.Request) context.Context { return ctx }
	}
	if c.OnRevoked == nil {
		c.OnRevoked = func(civic.SessionID, func()) func() { return func() {} }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Sockets.PingEvery == 0 {
		c.Sockets.PingEvery = 25 * time.Second
	}
	if c.Sockets.WriteTimeout == 0 {
		c.Sockets.WriteTimeout = 10 * time.Second
	}
	return c, nil
}
