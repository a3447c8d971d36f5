package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/observe"
)

func healthCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "Ask whether the service on this machine can do its work",
		Long:  "Asks /readyz at JAGAWARGA_METRICS_LISTEN; exits 0 when it answers that everything is ready.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return observe.Healthy(cmd.Context(), os.Getenv) },
	}
}
