// Package upkeep does chores: what has to be done now and then, whoever asks for it. A Chore that fails is told in the log and tried again.
// Run lives until its context ends.
package upkeep

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Chore is something to do again and again.
type Chore struct {
	Name  string
	First time.Duration // after the start
	Every time.Duration // after it was done
	Retry time.Duration // after it failed; default Every
	Do    func(ctx context.Context) error
}

// Run does all chores, each at its own pace, until ctx ends.
func Run(ctx context.Context, log *slog.Logger, chores ...Chore) error {
	var wait sync.WaitGroup
	for _, chore := range chores {
		wait.Go(func() { chore.run(ctx, log) })
	}
	wait.Wait()
	return nil
}

func (c Chore) run(ctx context.Context, log *slog.Logger) {
	timer := time.NewTimer(c.First)
	defer timer.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		err := c.Do(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing: // once, and not each time
			log.Warn("a chore could not be done and is tried again", "chore", c.Name, "error", err)
		case err == nil && failing:
			log.Info("a chore is done again", "chore", c.Name)
		}
		failing = err != nil
		pause := c.Every
		if failing && c.Retry > 0 {
			pause = c.Retry
		}
		timer.Reset(pause)
	}
}
