package events

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Why a watcher ended although its context had not. Its client may come back with its last cursor.
var (
	// ErrTooSlow: the buffer was full.
	ErrTooSlow error = civic.Unavailable("live.too_slow")

	errStopped     error = civic.Unavailable("live.unavailable")
	errInterrupted error = civic.Unavailable("live.interrupted")
)

// startWait is how long Watch waits for a hub that has not reached the stream yet.
const startWait = 5 * time.Second

// Watcher hears the events of one topic.
type Watcher struct {
	topic  civic.Topic
	events chan *civic.Event
	// after is the place of the last event heard; earlier ones are not offered again. Guarded by the hub's lock once live.
	after   uint64
	release func() bool
	reason  atomic.Pointer[error]
}

// Events is closed when the watch is over. The events are shared with other watchers: they must not be changed.
func (w *Watcher) Events() <-chan *civic.Event { return w.events }

// Err says why Events was closed: nil when the watcher's own context ended, otherwise a *civic.Error, e.g. ErrTooSlow.
func (w *Watcher) Err() error {
	if reason := w.reason.Load(); reason != nil {
		return *reason
	}
	return nil
}

func (w *Watcher) finish(reason error) {
	if reason != nil {
		w.reason.Store(&reason)
	}
	close(w.events)
}

// Watch hears every event of the topic from now on or, with a cursor in after, every event behind that cursor: in stream
// order, none left out, none twice. It ends with ctx.
//
// A cursor that the stream has not given is INVALID_INPUT, one older than what the stream keeps CONFLICT, and a hub that
// does not reach the stream UNAVAILABLE.
func (h *Hub) Watch(ctx context.Context, topic civic.Topic, after string) (*Watcher, error) {
	if !topic.Public && topic.Report.IsZero() && len(topic.Departments) == 0 && len(topic.Tasks) == 0 {
		return nil, errors.New("watch: the topic is empty")
	}
	topic.Departments, topic.Tasks = slices.Clone(topic.Departments), slices.Clone(topic.Tasks)
	if err := h.awaitStart(ctx); err != nil {
		return nil, err
	}
	from := h.lastPlace()
	if after != "" {
		var err error
		if from, err = civic.ParseEventCursor(after); err != nil {
			return nil, err
		}
		if err := h.checkCursor(ctx, from); err != nil {
			return nil, err
		}
	}
	watcher := &Watcher{topic: topic, events: make(chan *civic.Event, h.cfg.Buffer), after: from}
	switch step := h.join(ctx, watcher, from); {
	case step.err != nil:
		return nil, step.err
	case step.joined:
		return watcher, nil
	}
	if !h.beginCatchUp() {
		return nil, errStopped
	}
	go h.catchUp(ctx, watcher, from)
	return watcher, nil
}

func (h *Hub) awaitStart(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startWait, errStopped)
	defer cancel()
	select {
	case <-h.following:
		return nil
	case <-h.life.Done():
		return errStopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// checkCursor asks the stream only when the hub cannot tell by itself.
func (h *Hub) checkCursor(ctx context.Context, cursor uint64) error {
	h.mu.Lock()
	known := cursor <= h.last && h.recent.covers(cursor)
	h.mu.Unlock()
	if known {
		return nil
	}
	first, last, err := h.bus.eventRange(ctx)
	switch {
	case err != nil:
		h.bus.log.Warn("a cursor could not be checked", "error", err)
		return civic.Unavailable("live.unavailable")
	case cursor > endOf(last):
		return civic.Invalid("after", "cursor.malformed")
	case messageAfter(cursor) < first:
		return civic.Conflict("cursor.too_old")
	}
	return nil
}

// step is how far one attempt to join came.
type step struct {
	joined bool
	err    error
	// batch is what must be read before the next attempt, when the hub still has it but it does not fit into the buffer;
	// without batch the stream must be read, at least up to the place through.
	batch   []*civic.Event
	through uint64
}

// join makes the watcher live if all it missed is in memory and fits into its buffer. Under one lock with handOn: whatever
// comes later is offered to it, whatever came earlier is in its buffer. That leaves no gap and no repeat.
func (h *Hub) join(ctx context.Context, w *Watcher, position uint64) step {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return step{err: errStopped}
	}
	if position < h.last && !h.recent.covers(position) {
		return step{through: h.last}
	}
	missed := h.recent.matching(w.topic, position, h.cfg.Buffer+1)
	if len(missed) > cap(w.events)-len(w.events) {
		return step{batch: missed[:min(len(missed), h.cfg.Buffer)]}
	}
	for _, event := range missed {
		w.events <- event
	}
	h.bus.metrics.delivered.Add(float64(len(missed)))
	// The position can be ahead of a hub that lags: what it already knows must not come again.
	w.after = max(position, h.last)
	w.release = context.AfterFunc(ctx, func() { h.leave(w) })
	h.index.add(w)
	h.bus.metrics.watchers.Inc()
	return step{joined: true}
}

// leave ends a live watcher whose context is over.
func (h *Hub) leave(w *Watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(w, nil)
}
