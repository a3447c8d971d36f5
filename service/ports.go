package service

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/events"
)

// intake is the way into the stream, as casework sees it.
type intake struct{ *events.Intake }

// Submit takes a submission durably.
func (i intake) Submit(ctx context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	receipt, err := i.Intake.Submit(ctx, s)
	return receipt.State, receipt.Duplicate, err
}

// feed is the live hub, as the GraphQL face sees it.
type feed struct{ *events.Hub }

// Watch follows a topic.
func (f feed) Watch(ctx context.Context, topic civic.Topic, after string) (graph.Watching, error) {
	watcher, err := f.Hub.Watch(ctx, topic, after)
	if err != nil {
		return nil, err
	}
	return watcher, nil
}
