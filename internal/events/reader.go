package events

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	readAhead       = 4 << 20 // bytes: several of the largest messages
	readerHeartbeat = time.Second
	readerExpiry    = 10 * time.Second
	readerIdle      = 30 * time.Second // the server forgets a reader whose process died
)

// reader reads a stream in order from a sequence on, through a consumer of its own that lives in memory and ends with it.
// It does not mend itself: on any doubt (a gap, a lost heartbeat, a lost connection) next fails, and the caller opens another
// one after the last sequence that it has.
type reader struct {
	bus      *Bus
	stream   string
	name     string
	messages jetstream.MessagesContext
	// pending is how many messages the stream holds for it yet.
	pending uint64
	// ctx ends with the connection; seen counts messages, as the consumer does.
	ctx    context.Context
	cancel context.CancelFunc
	seen   uint64
}

// message is one message with its sequence in the stream.
type message struct {
	jetstream.Msg
	sequence uint64
	at       time.Time
}

var errGap = errors.New("messages were lost on the way from the stream")

// headersAlone leaves the messages' bodies where they are.
func headersAlone(config *jetstream.ConsumerConfig) { config.HeadersOnly = true }

func (b *Bus) openReader(ctx context.Context, stream string, from uint64, options ...func(*jetstream.ConsumerConfig)) (*reader, error) {
	config := jetstream.ConsumerConfig{
		Name: "reader_" + nuid.Next(), AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1,
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(from, 1), InactiveThreshold: readerIdle,
	}
	for _, option := range options {
		option(&config)
	}
	r := &reader{bus: b, stream: stream, name: config.Name}
	// A caller that leaves in the middle must not leave a consumer behind that nobody knows: the request is seen to its end
	// whatever becomes of ctx.
	r.ctx, r.cancel = b.whileConnected(context.WithoutCancel(ctx))
	creating, created := context.WithTimeout(r.ctx, apiTimeout)
	defer created()
	consumer, err := b.js.CreateConsumer(creating, stream, config)
	if err != nil {
		r.close()
		return nil, fmt.Errorf("read stream %s: %w", stream, err)
	}
	r.pending = consumer.CachedInfo().NumPending
	r.messages, err = consumer.Messages(jetstream.PullMaxBytes(readAhead), jetstream.PullExpiry(readerExpiry),
		jetstream.PullHeartbeat(readerHeartbeat))
	if err != nil {
		r.close()
		return nil, fmt.Errorf("read stream %s: %w", stream, err)
	}
	return r, nil
}

// next waits for the next message, until ctx ends or the reader breaks.
func (r *reader) next(ctx context.Context) (message, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.ctx, cancel)()
	got, err := r.messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		return message{}, fmt.Errorf("read stream %s: %w", r.stream, err)
	}
	metadata, err := got.Metadata()
	if err != nil {
		return message{}, fmt.Errorf("read stream %s: %w", r.stream, err)
	}
	r.seen, r.pending = r.seen+1, metadata.NumPending
	if metadata.Sequence.Consumer != r.seen {
		return message{}, fmt.Errorf("read stream %s: %w", r.stream, errGap)
	}
	return message{got, metadata.Sequence.Stream, metadata.Timestamp}, nil
}

// close leaves no consumer behind, unless the server cannot be reached: then the server forgets it by itself.
func (r *reader) close() {
	r.cancel()
	if r.messages != nil {
		r.messages.Stop()
	}
	if r.bus.Ready() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), deleteTimeout)
	defer cancel()
	if err := r.bus.js.DeleteConsumer(ctx, r.stream, r.name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		r.bus.log.Warn("a reader was left to the server to forget", "stream", r.stream, "error", err)
	}
}
