package ingest

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/store"
)

// An anonymous report tells the hour of its filing and no more. A span tells the millisecond, so a batch that has anything of an
// anonymous report in it is not told of.

// followBatch follows the writing of a batch of submissions.
func followBatch(ctx context.Context, tracer *trace.Tracer, batch []civic.Submission) (context.Context, trace.Span) {
	if tracer == nil || slices.ContainsFunc(batch, func(s civic.Submission) bool { return s.Visibility == civic.Anonymous }) {
		return ctx, trace.Span{}
	}
	ctx, span := tracer.Begin(ctx, trace.Consumer, "ingest batch")
	span.Count("jagawarga.submissions", len(batch))
	return ctx, span
}

// followRelay follows the sending of a batch of events.
func followRelay(ctx context.Context, tracer *trace.Tracer, batch []store.Outgoing) (context.Context, trace.Span) {
	if tracer == nil || slices.ContainsFunc(batch, mayBeAnonymous) {
		return ctx, trace.Span{}
	}
	ctx, span := tracer.Begin(ctx, trace.Producer, "relay batch")
	span.Count("jagawarga.events", len(batch))
	return ctx, span
}

func mayBeAnonymous(o store.Outgoing) bool {
	var event civic.Event
	return json.Unmarshal(o.Event, &event) != nil || event.Visibility == civic.Anonymous
}
