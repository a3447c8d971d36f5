package events

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Limits is how much the streams keep, and how often.
type Limits struct {
	Replicas        int           // 1, or 3 in a cluster of three. Default 1.
	EventAge        time.Duration // how far back a cursor can resume. Default 14 days.
	SubmissionBytes int64         // above it new submissions are refused, never old ones dropped. Default unlimited.
	EventBytes      int64         // above it the oldest events go. Default unlimited.
}

const (
	// dedupeWindow outlasts every retry of an intake.
	dedupeWindow = 10 * time.Minute
	// ackWait is longer than ingest takes for a full batch on a busy database; it is also how long the submissions that a
	// killed ingest process had taken are held back.
	ackWait = 30 * time.Second
	// maxTaken is how many messages all ingest processes together may have taken without an answer.
	maxTaken = 4096
)

// Prepare creates the streams and the consumer of ingest, or brings them to these limits. Every process may call it; one is
// enough.
func (b *Bus) Prepare(ctx context.Context, limits Limits) error {
	if limits.Replicas == 0 {
		limits.Replicas = 1
	}
	if limits.EventAge == 0 {
		limits.EventAge = 14 * 24 * time.Hour
	}
	submissions := jetstream.StreamConfig{
		Name: StreamSubmissions, Description: "reports on their way in; ingest clears away what it has stored",
		// Not a work queue: that removes every message at its acknowledgement, and each time this empties the stream the server
		// makes a new file and syncs it: a lone submission was STORED after 4.4 ms, so it is after 1.0. See Submissions.Tidy.
		Subjects: []string{submissionsPrefix + ">"}, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
		MaxBytes: unlimited(limits.SubmissionBytes),
	}
	happened := jetstream.StreamConfig{
		Name: StreamEvents, Description: "what happened to reports, for live screens and workers",
		Subjects: []string{eventsPrefix + ">"}, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld,
		MaxAge: limits.EventAge, MaxBytes: unlimited(limits.EventBytes),
	}
	dead := jetstream.StreamConfig{
		Name: StreamDeadLetters, Description: "submissions that ingest could not take, kept until somebody replays them",
		Subjects: []string{deadPrefix + ">"}, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
		MaxBytes: -1,
	}
	for _, config := range []jetstream.StreamConfig{submissions, happened, dead} {
		config.Storage, config.Replicas, config.Duplicates = jetstream.FileStorage, limits.Replicas, dedupeWindow
		if _, err := b.js.CreateOrUpdateStream(ctx, config); err != nil {
			return fmt.Errorf("prepare stream %s: %w", config.Name, err)
		}
	}
	_, err := b.js.CreateOrUpdateConsumer(ctx, StreamSubmissions, jetstream.ConsumerConfig{
		Durable: ConsumerIngest, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxDeliver: -1, MaxAckPending: maxTaken,
	})
	if err != nil {
		return fmt.Errorf("prepare consumer %s: %w", ConsumerIngest, err)
	}
	return nil
}

func unlimited(bytes int64) int64 {
	if bytes <= 0 {
		return -1
	}
	return bytes
}
