package events

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	batchSize      prometheus.Histogram
	publishSeconds *prometheus.HistogramVec
	submissions    *prometheus.CounterVec
	deadLetters    prometheus.Counter
	published      prometheus.Counter

	watchers     prometheus.Gauge
	slow         prometheus.Counter
	delivered    prometheus.Counter
	replays      prometheus.Counter
	undecodable  prometheus.Counter
	delaySeconds prometheus.Histogram
}

// What a submission came to, as a label.
const (
	outcomeStored      = "stored"
	outcomeQueued      = "queued"
	outcomeUnavailable = "unavailable"
)

// syncBuckets run from an idle disk (0.2 ms a sync) to the patience of an intake.
var syncBuckets = []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .25, .5, 1, 5}

func newMetrics(registerer prometheus.Registerer) *metrics {
	m := &metrics{
		batchSize: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "jagawarga_intake_batch_submissions", Help: "Submissions that went to disk together.",
			Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256},
		}),
		publishSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jagawarga_events_publish_seconds", Help: "Time until a stream acknowledged a publish.", Buckets: syncBuckets,
		}, []string{"stream"}),
		submissions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_intake_submissions_total", Help: "Submissions by what their sender was told.",
		}, []string{"outcome"}),
		deadLetters: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_ingest_dead_letters_total", Help: "Submissions set aside.",
		}),
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_events_published_total", Help: "Events the stream has acknowledged.",
		}),
		watchers: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_live_watchers", Help: "Watchers that hear live events now.",
		}),
		slow: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_live_slow_disconnects_total", Help: "Watchers cut off because they read too slowly.",
		}),
		delivered: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_live_delivered_total", Help: "Events handed to watchers, each watcher counted.",
		}),
		replays: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_live_replays_total", Help: "Pages of old events read from the stream for watchers that came back.",
		}),
		undecodable: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_live_undecodable_total", Help: "Events on the stream that this version cannot read.",
		}),
		delaySeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "jagawarga_live_delay_seconds", Help: "Time from the stream to the watchers.", Buckets: syncBuckets,
		}),
	}
	for _, outcome := range []string{outcomeStored, outcomeQueued, outcomeUnavailable} {
		m.submissions.WithLabelValues(outcome)
	}
	if registerer != nil {
		registerer.MustRegister(m.batchSize, m.publishSeconds, m.submissions, m.deadLetters, m.published, m.watchers, m.slow,
			m.delivered, m.replays, m.undecodable, m.delaySeconds)
	}
	return m
}
