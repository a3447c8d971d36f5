package up

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up/broker"
)

// Deps are the live things that a service shares with the rest of the process.
type Deps struct {
	// Log carries the service's name.
	Log *slog.Logger
	// Metrics is fresh for each construction, so that a service made anew can register again.
	Metrics prometheus.Registerer
	// NATS connects to the embedded broker without a socket; nil if there is none. The URL in the configuration then still
	// gives user and password.
	NATS nats.InProcessConnProvider
	// InboxPrefix is the only prefix under which the service may hear answers (nats.CustomInboxPrefix).
	InboxPrefix string
	// Listen opens the server's public address. The server must listen through it: the address is taken from the first
	// moment on, so that nobody else gets it while the rest starts.
	Listen func() (net.Listener, error)
}

// A Constructor makes a service; ctx is for the construction alone. It is called again after each failure.
type Constructor func(ctx context.Context, cfg process.Config, deps Deps) (process.Task, error)

// Service is a part that runs in this process.
type Service struct {
	Name string // one of the Service constants
	New  Constructor
}

// Services are what `up` runs besides its own parts.
type Services struct {
	// Migrate brings databases and streams up to date; it is given the configuration of ServiceAdmin. Roles and databases
	// exist by then, but nothing in them.
	Migrate func(ctx context.Context, cfg process.Config, databases roles.Databases, deps Deps) error
	// Workers start before the server and stop after it.
	Workers []Service
	// Server answers /readyz on the public address.
	Server Constructor
}

// inProcess makes a service anew for each run: after a failure nothing of the old one is used again.
type inProcess struct {
	construct func(ctx context.Context) (process.Task, error)
	// built is the first one, made while starting up so that its errors are seen there.
	built process.Task
}

func (s *inProcess) Run(ctx context.Context) error {
	task := s.built
	s.built = nil
	if task == nil {
		var err error
		if task, err = s.construct(ctx); err != nil {
			return err
		}
	}
	return task.Run(ctx)
}

// inProcess constructs a service and returns it as a task.
func (s *system) inProcess(ctx context.Context, service Service) (process.Named, error) {
	cfg, err := s.instance.Config(service.Name)
	if err != nil {
		return process.Named{}, err
	}
	task := &inProcess{construct: func(ctx context.Context) (process.Task, error) {
		return service.New(ctx, cfg, s.deps(service.Name))
	}}
	if task.built, err = task.construct(ctx); err != nil {
		return process.Named{}, fmt.Errorf("start %s: %w", service.Name, err)
	}
	return process.Named{Name: service.Name, Task: task}, nil
}

func (s *system) deps(service string) Deps {
	deps := Deps{
		Log: s.opts.Log.With("part", service), Metrics: s.metrics.Part(service),
		InboxPrefix: broker.InboxPrefix(accesses[service].user),
	}
	if s.broker != nil {
		deps.NATS = s.broker
	}
	if service == ServiceServer {
		deps.Listen = s.public.listen
	}
	return deps
}
