// Package postgres runs a private PostgreSQL cluster: it finds the programs, makes the cluster on first use, and keeps the
// server as a task that a supervisor can start again after any end, a kill -9 included. It listens on a unix socket alone.
// Linux only.
//
// The caller holds a lock on the data directory: two tasks on one cluster would evict each other.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/up/child"
)

// Superuser is the cluster's administrator.
const Superuser = "postgres"

// Config says where the cluster lies.
type Config struct {
	// Dir holds everything of the cluster. Its parent must exist.
	Dir string
	// SocketDir is where the socket goes, as an absolute path of at most 84 bytes. Its parent must exist.
	SocketDir string
	// Secrets is the directory of secrets; the superuser's password is db/postgres in it.
	Secrets string
	// StopTimeout is how long a fast shutdown may take before it becomes an immediate one, after which the next start recovers
	// from the log. Default 2 s.
	StopTimeout time.Duration
	// Log gets what happens. Default slog.Default().
	Log *slog.Logger
}

// Cluster is the task.
type Cluster struct {
	cfg      Config
	account  account
	password string
	pid      atomic.Int64 // of the running postmaster; 0: none
}

// New finds out whom the cluster runs as and prepares its directories. It starts nothing.
func New(cfg Config) (*Cluster, error) {
	if !filepath.IsAbs(cfg.Dir) || !filepath.IsAbs(cfg.SocketDir) {
		return nil, errors.New("postgres: Dir and SocketDir must be absolute")
	}
	if cfg.StopTimeout == 0 {
		cfg.StopTimeout = 2 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	password, err := process.Password(cfg.Secrets, "db/"+Superuser)
	if err != nil {
		return nil, err
	}
	account, err := forCluster(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(account.hold(cfg.Dir), account.own(cfg.SocketDir)); err != nil {
		return nil, fmt.Errorf("prepare the PostgreSQL cluster: %w", err)
	}
	// The kernel tells the working directories of processes without symbolic links.
	if cfg.Dir, err = filepath.EvalSymlinks(cfg.Dir); err != nil {
		return nil, err
	}
	return &Cluster{cfg: cfg, account: account, password: password}, nil
}

// AdminURL is how the superuser connects; the database named is the one that is always there.
func (c *Cluster) AdminURL() string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(Superuser, c.password), Path: "/postgres",
		RawQuery: url.Values{"host": {c.cfg.SocketDir}}.Encode(),
	}
	return u.String()
}

// Ready is nil while the server takes connections.
func (c *Cluster) Ready(context.Context) error {
	state, err := readPidFile(c.data())
	if err != nil || !state.ready || int64(state.pid) != c.pid.Load() {
		return errors.New("PostgreSQL is not running")
	}
	return nil
}

// Run makes the cluster if there is none, starts the server and returns when it has ended; nothing of it is left then.
func (c *Cluster) Run(ctx context.Context) error {
	programs, err := c.programs()
	if err != nil {
		return err
	}
	if err := evict(ctx, c.data()); err != nil {
		return err
	}
	if err := c.initialize(ctx, programs); err != nil {
		return err
	}
	if err := forgetDead(c.data()); err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	output, err := os.Create(c.startLog())
	if err != nil {
		return err
	}
	defer output.Close()
	began := time.Now()
	server, err := child.New(child.Config{
		Path:   programs.path("postgres"),
		Args:   []string{"-D", c.data(), "--config-file=" + filepath.Join(c.cfg.Dir, "postgresql.conf")},
		Env:    environment,
		Stdout: output, Stderr: output,
		Credential: c.account.credential, Capabilities: c.account.capabilities,
		// Fast shutdown; then immediate, which loses nothing but the next start's time.
		Stop:     []child.Step{{Signal: syscall.SIGINT, Wait: c.cfg.StopTimeout}, {Signal: syscall.SIGQUIT, Wait: 500 * time.Millisecond}},
		Orphaned: syscall.SIGINT,
		Started:  func(pid int) { c.pid.Store(int64(pid)) },
	})
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go c.announce(ctx, began, ended)
	err = server.Run(ctx)
	close(ended)
	c.pid.Store(0)
	if ctx.Err() == nil {
		return fmt.Errorf("PostgreSQL: %w%s", errors.Join(err), c.lastWords())
	}
	// After SIGKILL backends may be left; usually there is nothing to do.
	return evict(context.WithoutCancel(ctx), c.data())
}

// environment is all that the programs get of ours. TZ spares initdb a search for the machine's time zone.
var environment = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}

func (c *Cluster) data() string     { return filepath.Join(c.cfg.Dir, "cluster") }
func (c *Cluster) logs() string     { return filepath.Join(c.cfg.Dir, "log") }
func (c *Cluster) startLog() string { return filepath.Join(c.cfg.Dir, "start.log") }

// programs are those of the cluster's own version, or the newest if it has yet to be made.
func (c *Cluster) programs() (binaries, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return find(0)
	}
	if err != nil {
		return binaries{}, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return binaries{}, fmt.Errorf("%s is not a PostgreSQL cluster", c.data())
	}
	return find(major)
}

// announce logs once the server takes connections.
func (c *Cluster) announce(ctx context.Context, began time.Time, ended <-chan struct{}) {
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for c.Ready(ctx) != nil {
		select {
		case <-ended:
			return
		case <-ticker.C:
		}
	}
	c.cfg.Log.Info("PostgreSQL is ready", "seconds", time.Since(began).Seconds())
}

// lastWords is the end of what the server said before its log was open.
func (c *Cluster) lastWords() string {
	content, _ := os.ReadFile(c.startLog())
	text := strings.TrimSpace(string(content))
	if text == "" {
		return ""
	}
	return ": " + text[max(0, len(text)-600):]
}
