package ws

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	sockets    prometheus.Gauge
	operations prometheus.Gauge
	closes     *prometheus.CounterVec
	slow       prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_server_sockets", Help: "WebSockets open now."}),
		operations: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jagawarga_server_socket_operations", Help: "Operations running on WebSockets now."}),
		closes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_server_socket_closes_total", Help: "WebSockets closed by us, by close code."}, []string{"code"}),
		slow: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_server_sockets_slow_total", Help: "WebSockets dropped because the client did not read in time."}),
	}
	for _, c := range []closing{goingAway, tryAgainLater, invalidMessage, unauthorized, forbidden, badSubprotocol, initTimeout,
		subscriberExists(""), tooManyInitialised} {
		m.closes.WithLabelValues(c.label())
	}
	if registerer == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.sockets, m.operations, m.closes, m.slow} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}
