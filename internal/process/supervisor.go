package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"
)

// SupervisorConfig says how a Supervisor restarts and stops.
type SupervisorConfig struct {
	// Log gets a line for each task that ends by itself. Default slog.Default().
	Log *slog.Logger
	// Quick is how many failures within about half a minute are answered with a restart at once. Default 3.
	Quick int
	// RestartDelay is the pause, give or take a half, before a restart after more failures than that. Default 2 s.
	RestartDelay time.Duration
	// StopTimeout is how long the tasks of one rank may take to stop before the next rank is told to. Default 1 s.
	StopTimeout time.Duration
}

// A Supervisor keeps named tasks running: one that ends, by error, by panic or for no reason, is started again, at once at
// first and with a pause when it keeps failing; the others never notice. Each Start adds a rank of tasks; ranks stop in the
// opposite order of their start.
type Supervisor struct {
	cfg SupervisorConfig

	mu    sync.Mutex
	ranks []rank
}

type rank struct {
	names  []string
	cancel context.CancelFunc
	done   chan struct{}
}

// NewSupervisor makes one without tasks.
func NewSupervisor(cfg SupervisorConfig) *Supervisor {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Quick == 0 {
		cfg.Quick = 3
	}
	if cfg.RestartDelay == 0 {
		cfg.RestartDelay = 2 * time.Second
	}
	if cfg.StopTimeout == 0 {
		cfg.StopTimeout = time.Second
	}
	return &Supervisor{cfg: cfg}
}

// Start adds tasks as one rank and returns once they have been set going. The caller must Stop (or Run) later.
func (s *Supervisor) Start(tasks ...Named) {
	ctx, cancel := context.WithCancel(context.Background())
	added := rank{cancel: cancel, done: make(chan struct{})}
	var running sync.WaitGroup
	for _, task := range tasks {
		added.names = append(added.names, task.Name)
		running.Go(func() { s.keep(ctx, task) })
	}
	go func() {
		running.Wait()
		close(added.done)
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ranks = append(s.ranks, added)
}

// Run waits until ctx is done and stops everything.
func (s *Supervisor) Run(ctx context.Context) error {
	<-ctx.Done()
	return s.Stop()
}

// Stop ends the ranks, the last started first, each waited for up to StopTimeout. It names the ranks that took longer; they
// have been told to stop but may still be running.
func (s *Supervisor) Stop() error {
	s.mu.Lock()
	ranks := s.ranks
	s.ranks = nil
	s.mu.Unlock()
	var late error
	for _, stopping := range slices.Backward(ranks) {
		stopping.cancel()
		select {
		case <-stopping.done:
		case <-time.After(s.cfg.StopTimeout):
			late = errors.Join(late, fmt.Errorf("%v did not stop within %v", stopping.names, s.cfg.StopTimeout))
		}
	}
	return late
}

// keep runs one task again and again until ctx is done. Each task has a suture supervisor of its own: suture's pause holds
// up all the services of a supervisor.
func (s *Supervisor) keep(ctx context.Context, task Named) {
	log := s.cfg.Log.With("task", task.Name)
	service := &service{Named: task}
	keeper := suture.New(task.Name, suture.Spec{
		EventHook:        func(event suture.Event) { logEvent(log, event) },
		Sprint:           panicText,
		FailureThreshold: float64(s.cfg.Quick),
		FailureBackoff:   s.cfg.RestartDelay,
		Timeout:          24 * time.Hour, // how long is too long is decided above, for a rank
	})
	keeper.Add(service)
	_ = keeper.Serve(ctx) // ends with ctx alone, and says only that
}

// service is a Named as suture wants it.
type service struct{ Named }

func (s *service) String() string { return s.Name }

func (s *service) Serve(ctx context.Context) error {
	err := s.Task.Run(ctx)
	if ctx.Err() != nil {
		return suture.ErrDoNotRestart
	}
	if err == nil {
		return errEnded
	}
	// A task cannot talk suture into not restarting it: its error is kept as text alone.
	return errors.New(err.Error())
}

var errEnded = errors.New("ended by itself")

func logEvent(log *slog.Logger, event suture.Event) {
	switch event := event.(type) {
	case suture.EventServiceTerminate:
		log.Warn("task ended, restarting", "error", event.Err, "at_once", event.Restarting)
	case suture.EventServicePanic:
		log.Error("task panicked, restarting", "panic", event.PanicMsg, "at_once", event.Restarting, "stack", event.Stacktrace)
	}
}

// panicText keeps what a panic may carry out of the log: only the runtime's own errors are spelled out, of anything else the
// type alone.
func panicText(value any) string {
	if err, ok := value.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", value)
}
