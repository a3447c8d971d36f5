package ws

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/server/fault"
)

// Verifier tells whose token it is. A token that is expired or not ours gives a *civic.Error UNAUTHENTICATED.
type Verifier interface {
	Verify(ctx context.Context, token string) (civic.Principal, error)
}

// Config of a Handler. The zero value is good for production.
type Config struct {
	// CheckOrigin refuses browsers on pages of other sites; nil allows pages of the same host, and clients that send no Origin.
	CheckOrigin func(*http.Request) bool
	// InitTimeout is how long a client may take to send connection_init. Default 10 s.
	InitTimeout time.Duration
	// PingEvery is the time between pings; a client that has been silent for PingEvery + WriteTimeout is gone. Default 25 s:
	// gateways and mobile networks cut what is silent for 30.
	PingEvery time.Duration
	// WriteTimeout is how long a client may take to accept one message. Default 10 s.
	WriteTimeout time.Duration
	// OperationTimeout bounds queries and mutations. Default 30 s.
	OperationTimeout time.Duration
	// ReadLimit is the size of the largest message from a client, in bytes. Default 256 KiB.
	ReadLimit int64
	// MaxOperations may run at once on one socket; one more gets RATE_LIMITED. Default 50.
	MaxOperations int
	// MaxSockets may be open at once; one more gets 503. Default 20,000.
	MaxSockets int
	// Mark puts into a socket's context what its operations may know of the request that opened it. Default: nothing.
	Mark func(context.Context, *http.Request) context.Context
	// Greet does the same for the payload of connection_init. Default: nothing.
	Greet func(context.Context, json.RawMessage) context.Context
	// OnRevoked calls over when a session is over before its token; forget ends the watch. Default: none ever is.
	OnRevoked func(session civic.SessionID, over func()) (forget func())
	// Now is the clock that tokens end by. Default time.Now.
	Now func() time.Time
	// Metrics is where the counters are registered; nil for none.
	Metrics prometheus.Registerer
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&c.InitTimeout, 10 * time.Second}, {&c.PingEvery, 25 * time.Second},
		{&c.WriteTimeout, 10 * time.Second}, {&c.OperationTimeout, 30 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if c.OnRevoked == nil {
		c.OnRevoked = func(civic.SessionID, func()) func() { return func() {} }
	}
	if c.ReadLimit == 0 {
		c.ReadLimit = 256 << 10
	}
	if c.MaxOperations == 0 {
		c.MaxOperations = 50
	}
	if c.MaxSockets == 0 {
		c.MaxSockets = 20_000
	}
	if c.Mark == nil {
		c.Mark = func(ctx context.Context, _ *http.Request) context.Context { return ctx }
	}
	if c.Greet == nil {
		c.Greet = func(ctx context.Context, _ json.RawMessage) context.Context { return ctx }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Handler accepts sockets and knows all that are open.
type Handler struct {
	cfg      Config
	exec     graphql.GraphExecutor
	faults   *fault.Presenter
	verifier Verifier
	upgrader websocket.Upgrader
	metrics  *metrics

	mu      sync.Mutex
	open    map[*socket]struct{}
	closing bool
	ended   sync.WaitGroup // one for each socket in open
}

// New makes a handler that runs operations on exec.
func New(cfg Config, exec graphql.GraphExecutor, faults *fault.Presenter, verifier Verifier) (*Handler, error) {
	if exec == nil || faults == nil || verifier == nil {
		return nil, errors.New("ws: executor, presenter and verifier are needed")
	}
	h := &Handler{cfg: cfg.withDefaults(), exec: exec, faults: faults, verifier: verifier, open: map[*socket]struct{}{}}
	var err error
	if h.metrics, err = newMetrics(cfg.Metrics); err != nil {
		return nil, err
	}
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: h.cfg.WriteTimeout,
		// Clients send little: a token, a query, a ping. Write buffers are shared, as sockets mostly wait.
		ReadBufferSize:  512,
		WriteBufferSize: 4096,
		WriteBufferPool: &sync.Pool{},
		Subprotocols:    []string{Subprotocol},
		CheckOrigin:     h.cfg.CheckOrigin,
		Error:           refuse,
	}
	return h, nil
}

// ServeHTTP upgrades the connection and returns at once: the socket lives in a goroutine of its own, so that nothing of the
// HTTP request (its buffers are larger than all of a socket) stays in memory with it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.full() {
		refuse(w, r, http.StatusServiceUnavailable, nil)
		return
	}
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	ctx := locale.With(context.Background(), locale.Accepted(r.Header.Get("Accept-Language")))
	s := newSocket(h, conn, h.cfg.Mark(ctx, r))
	if !h.add(s) {
		s.drop()
		return
	}
	go s.live()
}

// refuse answers an upgrade that does not happen, in the same form as every other error.
func refuse(w http.ResponseWriter, r *http.Request, status int, _ error) {
	reason := civic.Invalid("", "request.method")
	switch status {
	case http.StatusForbidden:
		reason = civic.Forbidden("error.forbidden")
	case http.StatusServiceUnavailable, http.StatusInternalServerError:
		reason = civic.Unavailable("server.busy")
		w.Header().Set("Retry-After", strconv.Itoa(5))
	}
	ctx := locale.With(r.Context(), locale.Accepted(r.Header.Get("Accept-Language")))
	raw, err := json.Marshal(graphqlErrors{gqlerror.List{fault.Error(ctx, reason)}})
	if err != nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Sec-Websocket-Version", "13")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

type graphqlErrors struct {
	Errors gqlerror.List `json:"errors"`
}

func (h *Handler) full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closing || len(h.open) >= h.cfg.MaxSockets
}

func (h *Handler) add(s *socket) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing || len(h.open) >= h.cfg.MaxSockets {
		return false
	}
	h.open[s] = struct{}{}
	h.ended.Add(1)
	h.metrics.sockets.Inc()
	return true
}

func (h *Handler) remove(s *socket) {
	h.mu.Lock()
	delete(h.open, s)
	h.mu.Unlock()
	h.metrics.sockets.Dec()
	h.ended.Done()
}

// Open is how many sockets are open.
func (h *Handler) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.open)
}

// Close refuses new sockets, closes the open ones with 1001 and returns when all of them and their operations have ended.
// What has not ended when ctx does is cut off.
func (h *Handler) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	sockets := make([]*socket, 0, len(h.open))
	for s := range h.open {
		sockets = append(sockets, s)
	}
	h.mu.Unlock()
	for _, s := range sockets {
		go s.close(goingAway)
	}
	done := make(chan struct{})
	go func() {
		h.ended.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	for _, s := range sockets {
		s.drop()
	}
	<-done
	return ctx.Err()
}
