package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// ExitInterrupted is the exit code after a second signal.
const ExitInterrupted = 130

// UntilSignal returns a context that SIGINT or SIGTERM ends. A second signal exits the process at once, for those who do not
// want to wait for an orderly stop. stop gives the signals their default meaning back.
func UntilSignal(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	stopped := make(chan struct{})
	go func() {
		for count := 1; ; count++ {
			select {
			case <-signals:
				if count > 1 {
					os.Exit(ExitInterrupted)
				}
				cancel()
			case <-stopped:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(stopped)
		cancel()
	}
}
