package observe

import (
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
)

// Metrics are all the metrics of one program: those of the Go runtime, the process and the build, and those of each part that
// runs in it. It is a prometheus.Gatherer.
type Metrics struct {
	own *prometheus.Registry

	mu    sync.Mutex
	parts map[string]*prometheus.Registry
}

// NewMetrics makes one with the program's own metrics.
func NewMetrics() *Metrics {
	own := prometheus.NewRegistry()
	build := ReadBuild()
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "jagawarga_build_info", Help: "What this program was built from; always 1.",
	}, []string{"revision", "modified", "go"})
	info.WithLabelValues(build.Revision, strconv.FormatBool(build.Modified), build.Go).Set(1)
	own.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), info)
	return &Metrics{own: own, parts: map[string]*prometheus.Registry{}}
}

// Part returns a fresh registerer whose metrics carry the label part="name". It replaces an earlier one of that name, so that
// a part that is made anew after a failure can register again; its counters start at zero, as after any restart.
func (m *Metrics) Part(name string) prometheus.Registerer {
	m.mu.Lock()
	defer m.mu.Unlock()
	registry := prometheus.NewRegistry()
	m.parts[name] = registry
	return prometheus.WrapRegistererWith(prometheus.Labels{"part": name}, registry)
}

// Gather collects everything.
func (m *Metrics) Gather() ([]*dto.MetricFamily, error) {
	all := prometheus.Gatherers{m.own}
	m.mu.Lock()
	for _, registry := range m.parts {
		all = append(all, registry)
	}
	m.mu.Unlock()
	return all.Gather()
}
