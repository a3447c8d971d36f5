package events

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/civic"
)

// headerNotice says where ingest may tell that a batch is stored. It names a process, never a request.
const headerNotice = "Jagawarga-Notice"

const (
	publishAttempt = 2 * time.Second // then the same message is sent again, with the same id
	publishPause   = 20 * time.Millisecond
)

// entry is one submission between its submitter and the stream.
type entry struct {
	report civic.ReportID
	data   []byte
	state  atomic.Int32
	answer chan answer // takes exactly one
}

type answer struct {
	receipt Receipt
	err     error
}

// An entry waits, and is then either taken into a batch or left by its submitter, never both; a taken one may become durable.
const (
	entryWaits int32 = iota
	entryTaken
	entryDurable
	entryLeft
)

func (e *entry) take() bool { return e.state.CompareAndSwap(entryWaits, entryTaken) }

// abandon is for a submitter that waits no longer. What is durable by now is a success all the same.
func (e *entry) abandon(reason error) (Receipt, error) {
	if e.state.CompareAndSwap(entryWaits, entryLeft) || e.state.Load() != entryDurable {
		return Receipt{}, reason
	}
	return Receipt{State: civic.Queued}, nil
}

// batch is the submissions of one message, until all of them are answered.
type batch struct {
	id      string
	entries []*entry

	mu         sync.Mutex
	unanswered map[civic.ReportID][]*entry
	timer      *time.Timer // runs from the acknowledgement on
}

func newBatch(entries []*entry, random io.Reader) (*batch, error) {
	var id [16]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return nil, err
	}
	b := &batch{id: hex.EncodeToString(id[:]), entries: entries, unanswered: make(map[civic.ReportID][]*entry, len(entries))}
	for _, e := range entries {
		b.unanswered[e.report] = append(b.unanswered[e.report], e)
	}
	return b, nil
}

// data is a JSON array of the submissions.
func (b *batch) data() []byte {
	size := len("[]")
	for _, e := range b.entries {
		size += len(e.data) + len(",")
	}
	var array bytes.Buffer
	array.Grow(size)
	array.WriteByte('[')
	for n, e := range b.entries {
		if n > 0 {
			array.WriteByte(',')
		}
		array.Write(e.data)
	}
	array.WriteByte(']')
	return array.Bytes()
}

// stored answers the submitters of these reports and says whether nobody is left.
func (b *batch) stored(notices []StoredNotice) (done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, notice := range notices {
		for _, e := range b.unanswered[notice.Report] {
			e.answer <- answer{receipt: Receipt{State: civic.Stored, Duplicate: notice.Duplicate}}
		}
		delete(b.unanswered, notice.Report)
	}
	if len(b.unanswered) == 0 && b.timer != nil {
		b.timer.Stop()
	}
	return len(b.unanswered) == 0
}

// rest gives everybody who is left the same answer.
func (b *batch) rest(a answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for report, entries := range b.unanswered {
		for _, e := range entries {
			e.answer <- a
		}
		delete(b.unanswered, report)
	}
}

// durable is called at the acknowledgement; after wait, whoever ingest has not spoken for is told QUEUED.
func (b *batch) durable(wait time.Duration, after func()) {
	for _, e := range b.entries {
		e.state.Store(entryDurable)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.unanswered) > 0 {
		b.timer = time.AfterFunc(max(wait, 0), func() {
			b.rest(answer{receipt: Receipt{State: civic.Queued}})
			after()
		})
	}
}

// publish takes one batch through: every submitter gets its answer, now or from the timer.
func (i *Intake) publish(ctx context.Context, entries []*entry) {
	if len(entries) == 0 {
		return
	}
	b, err := newBatch(entries, i.cfg.Random)
	if err != nil {
		i.bus.log.Error("no random message id", "error", err)
		for _, e := range entries {
			e.answer <- answer{err: unavailable()}
		}
		return
	}
	// Ingest can be quicker than the acknowledgement, so the batch must be known before it leaves.
	i.remember(b)
	began := time.Now()
	if err := i.untilAcknowledged(ctx, b); err != nil {
		i.bus.log.Error("submissions could not be made durable", "submissions", len(entries), "error", err)
		b.rest(answer{err: unavailable()})
		i.forget(b)
		return
	}
	i.bus.metrics.publishSeconds.WithLabelValues(StreamSubmissions).Observe(time.Since(began).Seconds())
	i.bus.metrics.batchSize.Observe(float64(len(entries)))
	b.durable(i.cfg.Wait, func() { i.forget(b) })
}

// untilAcknowledged repeats the publish with the same id, which the stream stores once, until Patience is over.
func (i *Intake) untilAcknowledged(ctx context.Context, b *batch) error {
	ctx, cancel := context.WithTimeoutCause(ctx, i.cfg.Patience, errNoAcknowledgement)
	defer cancel()
	message := nats.NewMsg(i.cfg.Subject)
	message.Data = b.data()
	message.Header.Set(jetstream.MsgIDHeader, b.id)
	message.Header.Set(headerNotice, i.inbox+b.id)
	for {
		err := i.attempt(ctx, message)
		if err == nil {
			return nil
		}
		// The stream itself refuses, because it is full or the message too large: repeating changes nothing.
		if refusal := (*jetstream.APIError)(nil); errors.As(err, &refusal) || errors.Is(err, nats.ErrMaxPayload) {
			return err
		}
		pause(ctx, publishPause)
		if ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

func (i *Intake) attempt(ctx context.Context, message *nats.Msg) error {
	ctx, release := i.bus.whileConnected(ctx)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, publishAttempt)
	defer cancel()
	_, err := i.bus.js.PublishMsg(ctx, message, jetstream.WithRetryAttempts(0))
	return whatHappened(ctx, err)
}

var errNoAcknowledgement = errors.New("no acknowledgement in time")
