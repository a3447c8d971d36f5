package graph

import (
	"context"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Quick answers queries for public lists and single reports by a compiled plan where there is one (package plan), and leaves the rest,
// errors included, to gqlgen: a query that fails is asked once more, the usual way. It goes innermost among the extensions, so that
// limits and counts see every operation.
type Quick struct {
	r *Resolver

	mu    sync.Mutex
	plans map[*ast.OperationDefinition]root // nil: there is none
}

// What is remembered is bounded; the server caches documents, so that they keep their address.
const (
	maxPlans          = 1000
	longestRemembered = 16 << 10
)

// NewQuick makes the extension over the same deps as the schema.
func NewQuick(deps Deps) *Quick {
	return &Quick{r: &Resolver{Deps: deps}, plans: map[*ast.OperationDefinition]root{}}
}

// ExtensionName is for gqlgen.
func (*Quick) ExtensionName() string { return "Quick" }

// Validate is for gqlgen.
func (*Quick) Validate(graphql.ExecutableSchema) error { return nil }

const planned = "Quick"

// InterceptOperation notes that the operation may be executed; one that was refused is answered without coming here.
func (q *Quick) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if answer := q.plan(operation); answer != nil {
		operation.Stats.SetExtension(planned, answer)
	}
	return next(ctx)
}

// InterceptResponse answers by the plan.
func (q *Quick) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if graphql.HasOperationContext(ctx) {
		operation := graphql.GetOperationContext(ctx)
		if answer, ok := operation.Stats.GetExtension(planned).(root); ok {
			if data := answer(ctx, q.r, operation.Variables); data != nil {
				return &graphql.Response{Data: data}
			}
		}
	}
	return next(ctx)
}

// plan finds or compiles the plan of an operation. An operation keeps its whole document in memory, so one with something in quotes, which
// may be a password or a report, is compiled and forgotten, and so is a long one. The server caches neither: they come once.
func (q *Quick) plan(operation *graphql.OperationContext) root {
	if len(operation.RawQuery) > longestRemembered || strings.Contains(operation.RawQuery, `"`) {
		return compile(operation.Operation)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	answer, known := q.plans[operation.Operation]
	if !known {
		if len(q.plans) == maxPlans {
			clear(q.plans)
		}
		answer = compile(operation.Operation)
		q.plans[operation.Operation] = answer
	}
	return answer
}

// root answers a whole query; nil means that gqlgen should.
type root func(ctx context.Context, r *Resolver, variables map[string]any) []byte

func compile(operation *ast.OperationDefinition) root {
	if operation.Operation != ast.Query || len(operation.Directives) > 0 || len(operation.SelectionSet) != 1 {
		return nil
	}
	field, ok := operation.SelectionSet[0].(*ast.Field)
	if !ok || len(field.Directives) > 0 {
		return nil
	}
	switch field.Name {
	case "publicReports":
		return quickReports(field)
	case "report":
		return quickReport(field)
	}
	return nil
}
