package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/civic"
)

// Submissions is the ingest side of the SUBMISSIONS stream. Several processes may read; each message goes to one of them,
// and to another when the first does not answer within ackWait.
type Submissions struct {
	bus      *Bus
	consumer jetstream.Consumer

	mu     sync.Mutex
	tidied time.Time
}

// tidyEvery is how long stored submissions may stay in the stream.
const tidyEvery = time.Minute

// Submissions opens the durable consumer that Prepare made.
func (b *Bus) Submissions(ctx context.Context) (*Submissions, error) {
	consumer, err := b.js.Consumer(ctx, StreamSubmissions, ConsumerIngest)
	if err != nil {
		return nil, fmt.Errorf("open consumer %s: %w", ConsumerIngest, err)
	}
	return &Submissions{bus: b, consumer: consumer, tidied: time.Now()}, nil
}

// Fetch returns at once with what is there, up to maxMessages; when nothing is there it waits for the first one, and returns
// that alone, or nothing when wait is over. Each message holds the submissions that were published together. Once a minute
// it tidies first.
func (s *Submissions) Fetch(ctx context.Context, maxMessages int, wait time.Duration) ([]Delivery, error) {
	if err := s.bus.Ready(); err != nil {
		return nil, err
	}
	if s.tidyIsDue() {
		s.tryToTidy(ctx)
	}
	deliveries, err := s.take(ctx, maxMessages)
	if err != nil || len(deliveries) > 0 {
		return deliveries, err
	}
	ctx, cancel := s.bus.whileConnected(ctx)
	defer cancel()
	waiting, done := context.WithTimeout(ctx, wait)
	defer done()
	fetched, err := s.consumer.Fetch(1, jetstream.FetchContext(waiting))
	if err != nil {
		return nil, fmt.Errorf("fetch submissions: %w", err)
	}
	deliveries = s.collect(fetched)
	if len(deliveries) == 0 {
		if err := fetched.Error(); err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
			return nil, fmt.Errorf("fetch submissions: %w", err)
		}
		return nil, nil
	}
	return deliveries, nil
}

// take is what waits in the stream now.
func (s *Submissions) take(ctx context.Context, maxMessages int) ([]Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	fetched, err := s.consumer.FetchNoWait(maxMessages)
	if err != nil {
		return nil, fmt.Errorf("fetch submissions: %w", err)
	}
	deliveries := s.collect(fetched)
	if err := fetched.Error(); err != nil && len(deliveries) == 0 {
		return nil, fmt.Errorf("fetch submissions: %w", err)
	}
	return deliveries, nil
}

func (s *Submissions) collect(fetched jetstream.MessageBatch) []Delivery {
	var deliveries []Delivery
	for message := range fetched.Messages() {
		deliveries = append(deliveries, s.decode(message))
	}
	return deliveries
}

func (s *Submissions) tidyIsDue() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.tidied) < tidyEvery {
		return false
	}
	s.tidied = time.Now()
	return true
}

// tryToTidy does not hold up the submissions that wait.
func (s *Submissions) tryToTidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := s.Tidy(ctx); err != nil {
		s.bus.log.Warn("stored submissions could not be cleared away; they stay for another minute", "error", err)
	}
}

// Tidy clears away what ingest has acknowledged without a gap before it, save the very last. What nobody has acknowledged
// stays, however old it is.
func (s *Submissions) Tidy(ctx context.Context) error {
	info, err := s.consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("tidy submissions: %w", err)
	}
	if info.AckFloor.Stream <= 1 {
		return nil
	}
	stream, err := s.bus.js.Stream(ctx, StreamSubmissions)
	if err != nil {
		return fmt.Errorf("tidy submissions: %w", err)
	}
	if err := stream.Purge(ctx, jetstream.WithPurgeSequence(info.AckFloor.Stream)); err != nil {
		return fmt.Errorf("tidy submissions: %w", err)
	}
	return nil
}

// Pending is how many messages ingest has not finished with: the lag.
func (s *Submissions) Pending(ctx context.Context) (uint64, error) {
	info, err := s.consumer.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask for the lag of ingest: %w", err)
	}
	return info.NumPending + uint64(info.NumAckPending), nil
}

// Delivery is one message of the stream: submissions that were published together. It must be answered with Ack or Retry.
type Delivery struct {
	Submissions []civic.Submission
	// Broken holds what could not be decoded: to be set aside with DeadLetterRaw.
	Broken []Broken

	bus      *Bus
	message  jetstream.Msg
	sequence uint64
}

// Broken is an entry that is no submission.
type Broken struct {
	Raw []byte
	Err error
}

func (s *Submissions) decode(message jetstream.Msg) Delivery {
	d := Delivery{bus: s.bus, message: message}
	// Metadata fails only for messages that come from no consumer.
	if metadata, err := message.Metadata(); err == nil {
		d.sequence = metadata.Sequence.Stream
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(message.Data(), &entries); err != nil {
		d.Broken = []Broken{{message.Data(), fmt.Errorf("decode batch: %w", err)}}
		return d
	}
	for _, raw := range entries {
		var submission civic.Submission
		if err := json.Unmarshal(raw, &submission); err != nil {
			d.Broken = append(d.Broken, Broken{raw, fmt.Errorf("decode submission: %w", err)})
			continue
		}
		d.Submissions = append(d.Submissions, submission)
	}
	return d
}

// Ack lets the stream forget the message. If the acknowledgement gets lost the message comes again; ingest knows its reports.
func (d *Delivery) Ack() error { return d.message.Ack() }

// Retry gives the message back, to come again after the delay.
func (d *Delivery) Retry(after time.Duration) error { return d.message.NakWithDelay(after) }

// StoredNotice says that a report is in the database.
type StoredNotice struct {
	Report civic.ReportID `json:"report"`
	// Duplicate is set when it was there before.
	Duplicate bool `json:"duplicate,omitempty"`
}

// Stored tells the submitters who still wait. Nobody relies on it.
func (d *Delivery) Stored(notices []StoredNotice) {
	inbox := d.message.Headers().Get(headerNotice)
	// A message may name any subject; only an inbox is written to.
	if len(notices) == 0 || !strings.HasPrefix(inbox, defaultInbox) {
		return
	}
	data, err := json.Marshal(notices)
	if err == nil {
		err = d.bus.nc.Publish(inbox, data)
	}
	if err != nil && !errors.Is(err, nats.ErrReconnectBufExceeded) {
		d.bus.log.Warn("a stored notice was lost", "error", err)
	}
}
