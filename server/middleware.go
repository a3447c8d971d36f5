package server

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"time"

	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// around is what every request passes: language, security headers, the last line of defence against panics, log and metrics.
func (s *Server) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		about := &note{}
		ctx := locale.With(r.Context(), locale.Accepted(r.Header.Get("Accept-Language")))
		r = r.WithContext(context.WithValue(ctx, noteKey{}, about))
		recorded := &recorder{ResponseWriter: w}
		secure(w.Header())
		defer func() {
			if recovered := recover(); recovered != nil {
				if recovered == http.ErrAbortHandler {
					panic(recovered)
				}
				s.refuse(recorded, r, http.StatusInternalServerError, s.faults.Recover(r.Context(), recovered))
			}
			s.log(r, recorded.status, time.Since(begun), about)
		}()
		next.ServeHTTP(recorded, r)
	})
}

// secure sets what holds for every answer; a handler that serves pages replaces the policy with its own.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// log writes the access line: what was done and how it went, nothing about who did it or what they wrote.
func (s *Server) log(r *http.Request, status int, took time.Duration, about *note) {
	if status == 0 {
		status = http.StatusOK
	}
	route := r.Pattern
	if route == "" {
		route = "none"
	}
	s.metrics.answered(route, status)
	// What went well is counted, not written down: a line for each request would cost as much as a small query, and the times of
	// requests are nobody's business where reports are anonymous.
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError || about.code == string(civic.CodeInternal) || about.code == string(civic.CodeUnavailable) {
		level = slog.LevelInfo
	}
	if !s.cfg.Log.Enabled(r.Context(), level) {
		return
	}
	attributes := make([]slog.Attr, 0, 6)
	attributes = append(attributes, slog.String("method", method(r)), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000))
	if about.kind != "" {
		attributes = append(attributes, slog.String("operation", about.kind), slog.String("code", about.code))
	}
	s.cfg.Log.LogAttrs(r.Context(), level, "request", attributes...)
}

// method keeps invented methods, which are free text, out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "OTHER"
}

// Hijack is for the WebSocket upgrade; afterwards the status is known to be 101.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err == nil {
		r.status = http.StatusSwitchingProtocols
	}
	return conn, buffered, err
}

// missing answers paths that nobody serves.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, http.StatusNotFound, civic.NotFound("request.unknown_path"))
}
