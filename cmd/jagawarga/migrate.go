package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/service"
	"github.com/jagawarga/jagawarga/up"
)

func migrateCommand() *cobra.Command {
	var data string
	command := &cobra.Command{
		Use:   "migrate",
		Short: "Bring roles, databases, tables and streams up to date",
		Long: "With DATABASE_URL (an administrator's), NATS_URL and JAGAWARGA_SECRETS: makes the roles, with the passwords in\n" +
			"JAGAWARGA_SECRETS/db, both databases and the streams. Without: works on the system that runs on --data.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, log, err := setup("migrate")
			if err != nil {
				return err
			}
			if cfg.DatabaseURL != "" {
				return migrateOutside(cmd.Context(), cfg, log)
			}
			return migrateRunning(cmd.Context(), data, log)
		},
	}
	dataFlag(command, &data)
	return command
}

// dataFlag is --data of the commands that work on a running system.
func dataFlag(command *cobra.Command, data *string) {
	fallback := os.Getenv(process.EnvData)
	if fallback == "" {
		fallback = ".data"
	}
	command.Flags().StringVar(data, "data", fallback, "data directory of the running system; JAGAWARGA_DATA")
}

// migrateOutside makes everything anew on servers that are not ours.
func migrateOutside(ctx context.Context, cfg process.Config, log *slog.Logger) error {
	if cfg.Secrets == "" || cfg.NATSURL == "" {
		return errors.New("with DATABASE_URL, JAGAWARGA_SECRETS and NATS_URL must be set too")
	}
	databases, err := roles.Ensure(ctx, cfg.DatabaseURL, cfg.Secrets)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL, err = databases.URL(roles.Owner); err != nil {
		return err
	}
	return migrateBoth(ctx, cfg, databases, log)
}

func migrateRunning(ctx context.Context, data string, log *slog.Logger) error {
	instance, err := up.Attach(data)
	if err != nil {
		return err
	}
	databases, err := instance.Databases()
	if err != nil {
		return err
	}
	cfg, err := instance.Config(up.ServiceAdmin)
	if err != nil {
		return err
	}
	return migrateBoth(ctx, cfg, databases, log)
}

func migrateBoth(ctx context.Context, cfg process.Config, databases roles.Databases, log *slog.Logger) error {
	owner, err := databases.URL(roles.IdentityOwner)
	if err != nil {
		return err
	}
	if err := service.MigrateIdentity(ctx, owner); err != nil {
		return err
	}
	return service.MigrateCore(ctx, cfg, service.Deps{Log: log})
}
