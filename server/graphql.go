package server

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/fault"
)

const allowedMethods = "GET, POST, OPTIONS"

// graphql picks the transport.
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	s.origins.share(w, r)
	switch {
	case websocket.IsWebSocketUpgrade(r):
		s.sockets.ServeHTTP(w, r)
		return
	case r.Method == http.MethodOptions:
		s.origins.preflight(w)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		w.Header().Set("Allow", allowedMethods)
		s.refuse(w, r, http.StatusMethodNotAllowed, civic.Invalid("", "request.method"))
		return
	}
	streams := strings.Contains(r.Header.Get("Accept"), eventStream)
	running, limit := &s.requests, s.cfg.MaxInFlight
	if streams {
		running, limit = &s.streams, s.cfg.MaxStreams
	}
	leave, ok := enter(running, limit)
	if !ok {
		w.Header().Set("Retry-After", "2")
		s.refuse(w, r, http.StatusServiceUnavailable, civic.Unavailable("server.busy"))
		return
	}
	defer leave()

	w.Header().Set("Cache-Control", "no-store")
	params, status, err := s.read(w, r)
	if err != nil {
		s.refuse(w, r, status, err)
		return
	}
	ctx, err := s.authenticate(r)
	ctx = graphql.StartOperationTrace(ctx)
	switch {
	case streams:
		s.stream(w, r.WithContext(ctx), params, err)
	case err != nil:
		s.reply(w, r, s.failure(ctx, err))
	default:
		s.reply(w, r, s.execute(ctx, params, r.Method == http.MethodGet))
	}
}

// enter takes one of limit places.
func enter(running *atomic.Int64, limit int) (leave func(), ok bool) {
	if running.Add(1) > int64(limit) {
		running.Add(-1)
		return nil, false
	}
	return func() { running.Add(-1) }, true
}

// execute runs a query or a mutation to its one answer.
func (s *Server) execute(ctx context.Context, params *graphql.RawParams, readOnly bool) (response *graphql.Response) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.OperationTimeout)
	defer cancel()
	defer s.recovered(ctx, &response)
	op, errs := s.exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	if len(errs) > 0 {
		return s.exec.DispatchError(ctx, fault.First(errs))
	}
	switch kind := op.Operation.Operation; {
	case kind == ast.Subscription:
		return s.failure(ctx, civic.Invalid("", "request.subscription"))
	case kind == ast.Mutation && readOnly:
		return s.failure(ctx, civic.Invalid("", "request.query_only"))
	}
	responses, ctx := s.exec.DispatchOperation(ctx, op)
	if response = responses(ctx); response == nil { // the time was over before it began
		return s.failure(ctx, context.DeadlineExceeded)
	}
	return response
}

// failure is the answer of an operation that was not executed.
func (s *Server) failure(ctx context.Context, err error) *graphql.Response {
	return s.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)})
}

// recovered turns a panic outside of resolvers into an answer.
func (s *Server) recovered(ctx context.Context, response **graphql.Response) {
	if recovered := recover(); recovered != nil {
		*response = s.failure(ctx, s.faults.Recover(ctx, recovered))
	}
}
