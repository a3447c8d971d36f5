package escalator

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	climbs, warnings, closings prometheus.Counter
	failures                   prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	factory := promauto.With(registerer)
	counter := func(name, help string) prometheus.Counter {
		return factory.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	return &metrics{
		climbs:   counter("jagawarga_escalator_steps_total", "Reports taken one level up."),
		warnings: counter("jagawarga_escalator_warnings_total", "Departments told that the time for a report is short."),
		closings: counter("jagawarga_escalator_closings_total", "Resolved reports closed because nobody objected."),
		failures: counter("jagawarga_escalator_failures_total", "Steps of the clock that failed."),
	}
}
