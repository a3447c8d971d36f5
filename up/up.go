// Package up is the whole system in one command: it takes the data directory, runs a private PostgreSQL cluster and an
// embedded NATS server in it, the walled services as programs of their own, and the others in this process, all supervised.
//
// What starts last stops first: server, workers, walled services, then broker and database. When this process is killed, the
// kernel takes its children along. Linux only.
package up

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/up/broker"
	"github.com/jagawarga/jagawarga/up/postgres"
)

// The stop is over within 5 s even if every rank takes all its time: three ranks of services, then broker and database.
const (
	serviceStop  = 700 * time.Millisecond
	databaseStop = 2 * time.Second // then its shutdown is an immediate one
	storeStop    = databaseStop + 700*time.Millisecond
)

// Options are what `jagawarga up` is told. Unset ones have the defaults of process.Config.
type Options struct {
	Listen        string // host:port; port 0 takes any
	MetricsListen string // host:port, or "off"
	Data          string
	Demo          bool
	TimeScale     float64
	DatabaseURL   string // of an administrator; empty: the private cluster
	NATSURL       string // without user: each service signs in as itself; empty: the embedded server
	Replicas      int
	Blobs         string // where pictures and films are kept; empty: in Data

	Stdout  io.Writer           // gets the line "ready http://host:port". Default os.Stdout
	Log     *slog.Logger        // default slog.Default()
	Getenv  func(string) string // default os.Getenv
	Environ []string            // default os.Environ()
}

// FromConfig takes over what the environment and the flags say.
func FromConfig(cfg process.Config) Options {
	return Options{
		Listen: cfg.Listen, MetricsListen: cfg.MetricsListen, Data: cfg.Data, Demo: cfg.Demo, TimeScale: cfg.TimeScale,
		DatabaseURL: cfg.DatabaseURL, NATSURL: cfg.NATSURL, Replicas: cfg.Replicas, Blobs: cfg.Blobs,
	}
}

func (o Options) withDefaults() (Options, error) {
	defaults, err := process.FromEnv(func(string) string { return "" })
	if err != nil {
		return o, err
	}
	or := func(value *string, fallback string) {
		if *value == "" {
			*value = fallback
		}
	}
	or(&o.Listen, defaults.Listen)
	or(&o.MetricsListen, defaults.MetricsListen)
	or(&o.Data, defaults.Data)
	if o.TimeScale == 0 {
		o.TimeScale = defaults.TimeScale
	}
	if o.Replicas == 0 {
		o.Replicas = defaults.Replicas
	}
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	return o, nil
}

// system is one run.
type system struct {
	opts     Options
	services Services
	data     *dataDir
	instance *Instance
	metrics  *observe.Metrics
	checks   observe.Checks

	public, internal *heldListener // internal: nil if off
	cluster          *postgres.Cluster
	broker           *broker.Broker

	stores, parts *process.Supervisor
}

// Run starts everything, prints the ready line and returns when ctx is done and nothing of it runs any more. An error before
// the ready line means that it could not start; then, too, nothing is left running. A part that dies later is started again.
func Run(ctx context.Context, opts Options, services Services) error {
	opts, err := opts.withDefaults()
	if err != nil {
		return err
	}
	s := &system{opts: opts, services: services, metrics: observe.NewMetrics(), checks: observe.Checks{}}
	// Ports first: a second `up` by mistake should not touch anything.
	if s.public, err = hold(opts.Listen); err != nil {
		return withFlag(err, "--listen")
	}
	defer s.public.close()
	if opts.MetricsListen != process.MetricsOff {
		if s.internal, err = hold(opts.MetricsListen); err != nil {
			return withFlag(err, "--metrics-listen")
		}
		defer s.internal.close()
	}
	if s.data, err = openData(opts.Data); err != nil {
		return err
	}
	s.stores = process.NewSupervisor(process.SupervisorConfig{Log: opts.Log, StopTimeout: storeStop})
	s.parts = process.NewSupervisor(process.SupervisorConfig{Log: opts.Log, StopTimeout: serviceStop})
	err = s.start(ctx)
	if err == nil {
		<-ctx.Done()
		opts.Log.Info("stopping")
	}
	late := errors.Join(s.parts.Stop(), s.stores.Stop(), s.data.close())
	if ctx.Err() != nil {
		err = nil // told to stop while starting
	}
	return errors.Join(err, late)
}

func (s *system) start(ctx context.Context) error {
	began := time.Now()
	if err := s.place(); err != nil {
		return err
	}
	if err := s.startStores(ctx); err != nil {
		return err
	}
	if err := s.prepareDatabases(ctx); err != nil {
		return err
	}
	if err := s.startWalled(ctx); err != nil {
		return err
	}
	var workers []process.Named
	for _, worker := range s.services.Workers {
		named, err := s.inProcess(ctx, worker)
		if err != nil {
			return err
		}
		workers = append(workers, named)
	}
	s.parts.Start(workers...)
	url := "http://" + reachable(s.public.address)
	if err := s.startServer(ctx, url+"/readyz"); err != nil {
		return err
	}
	if err := s.instance.save(); err != nil {
		return err
	}
	s.opts.Log.Info("ready", "seconds", time.Since(began).Seconds())
	_, err := fmt.Fprintf(s.opts.Stdout, "ready %s\n", url)
	return err
}

func (s *system) startServer(ctx context.Context, readyURL string) error {
	named, err := s.inProcess(ctx, Service{Name: ServiceServer, New: s.services.Server})
	if err != nil {
		return err
	}
	server := guard(named, func(ctx context.Context) error { return observe.Probe(ctx, readyURL) }, 1)
	s.parts.Start(server.Named)
	return server.await(ctx)
}
