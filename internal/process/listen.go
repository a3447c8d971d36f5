package process

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// BusyError says that another program listens on Address already.
type BusyError struct{ Address string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("another program listens on %s already; stop it or choose another address", e.Address)
}

// Listen opens a TCP listener on host:port; a busy port is a *BusyError.
func Listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &BusyError{Address: address}
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener, nil
}
