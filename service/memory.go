package service

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// A small query costs less than collecting what it leaves behind, so the heap may grow to five times what lives; but only up to a bound,
// because a small city's server should be small. The bound gives way when more than half of it lives: a collector that runs all the
// time is worse than a large process.
const (
	garbagePercent = 400
	smallHeap      = 96 << 20
	memoryLook     = 5 * time.Second
	liveBytes      = "/gc/heap/live:bytes"
)

// KeepMemory sets the collector of a serving process, unless the environment (GOGC, GOMEMLIMIT) has, and follows the live heap
// until ctx ends.
func KeepMemory(ctx context.Context, getenv func(string) string) error {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if getenv("GOMEMLIMIT") != "" {
		return nil
	}
	tick := time.NewTicker(memoryLook)
	defer tick.Stop()
	sample := []metrics.Sample{{Name: liveBytes}}
	for {
		metrics.Read(sample)
		debug.SetMemoryLimit(max(smallHeap, 2*int64(sample[0].Value.Uint64())))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
