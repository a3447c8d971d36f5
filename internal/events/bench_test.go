package events_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

// BenchmarkSubmit is the way in, each submission on disk (and, for stored, through ingest and back) before its answer.
func BenchmarkSubmit(b *testing.B) {
	for _, mode := range []struct {
		name       string
		submitters int
		wait       time.Duration
	}{{"queued-1", 1, -1}, {"queued-64", 64, -1}, {"stored-1", 1, patience}, {"stored-64", 64, patience}} {
		b.Run(mode.name, func(b *testing.B) {
			bus := startBus(b, natstest.Start(b))
			intake := startIntake(b, bus, events.IntakeConfig{Wait: mode.wait})
			if mode.wait > 0 {
				startIngest(b, bus)
			}
			var turn atomic.Int64
			var group sync.WaitGroup
			b.ResetTimer()
			for range mode.submitters {
				group.Go(func() {
					for {
						n := turn.Add(1)
						if n > int64(b.N) {
							return
						}
						if _, err := intake.Submit(b.Context(), submission(int(n))); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
		})
	}
}

// BenchmarkPublish is the relay's side.
func BenchmarkPublish(b *testing.B) {
	for name, size := range map[string]int{"1": 1, "25": 25, "100": 100, "500": 500} {
		b.Run(name, func(b *testing.B) {
			publisher := events.NewPublisher(startBus(b, natstest.Start(b)))
			n := 0
			for b.Loop() {
				if err := publisher.Publish(b.Context(), outgoing(n, n+size)); err != nil {
					b.Fatal(err)
				}
				n += size
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkFanOut is one event from the stream to 1,000 readers.
func BenchmarkFanOut(b *testing.B) {
	const watchers, batch = 1000, 100
	bus := startBus(b, natstest.Start(b))
	hub := startHub(b, bus, events.HubConfig{})
	var heard sync.WaitGroup
	for range watchers {
		watcher := watch(b, hub, b.Context(), civic.Topic{Public: true}, "")
		go func() {
			for range watcher.Events() {
				heard.Done()
			}
		}()
	}
	n := 0
	for b.Loop() {
		heard.Add(watchers * batch)
		publish(b, bus, outgoing(n, n+batch))
		heard.Wait()
		n += batch
	}
	b.ReportMetric(float64(n*watchers)/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*watchers), "ns/delivery")
}

// BenchmarkWatch is what one more live watcher costs.
func BenchmarkWatch(b *testing.B) {
	bus := startBus(b, natstest.Start(b))
	hub := startHub(b, bus, events.HubConfig{})
	b.ReportAllocs()
	for b.Loop() {
		watch(b, hub, b.Context(), civic.Topic{Public: true}, "")
	}
}
