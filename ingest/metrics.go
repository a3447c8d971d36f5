package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	reports prometheus.Counter
	seconds prometheus.Histogram
	size    prometheus.Histogram
	lag     prometheus.Gauge
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	factory := promauto.With(registerer)
	return &metrics{
		reports: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_ingest_submissions_total", Help: "Submissions taken into the database, repeats included.",
		}),
		seconds: factory.NewHistogram(prometheus.HistogramOpts{
			Name: "jagawarga_ingest_batch_seconds", Help: "Time to write one batch.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 12), // 1 ms to 2 s: a submitter waits 250 ms for it
		}),
		lag: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_ingest_lag_messages", Help: "Messages of the stream that are not in the database yet.",
		}),
		size: factory.NewHistogram(prometheus.HistogramOpts{
			Name: "jagawarga_ingest_batch_submissions", Help: "Submissions in one batch.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 10), // up to 512, the most a batch holds
		}),
	}
}

func (m *metrics) batch(submissions int, took time.Duration) {
	m.reports.Add(float64(submissions))
	m.seconds.Observe(took.Seconds())
	m.size.Observe(float64(submissions))
}

type relayMetrics struct {
	sent    prometheus.Counter
	waiting prometheus.Gauge
	age     prometheus.Gauge
}

func newRelayMetrics(registerer prometheus.Registerer) *relayMetrics {
	factory := promauto.With(registerer)
	return &relayMetrics{
		sent: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_outbox_events_total", Help: "Events relayed to the stream.",
		}),
		waiting: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_outbox_waiting_events", Help: "Events that wait in the outbox.",
		}),
		age: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_outbox_age_seconds", Help: "Age of the oldest event that waits in the outbox.",
		}),
	}
}
