package server

import (
	"net/http"

	"github.com/jagawarga/jagawarga/server/playground"
)

const (
	routeGraphQL = "/graphql"
	routeHealth  = "GET /healthz"
	routeReady   = "GET /readyz"
	routeKeys    = "GET /.well-known/jwks.json"
)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(routeGraphQL, s.graphql)
	mux.HandleFunc(routeHealth, s.alive)
	mux.HandleFunc(routeReady, s.ready)
	mux.Handle("GET /playground", http.RedirectHandler("/playground/", http.StatusMovedPermanently))
	mux.Handle("GET /playground/", http.StripPrefix("/playground/", playground.Handler()))
	if s.cfg.JWKS != nil {
		mux.HandleFunc(routeKeys, s.keys)
	}
	for pattern, handler := range s.cfg.Extra {
		mux.Handle(pattern, handler)
	}
	if _, taken := s.cfg.Extra["/"]; !taken {
		mux.HandleFunc("/", s.missing)
	}
	return mux
}
