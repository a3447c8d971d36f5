package rpc

import (
	"context"
	"errors"
	"path"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// Calls on a local socket take a fraction of a millisecond; those that hash a password, tens.
var durationBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func registerDurations(registerer prometheus.Registerer) (*prometheus.HistogramVec, error) {
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "jagawarga_rpc_request_seconds", Help: "Time to answer a call from another process.", Buckets: durationBuckets,
	}, []string{"method", "code"})
	err := registerer.Register(durations)
	if already, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		return already.ExistingCollector.(*prometheus.HistogramVec), nil
	}
	return durations, err
}

func measure(durations *prometheus.HistogramVec) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		start := time.Now()
		reply, err := handle(ctx, request)
		durations.WithLabelValues(path.Base(info.FullMethod), status.Code(err).String()).Observe(time.Since(start).Seconds())
		return reply, err
	}
}
