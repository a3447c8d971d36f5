package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/service"
	"github.com/jagawarga/jagawarga/up"
)

func upCommand() *cobra.Command {
	var listen, metrics, data, scale string
	var demo bool
	command := &cobra.Command{
		Use:   "up",
		Short: "Run the whole system: database, broker and all services",
		Long: "Runs everything under one data directory. Prints `ready http://...` on standard output when it answers.\n" +
			"DATABASE_URL and NATS_URL take the place of the embedded database and broker.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, log, err := setup("up")
			if err != nil {
				return err
			}
			flags := cmd.Flags()
			for name, set := range map[string]func(){
				"listen": func() { cfg.Listen = listen }, "metrics-listen": func() { cfg.MetricsListen = metrics },
				"data": func() { cfg.Data = data }, "demo": func() { cfg.Demo = demo },
			} {
				if flags.Changed(name) {
					set()
				}
			}
			if flags.Changed("time-scale") {
				if cfg.TimeScale, err = process.ParseTimeScale(scale); err != nil {
					return err
				}
			}
			options := up.FromConfig(cfg)
			options.Log, options.Stdout = log, cmd.OutOrStdout()
			tracer, err := trace.FromEnv(cmd.Context(), "jagawarga", os.Getenv, log)
			if err != nil {
				return err
			}
			defer tracer.Close()
			memory, stop := context.WithCancel(cmd.Context())
			defer stop()
			go func() { _ = service.KeepMemory(memory, os.Getenv) }()
			return up.Run(cmd.Context(), options, services(tracer, cfg))
		},
	}
	flags := command.Flags()
	flags.StringVar(&listen, "listen", "127.0.0.1:8080", "public address; JAGAWARGA_LISTEN")
	flags.StringVar(&metrics, "metrics-listen", "127.0.0.1:9090", "internal address of /metrics, or off; JAGAWARGA_METRICS_LISTEN")
	flags.StringVar(&data, "data", ".data", "data directory; JAGAWARGA_DATA")
	flags.BoolVar(&demo, "demo", false, "load the demo city and its people; JAGAWARGA_DEMO=1")
	flags.StringVar(&scale, "time-scale", "1", "one working hour of the due clock passes in 3600/N seconds; JAGAWARGA_TIME_SCALE")
	return command
}

// services are the parts that run in this process; tracer may be nil. The server shows the pages, too.
func services(tracer *trace.Tracer, given process.Config) up.Services {
	inside := func(construct constructor) up.Constructor {
		return func(ctx context.Context, cfg process.Config, deps up.Deps) (process.Task, error) {
			own := shared(deps)
			own.Tracer, own.Portal = tracer, &given.Portal
			cfg.Portal.PublicURL, cfg.Mail = given.Portal.PublicURL, given.Mail
			return construct(ctx, cfg, own)
		}
	}
	return up.Services{
		Migrate: func(ctx context.Context, cfg process.Config, databases roles.Databases, deps up.Deps) error {
			owner, err := databases.URL(roles.IdentityOwner)
			if err != nil {
				return err
			}
			if err := service.MigrateIdentity(ctx, owner); err != nil {
				return err
			}
			return service.MigrateCore(ctx, cfg, shared(deps))
		},
		Workers: []up.Service{
			{Name: up.ServiceIngest, New: inside(service.Ingest)},
			{Name: up.ServiceEscalator, New: inside(service.Escalator)},
			{Name: up.ServiceNotifier, New: inside(service.Notifier)},
		},
		Server: inside(service.Server),
	}
}

type constructor func(ctx context.Context, cfg process.Config, deps service.Deps) (process.Task, error)

func shared(deps up.Deps) service.Deps {
	return service.Deps{Log: deps.Log, Metrics: deps.Metrics, NATS: deps.NATS, InboxPrefix: deps.InboxPrefix, Listen: deps.Listen}
}
