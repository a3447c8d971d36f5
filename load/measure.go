package load

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// inParallel does work for 0 to count-1, as many at once as told, and returns what went wrong. Once ctx ends nothing is begun any more,
// and what was not begun counts as wrong.
func inParallel(ctx context.Context, count, atOnce int, work func(ctx context.Context, n int) error) (failures []error) {
	failed := make([]error, count)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for n := int(next.Add(1)) - 1; n < count; n = int(next.Add(1)) - 1 {
				if failed[n] = context.Cause(ctx); failed[n] == nil {
					failed[n] = work(ctx, n)
				}
			}
		})
	}
	workers.Wait()
	return slices.DeleteFunc(failed, func(err error) bool { return err == nil })
}

// latencies collects times from many goroutines.
type latencies struct {
	mu    sync.Mutex
	times []time.Duration
}

func (l *latencies) add(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times = append(l.times, took)
}

// String is what is printed: half were at most as slow as p50, 95 of 100 as p95.
func (l *latencies) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.times) == 0 {
		return "none"
	}
	slices.Sort(l.times)
	ms := func(percent int) float64 {
		// The nearest rank: the smallest time that so many of 100 do not exceed.
		rank := (len(l.times)*percent + 99) / 100
		return l.times[rank-1].Seconds() * 1000
	}
	return fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, max %.1f ms", ms(50), ms(95), ms(100))
}
