package load

import (
	"testing"
	"time"
)

func TestLatencies(t *testing.T) {
	t.Parallel()
	var l latencies
	if got := l.String(); got != "none" {
		t.Errorf("%q", got)
	}
	l.add(7 * time.Millisecond)
	if got := l.String(); got != "p50 7.0 ms, p95 7.0 ms, max 7.0 ms" {
		t.Errorf("%q", got)
	}
	l = latencies{}
	for ms := 100; ms >= 1; ms-- {
		l.add(time.Duration(ms) * time.Millisecond)
	}
	if got := l.String(); got != "p50 50.0 ms, p95 95.0 ms, max 100.0 ms" {
		t.Errorf("%q", got)
	}
}
