package notifier

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/jagawarga/jagawarga/civic"
)

type metrics struct {
	events prometheus.Counter
	told   *prometheus.CounterVec
	behind prometheus.Gauge
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	factory := promauto.With(registerer)
	m := &metrics{
		events: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_notifier_events_total", Help: "Events that this process has told to whom they concern.",
		}),
		told: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_notifier_notifications_total", Help: "Notifications written to inboxes.",
		}, []string{"kind"}),
		behind: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_notifier_behind_messages", Help: "Messages of the stream of events that are not told yet.",
		}),
	}
	for _, kind := range civic.NotificationKinds {
		m.told.WithLabelValues(string(kind))
	}
	return m
}

type postMetrics struct {
	sent    *prometheus.CounterVec
	waiting prometheus.Gauge
}

func newPostMetrics(registerer prometheus.Registerer) *postMetrics {
	factory := promauto.With(registerer)
	m := &postMetrics{
		sent: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_notifier_messages_total", Help: "Messages by channel and by what became of them.",
		}, []string{"channel", "outcome"}),
		waiting: factory.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_notifier_waiting_messages", Help: "Messages that wait to be sent, or to be sent again.",
		}),
	}
	for _, channel := range civic.Channels {
		for _, outcome := range []string{"sent", "dropped", "retry", "failed"} {
			m.sent.WithLabelValues(string(channel), outcome)
		}
	}
	return m
}
