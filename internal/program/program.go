// Package program is the command line of the walled services: `identity` alone serves until a signal ends it, `identity health` asks
// the one that runs on this machine how it is. An image that holds nothing but the program can check itself that way.
package program

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

// Serve runs a service until ctx ends; getenv is os.Getenv outside of tests.
type Serve func(ctx context.Context, getenv func(string) string, logs io.Writer) error

// Main is the main function of a program that is one service. It exits with 1 after an error, which it prints.
func Main(name, short string, serve Serve) {
	ctx, stop := process.UntilSignal(context.Background())
	err := command(name, short, serve).ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func command(name, short string, serve Serve) *cobra.Command {
	root := &cobra.Command{
		Use: name, Short: short, Args: cobra.NoArgs,
		SilenceUsage: true, SilenceErrors: true, CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), os.Getenv, cmd.ErrOrStderr()) },
	}
	root.AddCommand(Health(os.Getenv))
	return root
}

// Health is the command that asks /readyz of the process whose metrics listener JAGAWARGA_METRICS_LISTEN names, and fails unless it is
// ready.
func Health(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "Ask the one that runs on this machine, by its metrics listener, whether it is ready",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			address := getenv(process.EnvMetricsListen)
			if address == "" {
				address = "127.0.0.1:9090"
			}
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return fmt.Errorf("%s must be host:port", process.EnvMetricsListen)
			}
			if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
				host = "127.0.0.1" // it listens on every address
			}
			return observe.Probe(cmd.Context(), "http://"+net.JoinHostPort(host, port)+"/readyz")
		},
	}
}
