package server

import "net"

// Use makes Run serve a listener that somebody opened already, instead of Config.Listen.
func (s *Server) Use(listener net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = listener
}
