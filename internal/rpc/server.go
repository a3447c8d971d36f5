package rpc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"github.com/jagawarga/jagawarga/civic"
)

// ServerConfig says how a server is made.
type ServerConfig struct {
	Log        *slog.Logger          // default: slog.Default()
	Registerer prometheus.Registerer // nil: no metrics
	MaxReceive int                   // bytes of one request; default 4 MiB
}

// NewServer makes a server whose handlers may return any error and may panic. It records neither requests nor callers.
func NewServer(cfg ServerConfig) (*grpc.Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.MaxReceive == 0 {
		cfg.MaxReceive = 4 << 20
	}
	interceptors := []grpc.UnaryServerInterceptor{ServerErrors(cfg.Log)}
	if cfg.Registerer != nil {
		durations, err := registerDurations(cfg.Registerer)
		if err != nil {
			return nil, err
		}
		interceptors = append([]grpc.UnaryServerInterceptor{measure(durations)}, interceptors...)
	}
	return grpc.NewServer(
		grpc.ChainUnaryInterceptor(interceptors...),
		grpc.MaxRecvMsgSize(cfg.MaxReceive),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: keepaliveTime / 2, PermitWithoutStream: true}),
	), nil
}

// Serve answers calls on listener until ctx ends; then it lets the calls under way end, for at most grace, and returns nil.
func Serve(ctx context.Context, server *grpc.Server, listener net.Listener, grace time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("rpc: serve: %w", err)
	case <-ctx.Done():
	}
	force := time.AfterFunc(grace, server.Stop)
	defer force.Stop()
	server.GracefulStop()
	return nil
}

// ServerErrors turns what handlers return into statuses. An error that is not for people, and a panic, is logged with an id; the caller
// gets INTERNAL and that id.
func ServerErrors(log *slog.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (reply any, err error) {
		method := path.Base(info.FullMethod)
		defer func() {
			if cause := recover(); cause != nil {
				id := rand.Text()
				log.ErrorContext(ctx, "panic in a call", "method", method, "error_id", id, "panic", panicText(cause), "stack", string(debug.Stack()))
				reply, err = nil, status.Error(codes.Internal, "internal error "+id)
			}
		}()
		reply, err = handle(ctx, request)
		if err == nil {
			return reply, nil
		}
		if status.Code(err) == codes.Unimplemented {
			return nil, err
		}
		if isForPeople(err) || ctx.Err() != nil {
			return nil, ToStatus(err)
		}
		id := rand.Text()
		log.ErrorContext(ctx, "call failed", "method", method, "error_id", id, "error", err)
		return nil, status.Error(codes.Internal, "internal error "+id)
	}
}

func isForPeople(err error) bool {
	_, ok := errors.AsType[*civic.Error](err)
	return ok
}

// panicText keeps the texts of the Go runtime, which hold no data of anybody, and of other panics the type alone.
func panicText(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}
