package trace_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

var quiet = slog.New(slog.DiscardHandler)

// Not parallel: it counts what the process allocates.
func TestOffCostsNothing(t *testing.T) {
	var off *trace.Tracer
	idle := recorded(t, 0, tracetest.NewSpanRecorder())
	for name, tracer := range map[string]*trace.Tracer{"off": off, "nobody began": idle} {
		allocated := testing.AllocsPerRun(100, func() {
			ctx, span := tracer.Within(t.Context(), trace.Client, "FindReports")
			span.Count("jagawarga.submissions", 5)
			span.Word("graphql.operation.type", "query")
			span.End(trace.OK)
			trace.Of(ctx).End(trace.OK)
		})
		if allocated != 0 {
			t.Errorf("%s: %v allocations", name, allocated)
		}
	}
	allocated := testing.AllocsPerRun(100, func() {
		_, span := off.Begin(t.Context(), trace.Consumer, "ingest batch")
		span.Count("jagawarga.submissions", 5)
		span.End(trace.OK)
	})
	if allocated != 0 {
		t.Errorf("begun while off: %v allocations", allocated)
	}
	off.Close()
}

func recorded(t *testing.T, ratio float64, recorder *tracetest.SpanRecorder) *trace.Tracer {
	t.Helper()
	tracer, err := trace.New(trace.Config{Service: "test", Ratio: ratio}, recorder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracer.Close)
	return tracer
}

func TestPartsAreToldBeneathWorkThatIsFollowed(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	tracer := recorded(t, 1, recorder)
	_, part := tracer.Within(t.Context(), trace.Client, "nobody began")
	part.End(trace.OK)
	ctx, work := tracer.Begin(t.Context(), trace.Server, "work")
	_, part = tracer.Within(ctx, trace.Client, "part")
	part.End(trace.OK)
	work.End(trace.OK)
	_, part = tracer.Within(ctx, trace.Client, "late")
	part.End(trace.OK)
	_, other := tracer.Begin(ctx, trace.Server, "other work")
	other.End(trace.OK)

	told := recorder.Ended()
	if len(told) != 3 || told[0].Name() != "part" || told[1].Name() != "work" || told[2].Name() != "other work" {
		t.Fatalf("told: %v", told)
	}
	if told[0].Parent().SpanID() != told[1].SpanContext().SpanID() || told[2].Parent().IsValid() {
		t.Error("a part does not hang on its work, or work on other work")
	}
}

func TestWhatCountsAsFailure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		code string
		want codes.Code
	}{
		{nil, "OK", codes.Unset},
		{fmt.Errorf("read: %w", civic.NotFound("node.not_found")), "NOT_FOUND", codes.Unset},
		{civic.Unavailable("database.unavailable"), "UNAVAILABLE", codes.Error},
		{errors.New("Siti wrote this"), "INTERNAL", codes.Error},
	} {
		recorder := tracetest.NewSpanRecorder()
		_, span := recorded(t, 1, recorder).Begin(t.Context(), trace.Internal, "work")
		span.End(trace.CodeOf(c.err))
		told := recorder.Ended()[0]
		if got := told.Attributes()[0].Value.AsString(); got != c.code || told.Status().Code != c.want || strings.Contains(told.Status().Description, "Siti") {
			t.Errorf("%v: %s %v", c.err, got, told.Status())
		}
	}
}

// Not parallel: the exporter reads the environment of the process.
func TestSpansReachACollector(t *testing.T) {
	type request struct {
		path string
		body []byte
	}
	received := make(chan request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received <- request{r.URL.Path, body}
	}))
	t.Cleanup(server.Close)
	t.Setenv("OTEL_SERVICE_NAME", "kota")
	env := map[string]string{trace.EnvEndpoint: server.URL, trace.EnvRatio: "1"}
	tracer, err := trace.FromEnv(t.Context(), "jagawarga", func(name string) string { return env[name] }, quiet)
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracer.Begin(context.Background(), trace.Server, "query viewer")
	span.End(trace.OK)
	tracer.Close()

	got := <-received
	var told collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(got.body, &told); err != nil || got.path != "/v1/traces" {
		t.Fatalf("%s: %v", got.path, err)
	}
	for _, sign := range []string{"query viewer", `"kota"`} {
		if !strings.Contains(told.String(), sign) {
			t.Errorf("the collector was not told %s: %v", sign, &told)
		}
	}
	for _, secret := range []string{"host.name", "process."} {
		if strings.Contains(told.String(), secret) {
			t.Errorf("the collector was told %s", secret)
		}
	}
}

func TestTheEnvironmentSwitchesItOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env    map[string]string
		wanted bool
		fails  string
	}{
		"unset":       {nil, false, ""},
		"ratio alone": {map[string]string{trace.EnvRatio: "1"}, false, ""},
		"endpoint":    {map[string]string{trace.EnvEndpoint: "http://127.0.0.1:4318"}, true, ""},
		"no URL":      {map[string]string{trace.EnvEndpoint: "127.0.0.1:4318"}, false, trace.EnvEndpoint},
		"no number":   {map[string]string{trace.EnvEndpoint: "http://127.0.0.1:4318", trace.EnvRatio: "NaN"}, false, trace.EnvRatio},
		"too much":    {map[string]string{trace.EnvEndpoint: "http://127.0.0.1:4318", trace.EnvRatio: "1.5"}, false, trace.EnvRatio},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tracer, err := trace.FromEnv(t.Context(), "test", func(name string) string { return c.env[name] }, quiet)
			t.Cleanup(tracer.Close)
			if (tracer != nil) != c.wanted || (err != nil) != (c.fails != "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%v, %v", tracer, err)
			}
		})
	}
}
