// Package broker runs an embedded NATS server: JetStream that syncs every message to disk before it answers, its store
// encrypted, on a loopback address, each service with its own rights (accounts.conf). It is a task that a supervisor can start
// again; clients in this process and outside reconnect to the same address.
package broker

import (
	"context"
	_ "embed" // accounts.conf
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"golang.org/x/crypto/bcrypt"

	"github.com/jagawarga/jagawarga/internal/process"
)

// The users of accounts.conf. Each hears answers under InboxPrefix(user) alone; the administrator, who may do everything in
// the city's account, under any prefix.
const (
	Server     = "server"
	Ingest     = "ingest"
	Escalator  = "escalator"
	Notifier   = "notifier"
	Anonymizer = "anonymizer"
	Admin      = "admin"
)

// Users are all of them.
var Users = []string{Server, Ingest, Escalator, Notifier, Anonymizer, Admin}

// InboxPrefix is what a user's client must be configured with (nats.CustomInboxPrefix).
func InboxPrefix(user string) string { return "_INBOX_" + user }

const (
	host = "127.0.0.1"
	// maxPayload is the largest message: a batch of reports with room to spare.
	maxPayload = 8 << 20
	// maxMemory is for streams and consumers kept in memory: readers of live screens that resume.
	maxMemory = 64 << 20
	// readyPatience is how long one question after readiness may take.
	readyPatience = 10 * time.Millisecond
)

//go:embed accounts.conf
var accounts string

// Config says where the store lies.
type Config struct {
	// Dir is the store's directory.
	Dir string
	// Secrets is the directory of secrets: nats/<user> are passwords, jetstream.key the key of the store.
	Secrets string
	// Port is preferred, if it is free: so that addresses stay the same from one start to the next. Default any.
	Port int
	// Log gets warnings and errors. Default slog.Default().
	Log *slog.Logger
}

// Broker is the task.
type Broker struct {
	cfg     Config
	options server.Options
	port    atomic.Int64 // 0 until it is ready for the first time; fixed then, so that clients find it again after a restart
	running atomic.Pointer[server.Server]
}

// New makes what is missing of the secrets. It starts nothing.
func New(cfg Config) (*Broker, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("NATS store: %w", err)
	}
	key, err := process.Password(cfg.Secrets, "jetstream.key")
	if err != nil {
		return nil, err
	}
	settings, err := configuration(cfg.Secrets)
	if err != nil {
		return nil, err
	}
	var options server.Options
	if err := options.ProcessConfigString(settings); err != nil {
		return nil, fmt.Errorf("NATS accounts: %w", err)
	}
	options.ServerName, options.Host = "jagawarga", host
	options.JetStream, options.StoreDir, options.SyncAlways = true, cfg.Dir, true
	options.JetStreamKey, options.JetStreamCipher = key, server.ChaCha
	options.JetStreamMaxMemory, options.MaxPayload = maxMemory, maxPayload
	options.NoSigs, options.DisableJetStreamBanner = true, true
	return &Broker{cfg: cfg, options: options}, nil
}

// configuration is accounts.conf with the passwords before it.
func configuration(secrets string) (string, error) {
	var text strings.Builder
	for _, user := range Users {
		password, err := process.Password(secrets, "nats/"+user)
		if err != nil {
			return "", err
		}
		// The passwords are 256 random bits, which no cost makes safer; hashed, the server keeps them out of its memory.
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		if err != nil {
			return "", fmt.Errorf("the password nats/%s: %w", user, err)
		}
		fmt.Fprintf(&text, "NATS_%s_PASSWORD: '%s'\n", strings.ToUpper(user), hash)
	}
	return text.String() + accounts, nil
}

// Run serves until ctx is done and has closed the store when it returns.
func (b *Broker) Run(ctx context.Context) error {
	if fixed := int(b.port.Load()); fixed != 0 {
		return b.serve(ctx, fixed)
	}
	if b.cfg.Port != 0 {
		err := b.serve(ctx, b.cfg.Port)
		if b.port.Load() != 0 || ctx.Err() != nil {
			return err
		}
		b.cfg.Log.Debug("NATS takes another port", "error", err)
	}
	return b.serve(ctx, server.RANDOM_PORT)
}

func (b *Broker) serve(ctx context.Context, port int) error {
	options := b.options // the server fills in defaults
	options.Port = port
	running, err := server.NewServer(&options)
	if err != nil {
		return fmt.Errorf("NATS: %w", err)
	}
	fatal := make(chan string, 1)
	running.SetLoggerV2(logger{b.cfg.Log, fatal}, false, false, false)
	ended := make(chan struct{})
	go func() {
		running.Start()
		running.WaitForShutdown()
		close(ended)
	}()
	b.running.Store(running)
	defer b.running.CompareAndSwap(running, nil)
	select {
	case <-ended:
		return errors.New("NATS ended by itself")
	case reason := <-fatal:
		err = fmt.Errorf("NATS: %s", reason)
	case <-ctx.Done():
	}
	running.Shutdown()
	<-ended
	return err
}

// Ready is nil while clients can connect.
func (b *Broker) Ready(context.Context) error {
	running := b.running.Load()
	if running == nil || !running.ReadyForConnections(readyPatience) {
		return errors.New("NATS is not running")
	}
	if address, ok := running.Addr().(*net.TCPAddr); ok {
		b.port.CompareAndSwap(0, int64(address.Port))
	}
	return nil
}

// InProcessConn connects without a socket; it makes a Broker a nats.InProcessConnProvider. User and password still count.
func (b *Broker) InProcessConn() (net.Conn, error) {
	running := b.running.Load()
	if running == nil {
		return nil, errors.New("NATS is not running")
	}
	return running.InProcessConn()
}

// Port is where it listens on 127.0.0.1; known once it has been Ready.
func (b *Broker) Port() int { return int(b.port.Load()) }

// Address is the server without user and password; known once it has been Ready.
func (b *Broker) Address() string { return fmt.Sprintf("nats://%s:%d", host, b.Port()) }

// URL puts user and its password from secrets into address, unless address brings its own. address may list several servers,
// separated by commas.
func URL(address, secrets, user string) (string, error) {
	password, err := process.Password(secrets, "nats/"+user)
	if err != nil {
		return "", err
	}
	servers := strings.Split(address, ",")
	for n, text := range servers {
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(strings.TrimSpace(text))
		if err != nil {
			return "", errors.New("NATS must be given as nats://user:password@host:port")
		}
		if u.User == nil {
			u.User = url.UserPassword(user, password)
		}
		servers[n] = u.String()
	}
	return strings.Join(servers, ","), nil
}
