package ws

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/fault"
	"github.com/jagawarga/jagawarga/server/internal/answer"
)

// operation is one subscribe that has not ended.
type operation struct {
	socket *socket
	id     string
	head   []byte // {"id":"...","type":" : the beginning of each of its messages
	cancel context.CancelFunc
	over   bool // guarded by socket.writing: nothing may be sent under its id any more
}

func (s *socket) subscribe(m message) {
	s.mu.Lock()
	acknowledged := s.acknowledged
	_, exists := s.operations[m.ID]
	full := len(s.operations) >= s.handler.cfg.MaxOperations
	s.mu.Unlock()

	request, ok := params(m.Payload)
	switch {
	case !acknowledged:
		s.close(unauthorized)
		return
	case m.ID == "" || !ok:
		s.close(invalidMessage)
		return
	case exists:
		s.close(subscriberExists(m.ID))
		return
	}
	quoted, err := json.Marshal(m.ID)
	if err != nil {
		s.close(invalidMessage)
		return
	}
	op := &operation{socket: s, id: m.ID, head: append(append([]byte(`{"id":`), quoted...), `,"type":"`...)}
	if full {
		limit := strconv.Itoa(s.handler.cfg.MaxOperations)
		op.fail(gqlerror.List{fault.Error(s.ctx, civic.RateLimited("socket.too_many_operations", "limit", limit))})
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	op.cancel = cancel
	s.mu.Lock()
	s.operations[m.ID] = op
	s.running.Add(1)
	s.mu.Unlock()
	s.handler.metrics.operations.Inc()
	go op.run(ctx, request)
}

// complete is the client's word that it wants no more. Its id is free at once.
func (s *socket) complete(id string) {
	s.mu.Lock()
	op := s.operations[id]
	delete(s.operations, id)
	s.mu.Unlock()
	if op == nil {
		return // crossed with our own complete
	}
	op.cancel()
	s.writing.Lock()
	op.over = true
	s.writing.Unlock()
}

// run executes the operation to its end and says how it ended: error if it could not start, complete if it is through.
func (o *operation) run(ctx context.Context, request *graphql.RawParams) {
	defer o.socket.running.Done()
	defer o.socket.handler.metrics.operations.Dec()
	defer o.cancel()
	failed := o.execute(graphql.StartOperationTrace(ctx), request)
	o.release()
	switch {
	case failed != nil:
		o.fail(failed)
	case ctx.Err() == nil:
		o.send(typeComplete, nil)
	}
}

// execute sends every result. The errors it returns are those of an operation that did not start.
func (o *operation) execute(ctx context.Context, request *graphql.RawParams) (failed gqlerror.List) {
	handler := o.socket.handler
	defer func() {
		if recovered := recover(); recovered != nil {
			failed = gqlerror.List{handler.faults.Present(ctx, handler.faults.Recover(ctx, recovered))}
		}
	}()
	opCtx, errs := handler.exec.CreateOperationContext(ctx, request)
	if len(errs) > 0 {
		return handler.exec.DispatchError(graphql.WithOperationContext(ctx, opCtx), fault.First(errs)).Errors
	}
	streams := opCtx.Operation.Operation == ast.Subscription
	if !streams {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, handler.cfg.OperationTimeout)
		defer cancel()
	}
	responses, ctx := handler.exec.DispatchOperation(ctx, opCtx)
	for {
		response := responses(ctx)
		if response == nil {
			return nil
		}
		if len(response.Data) == 0 && len(response.Errors) > 0 {
			return response.Errors
		}
		o.next(response)
		if !streams {
			return nil
		}
	}
}

// release frees the id before the client learns that the operation has ended: it may use the id again at once.
func (o *operation) release() {
	o.socket.mu.Lock()
	defer o.socket.mu.Unlock()
	if o.socket.operations[o.id] == o {
		delete(o.socket.operations, o.id)
	}
}

func (o *operation) next(response *graphql.Response) {
	payload := answer.Buffer()
	defer answer.Return(payload)
	raw, err := answer.Append(*payload, response)
	if err == nil {
		*payload = raw
		o.send(typeNext, raw)
	}
}

func (o *operation) fail(errors gqlerror.List) {
	if raw, err := answer.AppendErrors(nil, errors); err == nil {
		o.send(typeError, raw)
	}
}

// send writes one message of this operation, unless the client has completed it.
func (o *operation) send(kind string, payload []byte) {
	frame := answer.Buffer()
	defer answer.Return(frame)
	raw := append(append(append(*frame, o.head...), kind...), '"')
	if payload != nil {
		raw = append(append(raw, `,"payload":`...), payload...)
	}
	raw = append(raw, '}')
	*frame = raw
	o.socket.writing.Lock()
	defer o.socket.writing.Unlock()
	if !o.over {
		o.socket.write(raw)
	}
}
