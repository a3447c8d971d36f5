package trace

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// The variables that switch traces on and say how many. The other OTEL_EXPORTER_OTLP_... and OTEL_BSP_... of the specification are
// read by the exporter itself.
const (
	EnvEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT" // base URL of a collector that speaks OTLP over HTTP; unset: no traces
	EnvRatio    = "OTEL_TRACES_SAMPLER_ARG"     // from 0 to 1; default 0.05
)

const defaultRatio = 0.05

// FromEnv makes the tracer that the environment asks for, nil if it asks for none. getenv is os.Getenv outside of tests. The collector
// may be away: its spans are then dropped, and the log tells.
func FromEnv(ctx context.Context, service string, getenv func(string) string, log *slog.Logger) (*Tracer, error) {
	endpoint := getenv(EnvEndpoint)
	if endpoint == "" {
		return nil, nil
	}
	address, err := url.Parse(endpoint)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("%s must be a URL like http://collector:4318", EnvEndpoint)
	}
	ratio, err := parseRatio(getenv(EnvRatio))
	if err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address.JoinPath("v1", "traces").String()))
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces are not sent", "error", err) }))
	return New(Config{Service: service, Ratio: ratio}, sdk.NewBatchSpanProcessor(exporter))
}

func parseRatio(text string) (float64, error) {
	if text == "" {
		return defaultRatio, nil
	}
	ratio, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(ratio) || ratio < 0 || ratio > 1 {
		return 0, fmt.Errorf("%s must be a number from 0 to 1", EnvRatio)
	}
	return ratio, nil
}
