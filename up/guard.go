package up

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
)

const (
	checkEvery = 5 * time.Millisecond
	// startTimeout is generous: a database may have a crash to recover from.
	startTimeout = 2 * time.Minute
)

// guarded is a task whose start somebody waits for. Under the supervisor it would be tried for ever; while starting up, the
// person in front of the terminal is told instead.
type guarded struct {
	process.Named
	check  observe.Check
	failed chan error // full after as many failures as are too many
}

// guard wraps a task. check says when it is ready; the wait for it is given up after that many failures.
func guard(task process.Named, check observe.Check, failures int) *guarded {
	g := &guarded{check: check, failed: make(chan error, failures)}
	g.Named = process.Named{Name: task.Name, Task: process.TaskFunc(func(ctx context.Context) error {
		err := task.Task.Run(ctx)
		if ctx.Err() == nil {
			select {
			case g.failed <- err:
			default: // long after the start
			}
		}
		return err
	})}
	return g
}

// await returns once the task is ready.
func (g *guarded) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ticker := time.NewTicker(checkEvery)
	defer ticker.Stop()
	for {
		last := g.check(ctx)
		if last == nil {
			return nil
		}
		if len(g.failed) == cap(g.failed) {
			if err := <-g.failed; err != nil {
				last = err
			}
			return fmt.Errorf("%s did not start: %w", g.Name, last)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", g.Name, last)
		case <-ticker.C:
		}
	}
}

func awaitAll(ctx context.Context, tasks []*guarded) error {
	for _, task := range tasks {
		if err := task.await(ctx); err != nil {
			return err
		}
	}
	return nil
}
