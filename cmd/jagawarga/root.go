package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

func run(ctx context.Context, args []string) error {
	root := newRoot()
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:               "jagawarga",
		Short:             "Citizens report what is wrong; the city answers",
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(upCommand(), serveCommand(), migrateCommand(), scrubCommand(), deadLettersCommand(), healthCommand(), importCommand(), loadCommand(), ledgerCommand(), rollupsCommand(), retentionCommand(), partnerCommand(), open311Command())
	return root
}

// setup is what every serving command begins with: configuration from the environment, and logs on standard error so that standard
// output holds answers alone.
func setup(name string) (process.Config, *slog.Logger, error) {
	cfg, err := process.FromEnv(os.Getenv)
	if err != nil {
		return cfg, nil, err
	}
	log, err := observe.Logger(os.Stderr, name, os.Getenv)
	if err != nil {
		return cfg, nil, err
	}
	slog.SetDefault(log)
	return cfg, log, nil
}
