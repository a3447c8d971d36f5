package up

import (
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/jagawarga/jagawarga/internal/process"
)

// heldListener is an address that is taken before anybody serves on it. The first listen hands it over, later ones open it
// anew.
type heldListener struct {
	address string // as it really is: a port 0 has become a number

	mu    sync.Mutex
	first net.Listener
}

func hold(address string) (*heldListener, error) {
	listener, err := process.Listen(address)
	if err != nil {
		return nil, err
	}
	return &heldListener{address: listener.Addr().String(), first: listener}, nil
}

func (h *heldListener) listen() (net.Listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if first := h.first; first != nil {
		h.first = nil
		return first, nil
	}
	return process.Listen(h.address)
}

func (h *heldListener) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.first != nil {
		_ = h.first.Close()
		h.first = nil
	}
}

// withFlag says what to change when a port is busy.
func withFlag(err error, flag string) error {
	var busy *process.BusyError
	if errors.As(err, &busy) {
		return fmt.Errorf("another program listens on %s already: stop it, or choose another address with %s", busy.Address, flag)
	}
	return err
}

// reachable turns an address to listen on into one to call: a listener on all addresses is called on the loopback one.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
