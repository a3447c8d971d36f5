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
	// arrived holds what came while ingest was busy with what came before.
	arrived chan Delivery
	closing chan struct{}

	mu        sync.Mutex
	listening jetstream.ConsumeContext // nil before the first Fetch
	tidied    time.Time
}

const (
	// tidyEvery is how long stored submissions may stay in the stream.
	tidyEvery = time.Minute
	// prefetched is how many messages may wait here. Others of them are asked for when half of them are gone.
	prefetched = 64
)

// Submissions opens the durable consumer that Prepare made. Whoever fetches closes it.
func (b *Bus) Submissions(ctx context.Context) (*Submissions, error) {
	consumer, err := b.js.Consumer(ctx, StreamSubmissions, ConsumerIngest)
	if err != nil {
		return nil, fmt.Errorf("open consumer %s: %w", ConsumerIngest, err)
	}
	return &Submissions{
		bus: b, consumer: consumer, arrived: make(chan Delivery, prefetched), closing: make(chan struct{}), tidied: time.Now(),
	}, nil
}

// Fetch returns at once with what has arrived since the last call, up to maxMessages; when nothing has it waits for the first
// one, and returns nothing when wait is over. Each message holds the submissions that were published together. Once a minute
// it tidies first.
func (s *Submissions) Fetch(ctx context.Context, maxMessages int, wait time.Duration) ([]Delivery, error) {
	if err := s.bus.Ready(); err != nil {
		return nil, err
	}
	if s.tidyIsDue() {
		s.tryToTidy(ctx)
	}
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("fetch submissions: %w", err)
	}
	waiting := time.NewTimer(wait)
	defer waiting.Stop()
	var deliveries []Delivery
	select {
	case first := <-s.arrived:
		deliveries = append(deliveries, first)
	case <-ctx.Done():
	case <-waiting.C:
	}
	for len(deliveries) > 0 && len(deliveries) < maxMessages {
		select {
		case next := <-s.arrived:
			deliveries = append(deliveries, next)
		default:
			return deliveries, nil
		}
	}
	return deliveries, nil
}

// listen lets messages come in by themselves from now on, through every loss of the connection.
func (s *Submissions) listen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listening != nil {
		select {
		case <-s.listening.Closed(): // the consumer was lost
		default:
			return nil
		}
	}
	listening, err := s.consumer.Consume(func(message jetstream.Msg) {
		select {
		case s.arrived <- s.decode(message):
		case <-s.closing:
			_ = message.Nak() // lost, it comes again by itself
		}
	}, jetstream.PullMaxMessages(prefetched), jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		s.bus.log.Warn("submissions are interrupted", "error", err)
	}))
	if err == nil {
		s.listening = listening
	}
	return err
}

// Close gives back what has arrived and nobody fetched, for others to take at once.
func (s *Submissions) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.closing)
	if s.listening == nil || s.bus.Ready() != nil {
		return
	}
	s.listening.Drain()
	select {
	case <-s.listening.Closed():
	case <-time.After(flushOnClose):
	}
	for {
		select {
		case delivery := <-s.arrived:
			_ = delivery.Retry(0)
		default:
			return
		}
	}
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
func (s *Submissions) Tidy(ctx context.Context) error { return s.purge(ctx, 0) }

// purge clears away what ingest has acknowledged without a gap before it, and more messages after the last but one of them.
func (s *Submissions) purge(ctx context.Context, more uint64) error {
	info, err := s.consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("tidy submissions: %w", err)
	}
	if info.AckFloor.Stream+more <= 1 {
		return nil
	}
	stream, err := s.bus.js.Stream(ctx, StreamSubmissions)
	if err != nil {
		return fmt.Errorf("tidy submissions: %w", err)
	}
	if err := stream.Purge(ctx, jetstream.WithPurgeSequence(info.AckFloor.Stream+more)); err != nil {
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
	if json.Unmarshal(message.Data(), &d.Submissions) == nil {
		return d
	}
	d.Submissions = nil
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
