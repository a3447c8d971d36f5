package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// lookBack is how many of the stream's last events a publisher knows. An event that is there although its sender does not
// know can only have others behind it that were on their way when it was taken, and with lower ids: transactions of ingest
// and of escalators that had not ended, of at most 500 and 250 events each.
const lookBack = 4096

// maxConflicts is how often others may come first before a publisher gives up for this time.
const maxConflicts = 10

// Publisher puts events on the stream, each once, in order. It is not for several goroutines at once; several publishers,
// in whatever processes, may share the stream.
//
// Each pack goes out under the condition that the stream ends where the publisher thinks it does. When that fails, or when an
// answer stays out, it reads what the stream has got meanwhile, and leaves out what is there already. So nothing depends on
// how events are grouped, on time, or on what becomes of a message that was given up.
type Publisher struct {
	bus *Bus
	// sure is whether last is known to be the stream's last sequence, and there to hold the events up to it.
	sure  bool
	last  uint64
	there idSet
}

// NewPublisher makes a publisher, which looks at the stream when it has something to publish.
func NewPublisher(bus *Bus) *Publisher { return &Publisher{bus: bus} }

// Publish returns once all events are durable. After an error a beginning of them may be there, never a later one without those
// before it; a repeat, of the same ones or in other company, doubles nothing and fills in the rest.
func (p *Publisher) Publish(ctx context.Context, outgoing []Outgoing) error {
	var err error
	for range maxConflicts {
		if err = p.try(ctx, outgoing); err == nil {
			return nil
		}
		p.sure = false
		if !somebodyWasFirst(err) {
			break
		}
	}
	return fmt.Errorf("publish events: %w", err)
}

// somebodyWasFirst recognises that the stream does not end where we thought; a cluster has a code of its own for it.
func somebodyWasFirst(err error) bool {
	refusal := (*jetstream.APIError)(nil)
	return errors.As(err, &refusal) && (refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

func (p *Publisher) try(ctx context.Context, outgoing []Outgoing) error {
	if len(outgoing) > 0 && !p.sure {
		if err := p.look(ctx); err != nil {
			return err
		}
	}
	rest := slices.DeleteFunc(slices.Clone(outgoing), func(out Outgoing) bool { return p.there.has(out.ID) })
	for len(rest) > 0 {
		message, size := newPack(rest)
		began := time.Now()
		ack, err := p.bus.publish(ctx, after(p.last, message))
		if err != nil {
			return err
		}
		p.bus.metrics.publishSeconds.WithLabelValues(StreamEvents).Observe(time.Since(began).Seconds())
		p.bus.metrics.published.Add(float64(size))
		p.last = ack.Sequence
		for _, out := range rest[:size] {
			p.there.add(out.ID)
		}
		rest = rest[size:]
	}
	return nil
}

// look reads what the stream got since the publisher was sure, or its end when it never was.
func (p *Publisher) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	first, last, err := p.bus.eventRange(ctx)
	if err != nil {
		return err
	}
	if last < p.last { // another stream than the one we knew
		p.last, p.there = 0, idSet{}
	}
	from := max(p.last+1, first)
	if p.last == 0 {
		if from, err = p.bus.reachBack(ctx, first, last, lookBack); err != nil {
			return err
		}
	}
	err = p.bus.eachPack(ctx, from, last, func(ids []string) {
		for _, id := range ids {
			p.there.add(id)
		}
	})
	if err != nil {
		return err
	}
	p.sure, p.last = true, last
	return nil
}

// idSet holds the last lookBack ids.
type idSet struct {
	ids  map[string]struct{}
	ring []string
	next int
}

func (s *idSet) has(id string) bool {
	_, there := s.ids[id]
	return there
}

func (s *idSet) add(id string) {
	if s.ids == nil {
		s.ids = make(map[string]struct{}, lookBack)
	}
	if s.has(id) {
		return
	}
	if len(s.ring) < lookBack {
		s.ring = append(s.ring, id)
	} else {
		delete(s.ids, s.ring[s.next])
		s.ring[s.next] = id
		s.next = (s.next + 1) % lookBack
	}
	s.ids[id] = struct{}{}
}

// publish sends one message and waits for the stream's acknowledgement.
func (b *Bus) publish(ctx context.Context, message *nats.Msg) (*jetstream.PubAck, error) {
	ctx, done := b.acknowledging(ctx)
	defer done()
	ack, err := b.js.PublishMsg(ctx, message)
	return ack, whatHappened(ctx, err)
}

// acknowledging ends when an answer of the stream cannot be expected any more.
func (b *Bus) acknowledging(ctx context.Context) (context.Context, func()) {
	ctx, release := b.whileConnected(ctx)
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	return ctx, func() { cancel(); release() }
}

// whatHappened tells a lost connection from a caller that left: NATS says "context canceled" for both.
func whatHappened(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errLost) {
		return errLost
	}
	return err
}
