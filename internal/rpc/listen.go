package rpc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// Listen opens address. A unix socket gets mode 0600; one left behind by a process that was killed is replaced, one that somebody
// still answers on is not.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	network, place, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if network == "unix" {
		if err := removeDeadSocket(ctx, place); err != nil {
			return nil, err
		}
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, network, place)
	if err != nil {
		return nil, fmt.Errorf("rpc: %w", err)
	}
	if network == "unix" {
		if err := os.Chmod(place, 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("rpc: %w", err), listener.Close())
		}
	}
	return listener, nil
}

// Address is how clients reach listener.
func Address(listener net.Listener) string {
	if listener.Addr().Network() == "unix" {
		return unixScheme + listener.Addr().String()
	}
	return dnsScheme + listener.Addr().String()
}

func removeDeadSocket(ctx context.Context, path string) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		_ = conn.Close() // it only told that somebody is there
		return fmt.Errorf("rpc: %s is in use by another process", path)
	case errors.Is(err, syscall.ECONNREFUSED):
		return os.Remove(path)
	case errors.Is(err, os.ErrNotExist):
		return nil
	default:
		return fmt.Errorf("rpc: %w", err)
	}
}
