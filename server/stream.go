package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/server/internal/answer"
)

const eventStream = "text/event-stream"

// wantsStream reports whether to answer as an event stream: when the client names that first, or when it takes one and the
// operation is a subscription. Some clients list it behind JSON in every request.
func wantsStream(r *http.Request, op *graphql.OperationContext) bool {
	before, _, takes := strings.Cut(r.Header.Get("Accept"), eventStream)
	return takes && (isSubscription(op) || !strings.Contains(before, "json"))
}

// stream answers as server-sent events: graphql-sse in distinct connections mode, one operation for each request. Errors of
// an operation that did not start are an event, too: browsers show scripts nothing of a stream that begins with an error
// status. A stream that ends without "complete" was cut off, and the client comes back.
func (s *Server) stream(ctx context.Context, w http.ResponseWriter, r *http.Request, op *graphql.OperationContext, refused *graphql.Response) {
	leave, ok := enter(&s.streams, s.cfg.MaxStreams)
	if !ok {
		s.busy(w, r)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", eventStream+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-transform")
	w.Header().Set("X-Accel-Buffering", "no")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events := &events{w: w, controller: http.NewResponseController(w), timeout: s.cfg.Sockets.WriteTimeout, cancel: cancel}
	defer events.end()
	_ = events.controller.SetReadDeadline(time.Time{}) // the server's limit for reading a request would end the stream
	events.write([]byte(":\n\n"))                      // the headers go out now, not with the first event
	events.beat(s.cfg.Sockets.PingEvery)

	last := refused
	switch {
	case refused != nil:
	case isSubscription(op):
		last = s.follow(ctx, op, events)
	default:
		last = s.execute(ctx, op)
	}
	if last != nil {
		events.next(last)
	}
	if ctx.Err() == nil && !s.stopped() {
		events.write([]byte("event: complete\ndata: \n\n"))
	}
}

// follow sends every result of a subscription and returns the one that ends it before its time, nil if none does.
func (s *Server) follow(ctx context.Context, op *graphql.OperationContext, events *events) (last *graphql.Response) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer s.recovered(ctx, &last)
	if principal := auth.From(ctx); !principal.Expires.IsZero() {
		over := civic.Unauthenticated("token.invalid")
		defer time.AfterFunc(principal.Expires.Sub(s.cfg.Now()), func() { cancel(over) }).Stop()
		defer s.cfg.OnRevoked(principal.Session, func() { cancel(over) })()
	}
	go func() {
		select {
		case <-s.stopping:
			cancel(nil)
		case <-ctx.Done():
		}
	}()
	responses, running := s.exec.DispatchOperation(ctx, op)
	for {
		response := responses(running)
		if response == nil {
			break
		}
		events.next(response)
	}
	if over := (*civic.Error)(nil); errors.As(context.Cause(ctx), &over) {
		return s.failure(context.WithoutCancel(ctx), over)
	}
	return nil
}

func (s *Server) stopped() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}

// events writes to one stream, one event at a time, each with a deadline.
type events struct {
	controller *http.ResponseController
	timeout    time.Duration
	cancel     context.CancelFunc // ends the operation when the client is gone or does not read

	mu    sync.Mutex
	w     http.ResponseWriter // nil once the handler has returned
	pulse *time.Timer
	every time.Duration
}

func (e *events) next(response *graphql.Response) {
	buffer := answer.Buffer()
	defer answer.Return(buffer)
	raw, err := answer.Append(append(*buffer, "event: next\ndata: "...), response)
	if err != nil {
		e.cancel()
		return
	}
	// A line end would end the event's data. In JSON it can only be white space between values.
	for i, head := 0, len("event: next\n"); i < len(raw)-head; i++ {
		if c := raw[head+i]; c == '\n' || c == '\r' {
			raw[head+i] = ' '
		}
	}
	*buffer = append(raw, "\n\n"...)
	e.write(*buffer)
}

func (e *events) write(raw []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.w == nil {
		return
	}
	_ = e.controller.SetWriteDeadline(time.Now().Add(e.timeout))
	if _, err := e.w.Write(raw); err != nil || e.controller.Flush() != nil {
		e.cancel()
	}
	if e.pulse != nil {
		e.pulse.Reset(e.every)
	}
}

// beat sends a comment whenever nothing else has been sent for a while, so that nobody on the way cuts a quiet stream.
func (e *events) beat(every time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.every = every
	e.pulse = time.AfterFunc(every, func() { e.write([]byte(": still here\n\n")) })
}

// end makes sure that no timer touches the connection after the handler.
func (e *events) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pulse.Stop()
	e.w = nil
}
