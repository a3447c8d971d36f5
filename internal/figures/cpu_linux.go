package figures

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// rusageThread asks for what the calling thread alone has used; package syscall does not name it.
const rusageThread = 1

// CPU is how much of a processor f takes on its own goroutine. Unlike the time that passes it hardly depends on what else the machine does;
// how fast the processor is, it does depend on.
func CPU(t testing.TB, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		var usage syscall.Rusage
		if err := syscall.Getrusage(rusageThread, &usage); err != nil {
			t.Fatalf("figures: %v", err)
		}
		return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	before := used()
	f()
	return used() - before
}
