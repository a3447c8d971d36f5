package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
)

// Config says how to reach NATS.
type Config struct {
	// URL may carry user and password, and may list several servers, separated by commas.
	URL string
	// Name is shown in the server's list of connections. Default "jagawarga".
	Name string
	// InboxPrefix is where answers come in, e.g. "_INBOX_server", so that each service can be given the right to its own
	// answers alone. It must begin with "_INBOX". Default "_INBOX".
	InboxPrefix string
	// InProcess reaches an embedded server without a socket; URL then only gives user and password.
	InProcess nats.InProcessConnProvider
	// Log defaults to discarding.
	Log *slog.Logger
	// Metrics is where the package's metrics are registered; nil for nowhere.
	Metrics prometheus.Registerer
}

const (
	dialTimeout   = 2 * time.Second
	retryPause    = 200 * time.Millisecond
	pingInterval  = 10 * time.Second
	apiTimeout    = 5 * time.Second
	defaultInbox  = "_INBOX"
	flushOnClose  = time.Second
	deleteTimeout = 2 * time.Second
)

// Bus is one connection to NATS; safe for use by many goroutines.
type Bus struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	log     *slog.Logger
	metrics *metrics

	mu sync.Mutex
	// session ends when the connection is lost, and is made anew when it is back.
	session    context.Context
	endSession context.CancelFunc
}

// Connect keeps trying until it is connected or ctx ends. Once connected, the Bus reconnects for ever until Close.
func Connect(ctx context.Context, cfg Config) (*Bus, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{log: cfg.Log, metrics: newMetrics(cfg.Metrics)}
	b.session, b.endSession = context.WithCancel(context.Background())
	options := b.options(cfg)
	for {
		nc, err := nats.Connect(cfg.URL, options...)
		if err == nil {
			b.nc = nc
			break
		}
		// A broken URL does not mend itself, and its error would print the password.
		if malformed := (*url.Error)(nil); errors.As(err, &malformed) {
			return nil, fmt.Errorf("read the NATS address: %w", malformed.Err)
		}
		b.log.Warn("NATS is not reachable yet", "error", err)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("connect to NATS: %w (last error: %w)", ctx.Err(), err)
		case <-time.After(retryPause):
		}
	}
	js, err := jetstream.New(b.nc, jetstream.WithDefaultTimeout(apiTimeout))
	if err != nil {
		b.nc.Close()
		return nil, fmt.Errorf("open JetStream: %w", err)
	}
	b.js = js
	return b, nil
}

func (b *Bus) options(cfg Config) []nats.Option {
	name, inbox := cfg.Name, cfg.InboxPrefix
	if name == "" {
		name = "jagawarga"
	}
	if inbox == "" {
		inbox = defaultInbox
	}
	options := []nats.Option{
		nats.Name(name), nats.CustomInboxPrefix(inbox), nats.Timeout(dialTimeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(retryPause), nats.ReconnectJitter(retryPause/2, retryPause/2),
		nats.IgnoreAuthErrorAbort(), nats.PingInterval(pingInterval), nats.MaxPingsOutstanding(2),
		// Nothing is kept for later while disconnected: a submission that was answered "unavailable" must not be sent
		// behind the citizen's back.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { b.lost(err) }),
		nats.ReconnectHandler(func(*nats.Conn) { b.found() }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Error("NATS reported an error", "error", err)
		}),
	}
	if cfg.InProcess != nil {
		options = append(options, nats.InProcessServer(cfg.InProcess))
	}
	return options
}

// Close sends what is on its way and ends the connection.
func (b *Bus) Close() {
	if b.nc.IsConnected() {
		// Only hints and notices can be left; nobody is owed them.
		_ = b.nc.FlushTimeout(flushOnClose)
	}
	b.nc.Close()
	b.lost(nil)
}

// Ready says whether the connection stands.
func (b *Bus) Ready() error {
	if !b.nc.IsConnected() {
		return fmt.Errorf("not connected to NATS: %s", b.nc.Status())
	}
	return nil
}

// JetStream gives the connection to those who keep a store of their own in it, as the anonymizer does with spent tokens.
func (b *Bus) JetStream() jetstream.JetStream { return b.js }

func (b *Bus) lost(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endSession()
	if err != nil {
		b.log.Warn("the connection to NATS is lost", "error", err)
	}
}

func (b *Bus) found() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endSession()
	b.session, b.endSession = context.WithCancel(context.Background())
	b.log.Info("the connection to NATS is back")
}

// whileConnected ends with ctx or with the present connection: answers that a lost connection owed will never come.
func (b *Bus) whileConnected(ctx context.Context) (context.Context, context.CancelFunc) {
	b.mu.Lock()
	session := b.session
	b.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(session, func() { cancel(errLost) })
	return ctx, func() { stop(); cancel(nil) }
}

var errLost = errors.New("the connection to NATS was lost")

// pause waits, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
