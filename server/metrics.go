package server

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
)

type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	events   prometheus.Counter
	http     *prometheus.CounterVec
}

// Labels are from these lists and from our own routes: nothing a client makes up becomes a label.
var (
	kinds = []string{"query", "mutation", "subscription", "invalid"}
	codes = []string{"OK", string(civic.CodeUnauthenticated), string(civic.CodeForbidden), string(civic.CodeNotFound),
		string(civic.CodeInvalidInput), string(civic.CodeConflict), string(civic.CodeRateLimited), string(civic.CodeTooComplex),
		string(civic.CodeUnavailable), string(civic.CodeInternal)}
)

const otherCode = "OTHER"

func newMetrics(registerer prometheus.Registerer, requests, streams, files *atomic.Int64) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_server_requests_total",
			Help: "GraphQL operations by kind and by the code of their first error (OK without one)."}, []string{"kind", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jagawarga_server_request_duration_seconds",
			Help: "Time from reading a query or mutation to its answer.",
			// From an answer out of memory (half a millisecond) over the 250 ms that a submission waits to be stored, up to
			// the operation timeout.
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"kind"}),
		events: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_server_events_total", Help: "Results sent to subscriptions."}),
		http: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_server_http_responses_total", Help: "HTTP answers by route and status."}, []string{"route", "status"}),
	}
	for _, kind := range kinds {
		for _, code := range codes {
			m.requests.WithLabelValues(kind, code)
		}
		m.duration.WithLabelValues(kind)
	}
	if registerer == nil {
		return m, nil
	}
	running := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jagawarga_server_requests_in_flight", Help: "Requests running now."},
		func() float64 { return float64(requests.Load()) })
	streaming := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jagawarga_server_streams", Help: "Event streams open now."},
		func() float64 { return float64(streams.Load()) })
	held := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "jagawarga_server_upload_memory_bytes", Help: "Bytes of files in memory now."},
		func() float64 { return float64(files.Load()) })
	for _, c := range []prometheus.Collector{m.requests, m.duration, m.events, m.http, running, streaming, held} {
		if err := registerer.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) answered(route string, status int) {
	m.http.WithLabelValues(route, strconv.Itoa(status)).Inc()
}

// observer counts every operation on every transport, and leaves a note for the access line.
type observer struct{ *metrics }

func (observer) ExtensionName() string { return "Observer" }

func (observer) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation counts a subscription by its first result, which is when it is known whether it could start.
func (o observer) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	responses := next(ctx)
	if kindOf(ctx) != "subscription" {
		return responses
	}
	counted := false
	return func(ctx context.Context) *graphql.Response {
		response := responses(ctx)
		if !counted {
			counted = true
			code := "OK"
			if response != nil && len(response.Data) == 0 {
				code = codeOf(response)
			}
			o.count(ctx, "subscription", code)
		}
		return response
	}
}

// InterceptResponse is called for answers, for each event of a subscription, and for operations refused before they began.
func (o observer) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	kind := kindOf(ctx)
	if kind == "subscription" && len(response.Data) > 0 {
		o.events.Inc()
		return response
	}
	o.count(ctx, kind, codeOf(response))
	if kind != "subscription" {
		o.duration.WithLabelValues(kind).Observe(time.Since(graphql.GetStartTime(ctx)).Seconds())
	}
	return response
}

func (o observer) count(ctx context.Context, kind, code string) {
	o.requests.WithLabelValues(kind, code).Inc()
	noteIn(ctx).set(kind, code)
}

func kindOf(ctx context.Context) string {
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil {
			return string(op.Operation)
		}
	}
	return "invalid"
}

func codeOf(response *graphql.Response) string {
	if len(response.Errors) == 0 {
		return "OK"
	}
	code, _ := response.Errors[0].Extensions["code"].(string)
	for _, known := range codes {
		if code == known {
			return code
		}
	}
	return otherCode
}

// note is what the access line says about the operation of a request.
type note struct{ kind, code string }

type noteKey struct{}

func noteIn(ctx context.Context) *note {
	n, _ := ctx.Value(noteKey{}).(*note)
	return n
}

func (n *note) set(kind, code string) {
	if n != nil {
		n.kind, n.code = kind, code
	}
}

// recorder remembers the status for the access line and the metrics.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(raw []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(raw)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
