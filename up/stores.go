package up

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/up/broker"
	"github.com/jagawarga/jagawarga/up/postgres"
)

// place decides where everything of this run is found; nothing is started yet.
func (s *system) place() error {
	natsPort := forget(s.data.path)
	s.instance = &Instance{
		Pid: os.Getpid(), Listen: s.public.address, MetricsListen: process.MetricsOff, NATS: s.opts.NATSURL,
		Identity:   "unix://" + filepath.Join(s.data.sockets, "identity.sock"),
		Anonymizer: "unix://" + filepath.Join(s.data.sockets, "anonymizer.sock"),
		TimeScale:  s.opts.TimeScale, Demo: s.opts.Demo, Replicas: s.opts.Replicas, Blobs: s.opts.Blobs, data: s.data.path,
	}
	if s.internal != nil {
		s.instance.MetricsListen = s.internal.address
	}
	s.checks[ServiceIdentity] = serving(s.instance.Identity)
	s.checks[ServiceAnonymizer] = serving(s.instance.Anonymizer)
	if s.opts.NATSURL == "" {
		var err error
		s.broker, err = broker.New(broker.Config{
			Dir: s.data.nats(), Secrets: secretsIn(s.data.path), Port: natsPort, Log: s.opts.Log.With("part", "nats"),
		})
		if err != nil {
			return err
		}
		s.checks["nats"] = s.broker.Ready
	}
	return s.placeDatabase()
}

func (s *system) placeDatabase() error {
	var databases roles.Databases
	var err error
	if s.opts.DatabaseURL != "" {
		databases, err = roles.At(s.opts.DatabaseURL, secretsIn(s.data.path))
	} else {
		s.cluster, err = postgres.New(postgres.Config{
			Dir: s.data.postgres(), SocketDir: filepath.Join(s.data.sockets, "postgres"), Secrets: secretsIn(s.data.path),
			StopTimeout: databaseStop, Log: s.opts.Log.With("part", "postgresql"),
		})
		if err != nil {
			return err
		}
		s.checks["postgresql"] = s.cluster.Ready
		s.instance.Private = true
		databases, err = roles.Private(s.cluster.AdminURL(), secretsIn(s.data.path))
	}
	s.instance.Database = databases.Address()
	return err
}

// startStores starts the internal listener, the database and the broker, and returns once these two answer.
func (s *system) startStores(ctx context.Context) error {
	var tasks []process.Named
	var waiting []*guarded
	if s.internal != nil {
		listener, err := observe.NewListener(observe.ListenerConfig{
			Listen: s.internal.listen, Metrics: s.metrics, Ready: s.checks,
			Pprof: s.opts.Getenv(observe.EnvPprof) == "1", Log: s.opts.Log,
		})
		if err != nil {
			return err
		}
		tasks = append(tasks, process.Named{Name: "metrics", Task: listener})
	}
	add := func(name string, task process.Task, check observe.Check) {
		store := guard(process.Named{Name: name, Task: task}, check, 1)
		tasks, waiting = append(tasks, store.Named), append(waiting, store)
	}
	if s.cluster != nil {
		add("postgresql", s.cluster, s.cluster.Ready)
	}
	if s.broker != nil {
		add("nats", s.broker, s.broker.Ready)
	}
	s.stores.Start(tasks...)
	if err := awaitAll(ctx, waiting); err != nil {
		return err
	}
	if s.broker != nil {
		s.instance.NATS = s.broker.Address()
	}
	return nil
}

// prepareDatabases makes roles and databases as the administrator and hands over to the migrations.
func (s *system) prepareDatabases(ctx context.Context) error {
	databases, err := s.instance.Databases()
	if err != nil {
		return err
	}
	adminURL := s.opts.DatabaseURL
	if s.cluster != nil {
		adminURL = s.cluster.AdminURL()
	}
	if err := databases.Ensure(ctx, adminURL); err != nil {
		return err
	}
	if s.services.Migrate == nil {
		return nil
	}
	cfg, err := s.instance.Config(ServiceAdmin)
	if err != nil {
		return err
	}
	if err := s.services.Migrate(ctx, cfg, databases, s.deps(ServiceAdmin)); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
