// Package trace follows a sample of the work through the system, by OpenTelemetry: an operation, the queries and calls beneath it, a
// batch of ingest, a step of the escalator. A nil *Tracer is switched off and costs a comparison: no allocation, no look into a context.
//
// What is told is what the code is made of: names of fields, queries and methods, counts, codes. No ids, no values, no SQL. And of how
// an anonymous report is filed, taken in and followed by its reporter nothing at all, so two rules hold. A query or a call is told only beneath work that is followed (Within); where nobody
// began, nothing is told. And the context of a trace stays in this process: it is sent to nobody and taken from nobody.
//
// The anonymizer must not be able to send traces, so it must not import this package.
package trace

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"

	"github.com/jagawarga/jagawarga/civic"
)

// Kind is what role a piece of work plays between processes.
type Kind = api.SpanKind

// The kinds of OpenTelemetry.
const (
	Internal = api.SpanKindInternal
	Server   = api.SpanKindServer   // answers somebody
	Client   = api.SpanKindClient   // asks somebody
	Producer = api.SpanKindProducer // puts something into the stream
	Consumer = api.SpanKindConsumer // takes something out of it
)

// Config says what a tracer calls its process and how much it follows.
type Config struct {
	Service string  // e.g. "jagawarga-server"; OTEL_SERVICE_NAME has the last word
	Ratio   float64 // of the work that is followed, from 0 to 1
}

// Tracer begins spans. It is safe for use by many goroutines, and nil when nobody wants traces.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   api.Tracer
}

// New makes a tracer that hands what it followed to spans. Close ends both.
func New(cfg Config, spans sdk.SpanProcessor) (*Tracer, error) {
	own := resource.NewSchemaless(attribute.String("service.name", cfg.Service))
	described, err := resource.Merge(own, resource.Environment())
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(
		sdk.WithResource(described), sdk.WithSpanProcessor(spans), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(cfg.Ratio))),
	)
	return &Tracer{provider, provider.Tracer("github.com/jagawarga/jagawarga")}, nil
}

// closeTimeout is what the end of a process may wait for the last few seconds of a sample.
const closeTimeout = 200 * time.Millisecond

// Close sends what is still to be sent, for at most 200 ms.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // a collector that is away is told of while the process runs
}

// Begin follows a piece of work that nothing else is the reason of, if the sample takes it.
func (t *Tracer) Begin(ctx context.Context, kind Kind, name string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, name, api.WithSpanKind(kind), api.WithNewRoot())
	return ctx, Span{span}
}

// Within follows a part of work that is followed; otherwise it does nothing. Where name has to be put together, ask Followed first.
func (t *Tracer) Within(ctx context.Context, kind Kind, name string) (context.Context, Span) {
	if t == nil || !Followed(ctx) {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, name, api.WithSpanKind(kind))
	return ctx, Span{span}
}

// Followed tells whether ctx belongs to work that is followed and has not ended.
func Followed(ctx context.Context) bool { return api.SpanFromContext(ctx).IsRecording() }

// Span is a piece of work under way. The zero Span is of work that nobody follows; everything may be done to it.
type Span struct{ span api.Span }

// Of is the span that ctx belongs to.
func Of(ctx context.Context) Span { return Span{api.SpanFromContext(ctx)} }

// Count notes how many things the work is about.
func (s Span) Count(name string, n int) {
	if s.span != nil && s.span.IsRecording() {
		s.span.SetAttributes(attribute.Int(name, n))
	}
}

// Word notes a word of ours, never of a caller.
func (s Span) Word(name, word string) {
	if s.span != nil && s.span.IsRecording() {
		s.span.SetAttributes(attribute.String(name, word))
	}
}

// Words notes several.
func (s Span) Words(name string, words []string) {
	if s.span != nil && s.span.IsRecording() {
		s.span.SetAttributes(attribute.StringSlice(name, words))
	}
}

// OK is the code of work that went well.
const OK = "OK"

// End ends the work with a code: OK, one of civic's, or one of the database's. What the caller did wrong is no failure of ours.
func (s Span) End(code string) {
	if s.span == nil || !s.span.IsRecording() {
		return
	}
	s.span.SetAttributes(attribute.String("jagawarga.code", code))
	switch civic.Code(code) {
	case OK, civic.CodeUnauthenticated, civic.CodeForbidden, civic.CodeNotFound, civic.CodeInvalidInput, civic.CodeConflict,
		civic.CodeRateLimited, civic.CodeTooComplex:
	default:
		s.span.SetStatus(codes.Error, code)
	}
	s.span.End()
}

// CodeOf is the code of an error, and OK for none. Nothing else of an error is told.
func CodeOf(err error) string {
	if err == nil {
		return OK
	}
	if known, ok := errors.AsType[*civic.Error](err); ok {
		return string(known.Code)
	}
	return string(civic.CodeInternal)
}
