package events

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/jagawarga/jagawarga/civic"
)

// IntakeConfig says how submissions are gathered.
type IntakeConfig struct {
	// Subject is SubmissionsPublic or SubmissionsAnonymous.
	Subject string
	// Wait is how long after the durable acknowledgement a submitter waits to hear that ingest has stored the report.
	// Default 250 ms; negative means not at all.
	Wait time.Duration
	// Patience is how long a submitter waits for the acknowledgement. Default 5 s.
	Patience time.Duration
	// MaxBatch and MaxBytes bound what goes into one message. Defaults 256 and 512 KiB.
	MaxBatch, MaxBytes int
	// MaxWaiting bounds, in bytes, what may wait for its turn; above it submitters are turned away. Default 32 MiB.
	MaxWaiting int64
	// Random makes message ids. Default crypto/rand.Reader.
	Random io.Reader
}

func (c IntakeConfig) withDefaults() IntakeConfig {
	if c.Wait == 0 {
		c.Wait = 250 * time.Millisecond
	}
	if c.Patience == 0 {
		c.Patience = 5 * time.Second
	}
	if c.MaxBatch == 0 {
		c.MaxBatch = 256
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 512 << 10
	}
	if c.MaxWaiting == 0 {
		c.MaxWaiting = 32 << 20
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return c
}

// maxQueued is how many submissions may wait for their turn, whatever their size.
const maxQueued = 1 << 14

// Receipt is what a submitter is told.
type Receipt struct {
	State civic.SubmissionState
	// Duplicate is set when ingest found that the report was stored before. It is known for STORED alone.
	Duplicate bool
}

// Intake takes submissions into the stream. What arrives while a publish is on its way to the disk goes together in the
// next one, so that a flood costs one sync for many; a lone submission leaves at once.
type Intake struct {
	bus     *Bus
	cfg     IntakeConfig
	inbox   string
	queue   chan *entry
	waiting atomic.Int64 // bytes in the queue

	mu      sync.Mutex
	open    map[string]*batch // by message id, until every submitter has been answered
	stopped chan struct{}
}

// NewIntake makes an intake; Run makes it work.
func NewIntake(bus *Bus, cfg IntakeConfig) (*Intake, error) {
	if cfg.Subject != SubmissionsPublic && cfg.Subject != SubmissionsAnonymous {
		return nil, fmt.Errorf("intake: unknown subject %q", cfg.Subject)
	}
	return &Intake{
		bus: bus, cfg: cfg.withDefaults(), inbox: bus.nc.NewInbox() + ".",
		queue: make(chan *entry, maxQueued), open: make(map[string]*batch), stopped: make(chan struct{}),
	}, nil
}

// Run publishes until ctx ends. An Intake runs once.
func (i *Intake) Run(ctx context.Context) error {
	notices, err := i.bus.nc.Subscribe(i.inbox+"*", i.noticed)
	if err != nil {
		return fmt.Errorf("intake: listen for notices: %w", err)
	}
	defer func() {
		// An error means that the connection is closed, and the subscription with it.
		_ = notices.Unsubscribe()
	}()
	defer close(i.stopped)
	var next *entry
	for {
		if next == nil {
			select {
			case <-ctx.Done():
				return nil
			case next = <-i.queue:
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		var entries []*entry
		entries, next = i.gather(next)
		i.publish(ctx, entries)
	}
}

// gather takes what waits already, without waiting for more. What does not fit any more begins the next batch.
func (i *Intake) gather(first *entry) (entries []*entry, next *entry) {
	bytes := 0
	for e := first; ; {
		if len(entries) > 0 && bytes+len(e.data) > i.cfg.MaxBytes {
			return entries, e
		}
		i.waiting.Add(-int64(len(e.data)))
		if e.take() {
			entries = append(entries, e)
			bytes += len(e.data) + 1
		}
		if len(entries) == i.cfg.MaxBatch {
			return entries, nil
		}
		select {
		case e = <-i.queue:
		default:
			return entries, nil
		}
	}
}

// Submit returns when the submission is durable (QUEUED) or even stored (STORED). UNAVAILABLE means that nobody promised
// anything: the submission may still arrive when the answer alone was lost, which the same report id makes harmless.
// When ctx ends before the acknowledgement, its error is returned.
func (i *Intake) Submit(ctx context.Context, submission civic.Submission) (Receipt, error) {
	data, err := json.Marshal(&submission)
	if err != nil {
		return Receipt{}, fmt.Errorf("encode submission: %w", err)
	}
	e := &entry{report: submission.Report, data: data, answer: make(chan answer, 1)}
	receipt, err := i.submit(ctx, e)
	switch {
	case err != nil:
		i.bus.metrics.submissions.WithLabelValues(outcomeUnavailable).Inc()
	case receipt.State == civic.Stored:
		i.bus.metrics.submissions.WithLabelValues(outcomeStored).Inc()
	default:
		i.bus.metrics.submissions.WithLabelValues(outcomeQueued).Inc()
	}
	return receipt, err
}

func (i *Intake) submit(ctx context.Context, e *entry) (Receipt, error) {
	if i.waiting.Add(int64(len(e.data))) > i.cfg.MaxWaiting {
		i.waiting.Add(-int64(len(e.data)))
		return Receipt{}, unavailable()
	}
	select {
	case i.queue <- e:
	default:
		i.waiting.Add(-int64(len(e.data)))
		return Receipt{}, unavailable()
	}
	patience := time.NewTimer(i.cfg.Patience + max(i.cfg.Wait, 0))
	defer patience.Stop()
	select {
	case answer := <-e.answer:
		return answer.receipt, answer.err
	case <-ctx.Done():
		return e.abandon(ctx.Err())
	case <-patience.C:
		return e.abandon(unavailable())
	case <-i.stopped:
		return e.abandon(unavailable())
	}
}

func unavailable() error { return civic.Unavailable("submission.unavailable") }

// noticed hears from ingest which reports of a batch are stored.
func (i *Intake) noticed(message *nats.Msg) {
	var notices []StoredNotice
	if err := json.Unmarshal(message.Data, &notices); err != nil {
		i.bus.log.Warn("a stored notice cannot be read", "error", err)
		return
	}
	b := i.find(message.Subject[len(i.inbox):])
	if b == nil {
		return // too late: its submitters have been told QUEUED
	}
	if b.stored(notices) {
		i.forget(b)
	}
}

func (i *Intake) find(id string) *batch {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.open[id]
}

func (i *Intake) remember(b *batch) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.open[b.id] = b
}

func (i *Intake) forget(b *batch) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.open, b.id)
}
