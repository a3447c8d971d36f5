package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	anonymizer "github.com/jagawarga/jagawarga/anonymizer/command"
	identity "github.com/jagawarga/jagawarga/identity/command"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/service"
)

// workers are the services that run alone by the same constructors as in `jagawarga up`.
var workers = map[string]constructor{
	"server":    service.Server,
	"ingest":    service.Ingest,
	"escalator": service.Escalator,
	"notifier":  service.Notifier,
	"portal":    service.Portal,
}

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "serve SERVICE",
		Short:     "Run one service alone: server, portal, ingest, escalator, notifier, identity or anonymizer",
		Long:      "Runs one service, configured by the environment. Identity and anonymizer also stand as programs of their own.",
		ValidArgs: []string{"server", "portal", "ingest", "escalator", "notifier", "identity", "anonymizer"},
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "identity":
				return identity.Run(cmd.Context(), os.Getenv, os.Stderr)
			case "anonymizer":
				return anonymizer.Run(cmd.Context(), os.Getenv, os.Stderr)
			}
			return serve(cmd.Context(), args[0])
		},
	}
}

// serve runs a worker with its own metrics listener until ctx ends.
func serve(ctx context.Context, name string) error {
	cfg, log, err := setup(name)
	if err != nil {
		return err
	}
	needed := map[string]string{process.EnvDatabaseURL: cfg.DatabaseURL, process.EnvNATSURL: cfg.NATSURL}
	if name == "portal" { // a client of the API, and of nothing else
		needed = map[string]string{process.EnvAPI: cfg.Portal.API, process.EnvSecrets: cfg.Secrets}
	}
	for variable, value := range needed {
		if value == "" {
			return fmt.Errorf("%s must be set", variable)
		}
	}
	tracer, err := trace.FromEnv(ctx, "jagawarga-"+name, os.Getenv, log)
	if err != nil {
		return err
	}
	defer tracer.Close()
	metrics, checks := observe.NewMetrics(), observe.Checks{}
	task, err := workers[name](ctx, cfg, service.Deps{Log: log, Metrics: metrics.Part(name), Tracer: tracer, Checks: checks})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return task.Run(ctx) })
	group.Go(func() error { return service.KeepMemory(ctx, os.Getenv) })
	if cfg.MetricsListen != process.MetricsOff {
		listener, err := observe.NewListener(observe.ListenerConfig{
			Listen:  func() (net.Listener, error) { return process.Listen(cfg.MetricsListen) },
			Metrics: metrics, Ready: checks, Pprof: os.Getenv(observe.EnvPprof) == "1", Log: log,
		})
		if err != nil {
			return err
		}
		group.Go(func() error { return listener.Run(ctx) })
	}
	return group.Wait()
}
