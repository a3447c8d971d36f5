// Package integration tests the whole system as its users meet it: the real programs, started on an empty directory, spoken to over HTTP
// and WebSocket alone. Nothing of their inside is imported; from the project come only the demo people's names and the servers that
// tests bring along (a PostgreSQL, a NATS).
//
// Each Test function has a system of its own and tells several stories on it, side by side. Nothing here sleeps for a while and hopes:
// every wait is for a condition, and fails after patience is over. Linux only, as the system itself.
package integration

import (
	"testing"
	"time"
)

// patience is how long anything may take before a test fails, a browser's start among it: generous, because many systems share two cores
// here. It is never waited out when all is well; what is quick and should stay so is told by internal/figures.
const patience = 2 * time.Minute

// eventually asks again and again until holds gives nil, and returns how long that took.
func eventually(t testing.TB, what string, holds func() error) time.Duration {
	t.Helper()
	began := time.Now()
	for {
		err := holds()
		if err == nil {
			return time.Since(began)
		}
		if time.Since(began) > patience {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
