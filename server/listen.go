package server

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Listen opens the port; Run does it when nobody has.
func (s *Server) Listen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return nil
	}
	listener, err := net.Listen("tcp", s.cfg.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("server: %s is in use by another program: stop it, or listen elsewhere (JAGAWARGA_LISTEN or --listen)", s.cfg.Listen)
	}
	if err != nil {
		return fmt.Errorf("server: cannot listen on %q: %w", s.cfg.Listen, err)
	}
	s.listener = listener
	return nil
}

// Addr is host:port once the server listens, "" before.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Use makes Run serve a listener that somebody opened already, instead of Config.Listen.
func (s *Server) Use(listener net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = listener
}
