package escalator

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	steps    prometheus.Counter
	failures prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	factory := promauto.With(registerer)
	return &metrics{
		steps: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_escalator_steps_total", Help: "Reports taken one level up.",
		}),
		failures: factory.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_escalator_failures_total", Help: "Attempts to take a report up that failed.",
		}),
	}
}
