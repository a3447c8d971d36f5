package server

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
)

// Tracing is an extension that tells tracer of every operation: its kind, its root fields, the code of its first error. A subscription
// is told of until it has started, and none of its events. Operations on anonymous reports are not told of, whatever else they ask for,
// and so nothing beneath them is either.
func Tracing(tracer *trace.Tracer) graphql.HandlerExtension { return tracing{tracer} }

type tracing struct{ *trace.Tracer }

func (tracing) ExtensionName() string { return "Tracing" }

func (tracing) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation is called with an operation that was found valid, so its field names are the schema's.
func (t tracing) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx).Operation
	fields := rootFields(nil, operation.SelectionSet)
	if slices.ContainsFunc(fields, aboutAnonymous) {
		return next(ctx)
	}
	name := string(operation.Operation)
	if len(fields) == 1 {
		name += " " + fields[0]
	}
	ctx, span := t.Begin(ctx, trace.Server, name)
	span.Word("graphql.operation.type", string(operation.Operation))
	span.Words("jagawarga.fields", fields)
	responses := next(ctx)
	if operation.Operation == ast.Subscription {
		return started(ctx, span, responses)
	}
	return func(ctx context.Context) *graphql.Response {
		response := responses(ctx)
		if response != nil {
			span.End(codeOf(response))
		} else {
			span.End(trace.CodeOf(ctx.Err()))
		}
		return response
	}
}

// started ends the span of a subscription. One that could not start has its one answer ready, even for a context that is over; one that
// did start answers nothing to such a context, and loses nothing by being asked.
func started(ctx context.Context, span trace.Span, responses graphql.ResponseHandler) graphql.ResponseHandler {
	over, cancel := context.WithCancel(ctx)
	cancel()
	refusal := responses(over)
	if refusal == nil {
		span.End(trace.OK)
		return responses
	}
	span.End(codeOf(refusal))
	return graphql.OneShot(refusal)
}

// aboutAnonymous recognises the root fields through which anonymous reports are filed and followed. They all say so in their names; a
// test holds the schema to that.
func aboutAnonymous(field string) bool {
	return strings.Contains(strings.ToLower(field), "anonym") || field == "ledgerProof" // which the reporter of an anonymous report asks, too
}

// rootFields adds the names of the fields that the selections ask for, each once.
func rootFields(names []string, selections ast.SelectionSet) []string {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		case *ast.InlineFragment:
			names = rootFields(names, s.SelectionSet)
		case *ast.FragmentSpread:
			names = rootFields(names, s.Definition.SelectionSet)
		}
	}
	return names
}
