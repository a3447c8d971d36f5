package command

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/events"
)

// inboxPrefix is the only one that the broker lets this service listen on.
const inboxPrefix = "_INBOX_anonymizer"

// broker is the service's intake and memory. It connects when it can: until then everything is UNAVAILABLE.
type broker struct {
	url       string
	replicas  int
	log       *slog.Logger
	metrics   prometheus.Registerer
	connected atomic.Pointer[connection]
}

type connection struct {
	bus    *events.Bus
	intake *events.Intake
	memory *anonymizer.KeyValue
}

func newBroker(url string, replicas int, log *slog.Logger, metrics prometheus.Registerer) *broker {
	return &broker{url: url, replicas: replicas, log: log, metrics: metrics}
}

// Run connects, takes submissions in until ctx ends, and closes the connection.
func (b *broker) Run(ctx context.Context) error {
	bus, err := events.Connect(ctx, events.Config{
		URL: b.url, Name: "anonymizer", InboxPrefix: inboxPrefix, Log: b.log, Metrics: b.metrics,
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	defer bus.Close()
	intake, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsAnonymous})
	if err != nil {
		return err
	}
	b.connected.Store(&connection{bus, intake, anonymizer.NewKeyValue(bus.JetStream(), b.replicas)})
	defer b.connected.Store(nil)
	return intake.Run(ctx)
}

// Submit hands a submission to the stream.
func (b *broker) Submit(ctx context.Context, submission civic.Submission) (civic.SubmissionState, bool, error) {
	c := b.connected.Load()
	if c == nil {
		return "", false, errAway
	}
	receipt, err := c.intake.Submit(ctx, submission)
	return receipt.State, receipt.Duplicate, err
}

// Create remembers a client key.
func (b *broker) Create(ctx context.Context, key string, value []byte) ([]byte, error) {
	c := b.connected.Load()
	if c == nil {
		return nil, errAway
	}
	return c.memory.Create(ctx, key, value)
}

// Spend remembers a token.
func (b *broker) Spend(ctx context.Context, day blindtoken.Day, key string, value []byte) ([]byte, error) {
	c := b.connected.Load()
	if c == nil {
		return nil, errAway
	}
	return c.memory.Spend(ctx, day, key, value)
}

// Forget forgets the tokens of past days.
func (b *broker) Forget(ctx context.Context, oldest blindtoken.Day) error {
	c := b.connected.Load()
	if c == nil {
		return errAway
	}
	return c.memory.Forget(ctx, oldest)
}

// Ready says whether submissions can be taken.
func (b *broker) Ready(context.Context) error {
	c := b.connected.Load()
	if c == nil {
		return errAway
	}
	return c.bus.Ready()
}

var errAway = errors.New("the broker has not been reached yet")
