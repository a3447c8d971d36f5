package observe

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/jagawarga/jagawarga/internal/process"
)

// Program is the command line of a service that is a program of its own: without arguments it serves, and `health` asks the one that
// serves whether it can work. It returns the exit code.
type Program struct {
	Name  string
	Serve func(ctx context.Context) error

	Getenv func(string) string
	Out    io.Writer
	Err    io.Writer
}

// Run does what args say; ctx ends with a signal.
func (p Program) Run(ctx context.Context, args []string) int {
	command, rest := "", args
	if len(args) > 0 {
		command, rest = args[0], args[1:]
	}
	switch {
	case wantsHelp(args):
		fmt.Fprint(p.Out, p.usage(command))
		return 0
	case command == "health" && len(rest) == 0:
		return p.report(Healthy(ctx, p.Getenv))
	case command == "":
		return p.report(p.Serve(ctx))
	}
	fmt.Fprintf(p.Err, "%s: unknown argument %q\n%s", p.Name, command, p.usage(""))
	return 1
}

func (p Program) report(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(p.Err, "%s: %v\n", p.Name, err)
	return 1
}

func (p Program) usage(command string) string {
	if command == "health" {
		return fmt.Sprintf("Usage: %s health\nExits 0 when the service that runs here can do its work.\n", p.Name)
	}
	return fmt.Sprintf("Usage: %[1]s | %[1]s health\nServes until it is told to end; configured by the environment.\n", p.Name)
}

func wantsHelp(args []string) bool {
	for _, arg := range args {
		if arg == "-h" || arg == "--help" || arg == "help" {
			return true
		}
	}
	return false
}

// Healthy asks the service on this machine whether it is ready, at its metrics listener.
func Healthy(ctx context.Context, getenv func(string) string) error {
	cfg, err := process.FromEnv(getenv)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(cfg.MetricsListen)
	if err != nil {
		return fmt.Errorf("%s is no address to ask at", process.EnvMetricsListen)
	}
	if address := net.ParseIP(host); host == "" || address != nil && address.IsUnspecified() {
		host = "127.0.0.1"
	}
	return Probe(ctx, "http://"+net.JoinHostPort(host, port)+"/readyz")
}
