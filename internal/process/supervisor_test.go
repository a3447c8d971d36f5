package process_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jagawarga/jagawarga/internal/process"
)

func supervisor(log *bytes.Buffer) *process.Supervisor {
	return process.NewSupervisor(process.SupervisorConfig{
		Log: slog.New(slog.NewTextHandler(log, nil)), Quick: 2, RestartDelay: 10 * time.Second, StopTimeout: time.Second,
	})
}

func TestATaskThatEndsIsStartedAgain(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func() error{
		"error": func() error { return errors.New("broken pipe") },
		"nil":   func() error { return nil },
		"panic": func() error { panic("the text of a citizen") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				var runs atomic.Int32
				s := supervisor(&log)
				s.Start(process.Named{Name: "worker", Task: process.TaskFunc(func(ctx context.Context) error {
					if runs.Add(1) < 5 {
						return end()
					}
					<-ctx.Done()
					return nil
				})})
				synctest.Wait()
				if got := runs.Load(); got != 3 {
					t.Errorf("%d runs at once, want 3: two quick restarts", got)
				}
				time.Sleep(4 * time.Second) // of the bubble's clock
				synctest.Wait()
				if got := runs.Load(); got != 3 {
					t.Errorf("%d runs after 4 s, want a pause of at least 5", got)
				}
				time.Sleep(12 * time.Second)
				synctest.Wait()
				if got := runs.Load(); got != 5 {
					t.Errorf("%d runs after the pause, want 5", got)
				}
				if err := s.Stop(); err != nil {
					t.Error(err)
				}
				if text := log.String(); !strings.Contains(text, "task=worker") || strings.Contains(text, "citizen") {
					t.Errorf("log: %s", text)
				}
			})
		})
	}
}

func TestRanksStopInTheOppositeOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []string
	task := func(name string) process.Named {
		return process.Named{Name: name, Task: process.TaskFunc(func(ctx context.Context) error {
			<-ctx.Done()
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
			return nil
		})}
	}
	var log bytes.Buffer
	s := supervisor(&log)
	for _, name := range []string{"database", "worker", "server"} {
		s.Start(task(name))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
	if want := []string{"server", "worker", "database"}; !slices.Equal(order, want) {
		t.Errorf("stopped in the order %v, want %v", order, want)
	}
}

func TestALateTaskDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := supervisor(&log)
		released, stopped := make(chan struct{}), make(chan struct{})
		s.Start(process.Named{Name: "database", Task: process.TaskFunc(func(ctx context.Context) error {
			<-ctx.Done()
			close(stopped)
			return nil
		})})
		s.Start(process.Named{Name: "stuck", Task: process.TaskFunc(func(context.Context) error {
			<-released
			return nil
		})})
		synctest.Wait()
		began := time.Now()
		err := s.Stop()
		if err == nil || !strings.Contains(err.Error(), "stuck") || strings.Contains(err.Error(), "database") {
			t.Errorf("late: %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("stopping took %v", took)
		}
		<-stopped
		close(released)
	})
}
