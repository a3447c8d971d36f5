package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Check asks one part whether it works.
type Check struct {
	Name string
	// Needed says that without this part the process should get no traffic. Reports are accepted while the database is down,
	// so it is not needed; the stream is.
	Needed bool
	// Probe gives nil when the part works. It is called with a deadline, by several requests a second at most.
	Probe func(context.Context) error
}

const (
	probeTimeout = 2 * time.Second
	// readingAge is how long one look serves all who ask: /readyz is public and must not become a way to load the parts.
	readingAge = time.Second
)

// readings are the last look at all parts.
type readings struct {
	mu    sync.Mutex
	at    time.Time
	ready bool
	parts map[string]part
}

type part struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"` // a class, never the error's own words
}

func (s *Server) look(ctx context.Context) (ready bool, parts map[string]part) {
	r := &s.readings
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.parts != nil && time.Since(r.at) < readingAge {
		return r.ready, r.parts
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	found := make([]error, len(s.cfg.Checks))
	var all sync.WaitGroup
	for i, check := range s.cfg.Checks {
		all.Go(func() { found[i] = check.Probe(ctx) })
	}
	all.Wait()
	r.at, r.ready, r.parts = time.Now(), true, make(map[string]part, len(found))
	for i, check := range s.cfg.Checks {
		r.parts[check.Name] = part{OK: found[i] == nil, Error: class(found[i])}
		r.ready = r.ready && (found[i] == nil || !check.Needed)
	}
	return r.ready, r.parts
}

func class(err error) string {
	known := (*civic.Error)(nil)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &known):
		return string(known.Code)
	}
	return "failed"
}

// alive says that the process answers, no more.
func (s *Server) alive(w http.ResponseWriter, r *http.Request) {
	s.state(w, http.StatusOK, map[string]any{"status": "ok"})
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ready, parts := s.look(r.Context())
	ready = ready && !s.stopped()
	status, word := http.StatusOK, "ok"
	if !ready {
		status, word = http.StatusServiceUnavailable, "unavailable"
	}
	s.state(w, status, map[string]any{"status": word, "parts": parts})
}

func (s *Server) state(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// keys shows the public keys of access tokens (RFC 7517).
func (s *Server) keys(w http.ResponseWriter, r *http.Request) {
	raw, err := s.cfg.JWKS(r.Context())
	if err != nil {
		s.refuse(w, r, http.StatusServiceUnavailable, err)
		return
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=300") // a new key is announced well before it signs
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_, _ = w.Write(raw)
}
