package server

import (
	"context"
	"net/http"
	"sync"
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
	leave, ok := enter(&s.requests, s.cfg.MaxInFlight)
	if !ok {
		s.busy(w, r)
		return
	}
	defer leave()

	w.Header().Set("Cache-Control", "no-store")
	held := &lease{all: &s.files, most: s.cfg.Uploads.Memory}
	defer held.end()
	params, status, err := s.read(w, r, held)
	if err != nil {
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "2")
		}
		s.refuse(w, r, status, err)
		return
	}
	ctx, err := s.authenticate(r)
	ctx = s.cfg.Mark(ctx, r)
	ctx, op, response := s.prepare(graphql.StartOperationTrace(ctx), params, err, r.Method == http.MethodGet)
	if wantsStream(r, op) {
		leave() // it counts as a stream from here on
		s.stream(ctx, w, r, op, response)
		return
	}
	if response == nil {
		response = s.execute(ctx, op)
	}
	s.reply(w, r, response)
}

// enter takes one of limit places. leave may be called more than once.
func enter(running *atomic.Int64, limit int) (leave func(), ok bool) {
	if running.Add(1) > int64(limit) {
		running.Add(-1)
		return nil, false
	}
	return sync.OnceFunc(func() { running.Add(-1) }), true
}

func (s *Server) busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "2")
	s.refuse(w, r, http.StatusServiceUnavailable, civic.Unavailable("server.busy"))
}

// prepare parses and checks the operation. With a response the operation is refused, and there is nothing to execute.
func (s *Server) prepare(ctx context.Context, params *graphql.RawParams, refused error, readOnly bool) (context.Context, *graphql.OperationContext, *graphql.Response) {
	if refused != nil {
		return ctx, nil, s.failure(ctx, refused)
	}
	op, errs := s.exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, op)
	switch {
	case len(errs) > 0:
		return ctx, op, s.exec.DispatchError(ctx, fault.First(errs))
	case op.Operation.Operation == ast.Mutation && readOnly:
		return ctx, op, s.failure(ctx, civic.Invalid("", "request.query_only"))
	}
	return ctx, op, nil
}

// execute runs a query or a mutation to its one answer.
func (s *Server) execute(ctx context.Context, op *graphql.OperationContext) (response *graphql.Response) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.OperationTimeout)
	defer cancel()
	defer s.recovered(ctx, &response)
	if isSubscription(op) {
		return s.failure(ctx, civic.Invalid("", "request.subscription"))
	}
	responses, ctx := s.exec.DispatchOperation(ctx, op)
	if response = responses(ctx); response == nil { // the time was over before it began
		return s.failure(ctx, context.DeadlineExceeded)
	}
	return response
}

func isSubscription(op *graphql.OperationContext) bool {
	return op != nil && op.Operation != nil && op.Operation.Operation == ast.Subscription
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
