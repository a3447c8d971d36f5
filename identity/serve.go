package identity

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// grace is how long calls under way may take when the service stops: a sign-up with a slow registry.
const grace = 3 * time.Second

// Serve runs the service and answers calls at address (unix:///path.sock or dns:///host:port), health checks included, until ctx ends.
func (s *Service) Serve(ctx context.Context, address string) error {
	server, err := rpc.NewServer(rpc.ServerConfig{Log: s.cfg.Log, Registerer: s.cfg.Registerer})
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	identityrpc.RegisterIdentityServer(server, s)
	grpc_health_v1.RegisterHealthServer(server, health{service: s})
	listener, err := rpc.Listen(ctx, address)
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	// Calls are answered, as UNAVAILABLE, from before the database is there. A Run that fails takes the server down with it.
	group, working := errgroup.WithContext(ctx)
	group.Go(func() error { return s.Run(working) })
	group.Go(func() error { return rpc.Serve(working, server, listener, grace) })
	return group.Wait()
}

// health is the standard health protocol of gRPC, asked anew each time.
type health struct {
	grpc_health_v1.UnimplementedHealthServer
	service *Service
}

// Check is SERVING when the service can answer.
func (h health) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	answer := grpc_health_v1.HealthCheckResponse_SERVING
	if h.service.Ready(ctx) != nil {
		answer = grpc_health_v1.HealthCheckResponse_NOT_SERVING
	}
	return &grpc_health_v1.HealthCheckResponse{Status: answer}, nil
}
