package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/internal/media"
	"github.com/jagawarga/jagawarga/internal/observe"
	"github.com/jagawarga/jagawarga/internal/process"
	"github.com/jagawarga/jagawarga/portal"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
	"github.com/jagawarga/jagawarga/portal/session"
)

// demoCenter is the middle of the demo city.
const demoCenter = "-6.9147,107.6098"

// pages puts the portal together in front of an API. Sessions are sealed with a key among the service's secrets; portals that share the
// key share the sessions.
func pages(cfg process.Portal, secrets string, api *client.API, log *slog.Logger) (http.Handler, error) {
	key, err := process.Secret(secrets, "session.key", session.KeySize)
	if err != nil {
		return nil, err
	}
	tls := strings.HasPrefix(cfg.PublicURL, "https:")
	sessions, err := session.NewKeeper(session.Citizen, key, tls)
	if err != nil {
		return nil, err
	}
	officers, err := session.NewKeeper(session.Officer, key, tls)
	if err != nil {
		return nil, err
	}
	view, err := mapOf(cfg)
	if err != nil {
		return nil, err
	}
	return portal.New(page.Config{API: api, Sessions: sessions, Officers: officers, PublicURL: cfg.PublicURL, Map: view, Log: log})
}

func mapOf(cfg process.Portal) (page.Map, error) {
	center := cfg.MapCenter
	if center == "" {
		center = demoCenter
	}
	north, east, _ := strings.Cut(center, ",")
	latitude, err1 := strconv.ParseFloat(strings.TrimSpace(north), 64)
	longitude, err2 := strconv.ParseFloat(strings.TrimSpace(east), 64)
	if err1 != nil || err2 != nil {
		return page.Map{}, fmt.Errorf("%s must look like %s", process.EnvMapCenter, demoCenter)
	}
	return page.Map{Latitude: latitude, Longitude: longitude, Tiles: cfg.Tiles, Attribution: cfg.TilesAttribution}, nil
}

// The times that requests of pages have: photos come over bad lines, and the API has 30 seconds for an answer.
const (
	pageReadTime  = 60 * time.Second
	pageWriteTime = 90 * time.Second
	pageStopTime  = 2500 * time.Millisecond
)

// Portal shows the pages on a listener of their own, in front of an API elsewhere. Pictures, and what browsers ask the API themselves as nobody, are
// handed through for whoever runs it without a gateway that knows where they are.
func Portal(_ context.Context, cfg process.Config, deps Deps) (process.Task, error) {
	target, err := url.Parse(cfg.Portal.API)
	if err != nil || target.Host == "" {
		return nil, fmt.Errorf("%s is not of the form http://host:port", process.EnvAPI)
	}
	shown, err := pages(cfg.Portal, cfg.Secrets, client.New(cfg.Portal.API, nil), deps.Log)
	if err != nil {
		return nil, err
	}
	if deps.Checks != nil {
		deps.Checks["api"] = func(ctx context.Context) error { return observe.Probe(ctx, target.JoinPath("healthz").String()) }
	}
	mux := http.NewServeMux()
	mux.Handle("/", shown)
	through := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Cookie") // the API knows none
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetXForwarded()
			r.Out.Host = r.In.Host // whose pages may ask
		},
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "unavailable", http.StatusBadGateway)
		},
	}
	for _, pattern := range []string{"GET " + media.Path, "POST /graphql", "GET /.well-known/"} {
		mux.Handle(pattern, through)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	return process.TaskFunc(func(ctx context.Context) error { return listenAndShow(ctx, cfg.Listen, mux) }), nil
}

// listenAndShow serves until ctx ends, then lets requests finish for a while.
func listenAndShow(ctx context.Context, address string, handler http.Handler) error {
	listener, err := process.Listen(address)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: pageReadTime, WriteTimeout: pageWriteTime, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: log.New(io.Discard, "", 0), // net/http's own lines carry addresses
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.Background(), pageStopTime)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		_ = server.Close()
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
