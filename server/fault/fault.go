// Package fault turns whatever went wrong into what people and machines may see: a sentence in the caller's language and the
// codes of the public contract. It is the one border between inside errors and the outside, for HTTP, WebSocket and SSE alike.
//
// A *civic.Error is shown. Faults of the document itself (syntax, unknown fields, wrong variables) are shown as INVALID_INPUT or
// TOO_COMPLEX. Everything else is INTERNAL: logged once under a random id, and only the id is shown.
package fault

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// Presenter makes border errors. Safe for concurrent use.
type Presenter struct {
	log    *slog.Logger
	random io.Reader
}

// NewPresenter logs unknown errors to log under ids drawn from random; nil means slog.Default() and crypto/rand.Reader.
func NewPresenter(log *slog.Logger, random io.Reader) *Presenter {
	if log == nil {
		log = slog.Default()
	}
	if random == nil {
		random = rand.Reader
	}
	return &Presenter{log: log, random: random}
}

// Error is the border form of a civic error, in the language of ctx.
func Error(ctx context.Context, err *civic.Error) *gqlerror.Error {
	extensions := map[string]any{"code": string(err.Code)}
	if err.Field != "" {
		extensions["field"] = err.Field
	}
	if len(err.Allowed) > 0 {
		extensions["allowed"] = err.Allowed
	}
	if err.State != "" {
		extensions["state"] = string(err.State)
	}
	if err.Work != nil {
		extensions["challenge"], extensions["difficulty"] = err.Work.Challenge, err.Work.Difficulty
		extensions["expiresAt"] = err.Work.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return &gqlerror.Error{Message: sentence(ctx, err), Extensions: extensions}
}

// sentence falls back to the general sentence of the code: a key of ours is never shown.
func sentence(ctx context.Context, err *civic.Error) string {
	lang := locale.From(ctx)
	if !locale.Has(err.Key) {
		return locale.Text(lang, "error."+strings.ToLower(string(err.Code)), err.Args)
	}
	return locale.Text(lang, err.Key, err.Args)
}

// First keeps as many errors of a document as help to mend it: three kilobytes of mistakes must not make half a megabyte of
// complaints.
func First(errors gqlerror.List) gqlerror.List {
	const enough = 10
	return errors[:min(len(errors), enough)]
}

// Present has the shape of graphql.ErrorPresenterFunc.
func (p *Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	var place *gqlerror.Error
	errors.As(err, &place)

	shown := p.classify(ctx, err, place)
	if place != nil {
		shown.Path, shown.Locations = place.Path, place.Locations
	} else if graphql.HasOperationContext(ctx) {
		shown.Path = graphql.GetPath(ctx)
	}
	return shown
}

func (p *Presenter) classify(ctx context.Context, err error, place *gqlerror.Error) *gqlerror.Error {
	var known *civic.Error
	var panicked *panicError
	switch {
	case errors.As(err, &known) && known.Code != civic.CodeInternal:
		if known.Field == "" && known.Code == civic.CodeInvalidInput {
			if field := inputField(ctx, place); field != "" {
				named := *known
				named.Field = field
				known = &named
			}
		}
		return Error(ctx, known)
	case errors.As(err, &panicked):
		return internal(ctx, panicked.id)
	case place != nil && place.Err == nil:
		return document(ctx, place)
	case errors.Is(err, context.DeadlineExceeded):
		return Error(ctx, civic.Unavailable("request.timeout"))
	case errors.Is(err, context.Canceled):
		return Error(ctx, civic.Unavailable("error.unavailable")) // the caller has left: nobody reads it, nobody need look
	}
	if field := inputField(ctx, place); field != "" {
		return Error(ctx, civic.Invalid(field, "input.malformed", "field", field))
	}
	if place != nil { // its own text begins with the path, which holds aliases
		err = place.Err
	}
	id := p.id()
	p.log.ErrorContext(ctx, "internal error", "id", id, "field", fieldName(ctx), "error", err.Error())
	return internal(ctx, id)
}

// document is for what the parser, the validator and the limits found: their words, our codes.
func document(ctx context.Context, found *gqlerror.Error) *gqlerror.Error {
	if value := literal(ctx, found); value != nil {
		value.Rule = found.Rule
		return value
	}
	code, _ := found.Extensions["code"].(string)
	switch {
	case len(found.Path) > 1 && found.Path[0] == ast.PathName("variable"):
		return variable(ctx, found)
	case code == "PERSISTED_QUERY_NOT_FOUND": // clients look for exactly this and send the whole query then
		return &gqlerror.Error{Message: found.Message, Extensions: map[string]any{"code": code}}
	case code == string(civic.CodeTooComplex), strings.HasPrefix(found.Message, "exceeded "): // the parser's token and nesting limits
		code = string(civic.CodeTooComplex)
	default:
		code = string(civic.CodeInvalidInput)
	}
	return &gqlerror.Error{Message: found.Message, Extensions: map[string]any{"code": code}, Rule: found.Rule}
}

// variable says which variable or input field is wrong, and never its value: the validator's own words may quote it.
func variable(ctx context.Context, found *gqlerror.Error) *gqlerror.Error {
	field := lastName(found.Path)
	key := "input.malformed"
	switch found.Message {
	case "must be defined", "cannot be null":
		key = "input.required"
	case "unknown field":
		key = "input.unknown"
	}
	return Error(ctx, civic.Invalid(field, key, "field", field))
}

// inputField is the argument at fault when an error comes from reading arguments, which is when its path is longer than that
// of the field being resolved; empty otherwise.
func inputField(ctx context.Context, place *gqlerror.Error) string {
	if place == nil || !graphql.HasOperationContext(ctx) || graphql.GetFieldContext(ctx) == nil {
		return ""
	}
	if len(place.Path) <= len(graphql.GetFieldContext(ctx).Path()) {
		return ""
	}
	return lastName(place.Path)
}

func lastName(path ast.Path) string {
	for i := len(path) - 1; i >= 0; i-- {
		if name, ok := path[i].(ast.PathName); ok {
			return string(name)
		}
	}
	return ""
}

// fieldName is the schema's name of the field, not the caller's alias, which is free text.
func fieldName(ctx context.Context) string {
	if !graphql.HasOperationContext(ctx) {
		return ""
	}
	field := graphql.GetFieldContext(ctx)
	if field == nil || field.Field.Field == nil {
		return ""
	}
	return field.Object + "." + field.Field.Name
}

type panicError struct{ id string }

func (e *panicError) Error() string { return "panic " + e.id }

// Recover has the shape of graphql.RecoverFunc: the panic is logged with its stack, the caller learns the id alone.
func (p *Presenter) Recover(ctx context.Context, recovered any) error {
	id := p.id()
	p.log.ErrorContext(ctx, "panic", "id", id, "field", fieldName(ctx), "cause", cause(recovered), "stack", string(debug.Stack()))
	return &panicError{id}
}

// cause is the text of the runtime's own errors alone: what other code panics with may hold what somebody wrote.
func cause(recovered any) string {
	if fault, ok := recovered.(runtime.Error); ok {
		return fault.Error()
	}
	return fmt.Sprintf("%T", recovered)
}

func internal(ctx context.Context, id string) *gqlerror.Error {
	shown := Error(ctx, &civic.Error{Code: civic.CodeInternal, Key: "error.internal", Args: map[string]string{"id": id}})
	shown.Extensions["id"] = id
	return shown
}

func (p *Presenter) id() string {
	var raw [6]byte
	if _, err := io.ReadFull(p.random, raw[:]); err != nil {
		return "unnumbered" // losing the id must not lose the answer
	}
	return hex.EncodeToString(raw[:])
}
