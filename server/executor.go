package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/server/fault"
)

// newExecutor runs the schema within the limits of cfg, whatever the transport.
func newExecutor(cfg Config, schema graphql.ExecutableSchema, faults *fault.Presenter, m *metrics) *executor.Executor {
	exec := executor.New(schema)
	exec.SetErrorPresenter(faults.Present)
	exec.SetRecoverFunc(faults.Recover)
	exec.SetParserTokenLimit(cfg.MaxTokens)
	exec.SetQueryCache(discreet[*ast.QueryDocument]{cfg.QueryCache, lru.New[*ast.QueryDocument](cfg.QueryCache)})
	exec.Use(extension.Introspection{})
	exec.Use(extension.AutomaticPersistedQuery{Cache: discreet[string]{cfg.QueryCache, lru.New[string](cfg.QueryCache)}})
	exec.Use(&bounds{schema: schema, depth: cfg.MaxDepth, complexity: cfg.MaxComplexity})
	exec.Use(observer{m})
	for _, extension := range cfg.Extensions {
		exec.Use(extension)
	}
	return exec
}

// discreet is a cache that keeps no document with values written into it: such a document comes once, and what stands in its
// quotes may be a report or a password. Long documents are not kept either, so that a thousand of them cannot fill the memory.
type discreet[T any] struct {
	size int
	*lru.LRU[T]
}

const longestKept = 16 << 10

// Add keeps value unless the document tells against it. The document is the key for parsed documents and the value for
// persisted ones.
func (d discreet[T]) Add(ctx context.Context, key string, value T) {
	document := key
	if text, ok := any(value).(string); ok {
		document = text
	}
	if len(document) <= longestKept && !strings.Contains(document, `"`) {
		d.LRU.Add(ctx, key, value)
	}
}

// bounds refuses operations that nest too deep or cost too much. Fields are counted with each fragment measured once: the
// schema's own reckoning unfolds fragments one by one, which forty lines of fragments in fragments make endless.
type bounds struct {
	schema     graphql.ExecutableSchema
	depth      int
	complexity int
}

func (*bounds) ExtensionName() string { return "Bounds" }

func (*bounds) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext is called after validation, before anything is executed.
func (b *bounds) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	size := measure{}.of(op.Operation.SelectionSet)
	switch {
	case size.depth > b.depth:
		return tooComplex(b.depth)
	case size.fields > b.complexity, complexity.Calculate(ctx, b.schema, op.Operation, op.Variables) > b.complexity:
		return tooComplex(b.complexity)
	}
	return nil
}

func tooComplex(limit int) *gqlerror.Error {
	return gqlerror.Wrap(&civic.Error{
		Code: civic.CodeTooComplex, Key: "request.too_complex", Args: map[string]string{"limit": strconv.Itoa(limit)},
	})
}

// size of a selection: how deep it is, and how many fields it has once its fragments are unfolded.
type size struct{ depth, fields int }

// measure remembers the size of fragments. Validation has made sure that they do not contain themselves.
type measure map[*ast.FragmentDefinition]size

// plenty is where counting stops: it is beyond every limit and far from overflow.
const plenty = 1 << 40

func (m measure) of(selections ast.SelectionSet) size {
	var total size
	for _, selection := range selections {
		var part size
		switch s := selection.(type) {
		case *ast.Field:
			part = m.of(s.SelectionSet)
			part.fields++
			if !strings.HasPrefix(s.Name, "__") { // the validator bounds introspection's depth itself
				part.depth++
			} else {
				part.depth = 1
			}
		case *ast.InlineFragment:
			part = m.of(s.SelectionSet)
		case *ast.FragmentSpread:
			known, found := m[s.Definition]
			if !found {
				known = m.of(s.Definition.SelectionSet)
				m[s.Definition] = known
			}
			part = known
		}
		total.depth = max(total.depth, part.depth)
		total.fields = min(total.fields+part.fields, plenty)
	}
	return total
}
