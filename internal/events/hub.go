package events

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// HubConfig bounds what the hub keeps.
type HubConfig struct {
	// Buffer is how many events may wait for one watcher before it counts as too slow. Default 256.
	Buffer int
	// Recent is how many of the last events stay in memory: a watcher that comes back within them costs the stream nothing.
	// Default 4,096, about 2 MB.
	Recent int
	// Patience is how long a watcher that is catching up may leave one event unread. Default 30 s.
	Patience time.Duration
	// Replays is how many watchers may read the stream at once. Default 32.
	Replays int
	// Now is the clock, for metrics alone. Default time.Now.
	Now func() time.Time
}

func (c HubConfig) withDefaults() HubConfig {
	if c.Buffer == 0 {
		c.Buffer = 256
	}
	if c.Recent == 0 {
		c.Recent = 4096
	}
	if c.Patience == 0 {
		c.Patience = 30 * time.Second
	}
	if c.Replays == 0 {
		c.Replays = 32
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Hub reads the EVENTS stream once for the whole process and hands each event to the watchers of its topics, in stream order.
// A live watcher costs a channel and a few map entries, no goroutine and nothing on the server.
type Hub struct {
	bus *Bus
	cfg HubConfig

	// following is closed when the hub has reached the stream's end for the first time; life ends with Run.
	following chan struct{}
	life      context.Context
	end       context.CancelCauseFunc
	// replaying has one place for each watcher that may read the stream now.
	replaying chan struct{}
	catching  sync.WaitGroup

	mu     sync.Mutex
	last   uint64 // the place up to which everything has been handed on
	recent recent
	index  index
	primed bool
	closed bool
}

// NewHub makes a hub; Run makes it work.
func NewHub(bus *Bus, cfg HubConfig) (*Hub, error) {
	cfg = cfg.withDefaults()
	if cfg.Buffer < 1 || cfg.Recent < 1 || cfg.Replays < 1 {
		return nil, errors.New("hub: buffer, recent and replays must be positive")
	}
	h := &Hub{
		bus: bus, cfg: cfg, following: make(chan struct{}), replaying: make(chan struct{}, cfg.Replays),
		recent: newRecent(cfg.Recent), index: newIndex(),
	}
	h.life, h.end = context.WithCancelCause(context.Background())
	return h, nil
}

// Run follows the stream until ctx ends, through every loss of the connection, and then closes all watchers. A Hub runs once.
func (h *Hub) Run(ctx context.Context) error {
	defer h.stop()
	for ctx.Err() == nil {
		err := h.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		h.bus.log.Warn("live events are interrupted", "error", err)
		pause(ctx, retryPause/2)
	}
	return nil
}

func (h *Hub) stop() {
	h.mu.Lock()
	h.closed = true
	for watcher := range h.index.all {
		h.drop(watcher, errStopped)
	}
	h.mu.Unlock()
	h.end(errStopped)
	h.catching.Wait()
}

// follow hands on events until something breaks. The next call goes on after the last one handed on.
func (h *Hub) follow(ctx context.Context) error {
	first, end, err := h.bus.eventRange(ctx)
	if err != nil {
		return err
	}
	past := first
	if !h.primed {
		// A little of the past comes along, so that watchers that lost their process find it here.
		if past, err = h.bus.reachBack(ctx, first, end, h.cfg.Recent); err != nil {
			return err
		}
	}
	reader, err := h.bus.openReader(ctx, StreamEvents, h.resume(past, first, end))
	if err != nil {
		return err
	}
	defer reader.close()
	reached := h.lastPlace() >= endOf(end) || reader.pending == 0
	for {
		if reached {
			h.reachedEnd()
		}
		message, err := reader.next(ctx)
		if err != nil {
			return err
		}
		h.handOn(message)
		reached = message.sequence >= end || reader.pending == 0
	}
}

// reachedEnd lets watchers in. Only follow calls it.
func (h *Hub) reachedEnd() {
	select {
	case <-h.following:
	default:
		close(h.following)
	}
}

// resume says from which message to read on, given the first and the last of the stream, and the one to begin with.
func (h *Hub) resume(past, first, end uint64) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !h.primed:
		h.primed = true
		h.restart(past)
	case endOf(end) < h.last || first > messageAfter(h.last):
		// Another stream than the one we knew, or an absence longer than it keeps: nobody here can go on without a gap.
		h.bus.log.Error("the events stream does not go on where it was left", "next", messageAfter(h.last), "first", first, "end", end)
		for watcher := range h.index.all {
			h.drop(watcher, errInterrupted)
		}
		h.restart(end + 1)
	}
	return messageAfter(h.last)
}

func (h *Hub) restart(from uint64) {
	h.last = endOf(max(from, 1) - 1)
	h.recent.restart(h.last + 1)
}

func (h *Hub) lastPlace() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// handOn gives the events of a message to everybody who waits for them. It never blocks.
func (h *Hub) handOn(message message) {
	events, err := unpack(message)
	if err != nil {
		h.bus.metrics.undecodable.Inc()
		h.bus.log.Error("an event cannot be read", "sequence", message.sequence, "error", err)
	}
	for _, event := range events {
		if event != nil {
			h.tell(event)
			h.bus.metrics.delaySeconds.Observe(h.cfg.Now().Sub(message.at).Seconds())
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = max(h.last, endOf(message.sequence))
}

// tell holds the lock for one event at a time: with many watchers a pack takes a while.
func (h *Hub) tell(event *civic.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if event.Sequence <= h.last {
		return
	}
	h.last = event.Sequence
	h.recent.add(event)
	h.index.each(event, func(watcher *Watcher) { h.offer(watcher, event) })
}

// offer is called with the lock held.
func (h *Hub) offer(watcher *Watcher, event *civic.Event) {
	// Also what keeps a watcher that stands in two of the event's indexes from hearing it twice.
	if event.Sequence <= watcher.after {
		return
	}
	select {
	case watcher.events <- event:
		watcher.after = event.Sequence
		h.bus.metrics.delivered.Inc()
	default:
		h.bus.metrics.slow.Inc()
		h.drop(watcher, ErrTooSlow)
	}
}

// drop ends a live watcher; the lock is held.
func (h *Hub) drop(watcher *Watcher, reason error) {
	if !h.index.remove(watcher) {
		return
	}
	h.bus.metrics.watchers.Dec()
	watcher.release()
	watcher.finish(reason)
}
