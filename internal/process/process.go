// Package process is what every program of JagaWarga starts with: its configuration from the environment, its secret files,
// signals, the address it listens on, and a supervisor that keeps named tasks running.
//
// It is import-light on purpose, since the walled programs use it too: neither database nor broker is linked through it.
// Whoever calls owns the logger and decides when the process exits.
package process

import "context"

// A Task runs until ctx is done or it can go on no longer, and has cleaned up when it returns. A task that returns while ctx
// is alive has failed, whatever it returns.
type Task interface {
	Run(ctx context.Context) error
}

// TaskFunc is a function as a Task.
type TaskFunc func(ctx context.Context) error

// Run calls f.
func (f TaskFunc) Run(ctx context.Context) error { return f(ctx) }

// Named is a task under the name that logs and metrics show.
type Named struct {
	Name string
	Task Task
}
