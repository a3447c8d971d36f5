package rpc

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"github.com/jagawarga/jagawarga/civic"
)

// A connection that hangs is found dead after keepaliveTime and a few seconds.
const keepaliveTime = 10 * time.Second

// ClientConfig says how a client is made.
type ClientConfig struct {
	Address     string        // unix:///path.sock or dns:///host:port
	Unavailable string        // key of the sentence people see while the other side is down, e.g. "identity.unavailable"
	Timeout     time.Duration // of a call whose context sets no earlier end; default DefaultTimeout
	// Around runs around every call and sees the errors that callers see. Default none.
	Around grpc.UnaryClientInterceptor
}

// Dial makes a connection that opens at the first call and opens again whenever it was lost, at the latest a second after the other
// side is back. While it is down calls fail at once. The channel is not encrypted: a unix socket needs no encryption, and TCP is for
// networks that hold these services alone.
func Dial(cfg ClientConfig) (*grpc.ClientConn, error) {
	if _, _, err := parseAddress(cfg.Address); err != nil {
		return nil, err
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultTimeout
	}
	interceptors := []grpc.UnaryClientInterceptor{ClientErrors(cfg.Unavailable, cfg.Timeout)}
	if cfg.Around != nil {
		interceptors = append([]grpc.UnaryClientInterceptor{cfg.Around}, interceptors...)
	}
	retry := backoff.DefaultConfig
	retry.BaseDelay = 50 * time.Millisecond
	retry.MaxDelay = time.Second
	conn, err := grpc.NewClient(cfg.Address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithChainUnaryInterceptor(interceptors...),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: retry, MinConnectTimeout: 2 * time.Second}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveTime, Timeout: 3 * time.Second}),
		grpc.WithDisableServiceConfig(),
		grpc.WithNoProxy(),
	)
	if err != nil {
		return nil, fmt.Errorf("rpc: %w", err)
	}
	return conn, nil
}

// ClientErrors ends every call after timeout and gives callers back what the handler returned: *civic.Error where it was one. A side
// that is down or too slow is UNAVAILABLE with the key unavailable. When the caller itself gave up, the error is its context's.
func ClientErrors(unavailable string, timeout time.Duration) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		limited, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		err := invoke(limited, method, request, reply, conn, options...)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", method, context.Cause(ctx))
		}
		err = FromStatus(err)
		if isForPeople(err) {
			return err
		}
		switch status.Code(err) {
		case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
			return fmt.Errorf("%s: %w (%s)", method, civic.Unavailable(unavailable), status.Convert(err).Message())
		default:
			return fmt.Errorf("%s: %w", method, err)
		}
	}
}
