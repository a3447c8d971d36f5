// Package rpc is how the processes of JagaWarga talk with each other: gRPC on unix sockets that only their owner may open, or on
// TCP inside a private network. It makes servers and clients alike, with a deadline on every call, and carries *civic.Error across:
// what a handler returns is what the caller gets, and whatever else goes wrong is logged once, where it happened, and arrives as
// INTERNAL without a word of detail.
//
// A server lives as long as Serve; a client connection until it is closed. Who may call is left to the socket's permissions and the
// network's walls. The folders below hold one protocol each, their Go made by go generate.
package rpc

//go:generate go run ./generate

import (
	"fmt"
	"strings"
	"time"
)

// DefaultTimeout is the longest that a call may take when the caller's context sets no earlier end.
const DefaultTimeout = 10 * time.Second

// Addresses are written unix:///absolute/path.sock or dns:///host:port.
const (
	unixScheme = "unix://"
	dnsScheme  = "dns:///"
)

// parseAddress gives what net.Listen wants to know.
func parseAddress(address string) (network, place string, err error) {
	if path, found := strings.CutPrefix(address, unixScheme); found && strings.HasPrefix(path, "/") {
		return "unix", path, nil
	}
	if host, found := strings.CutPrefix(address, dnsScheme); found && host != "" {
		return "tcp", host, nil
	}
	return "", "", fmt.Errorf("rpc: address %q is neither unix:///path.sock nor dns:///host:port", address)
}
