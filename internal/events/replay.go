package events

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// pageSize is how many events of the past are read at a time. They are held in memory while the client takes them, so that
// no consumer on the server waits for a client.
const pageSize = 1024

// pageMessages is how many messages are read for a page at most: who finds little in much lets others read in between.
const pageMessages = 4096

// readPatience is how long a watcher that catches up outlives an absence of the server.
const readPatience = 30 * time.Second

// beginCatchUp keeps Run from returning before catchUp has; false when Run is ending.
func (h *Hub) beginCatchUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.catching.Add(1)
	return true
}

// catchUp reads the past to a watcher, at the pace of its reader, until it can join the live ones. Until then this goroutine
// alone writes to the watcher.
func (h *Hub) catchUp(watch context.Context, w *Watcher, position uint64) {
	defer h.catching.Done()
	ctx, cancel := context.WithCancelCause(watch)
	defer cancel(nil)
	defer context.AfterFunc(h.life, func() { cancel(errStopped) })()
	for {
		step := h.join(watch, w, position)
		if step.joined {
			return
		}
		err := step.err
		if err == nil {
			position, err = h.advance(ctx, w, position, step)
		}
		if err != nil {
			if watch.Err() != nil {
				err = nil // its own end
			}
			w.finish(err)
			return
		}
	}
}

// advance brings the watcher one step further and returns the place it has heard everything up to.
func (h *Hub) advance(ctx context.Context, w *Watcher, position uint64, step step) (uint64, error) {
	events := step.batch
	if len(events) > 0 {
		position = events[len(events)-1].Sequence
	} else {
		var err error
		if events, position, err = h.page(ctx, w.topic, position, step.through); err != nil {
			return 0, err
		}
	}
	for _, event := range events {
		if err := h.push(ctx, w, event); err != nil {
			return 0, err
		}
	}
	return position, nil
}

// push waits until the reader makes room.
func (h *Hub) push(ctx context.Context, w *Watcher, event *civic.Event) error {
	patience := time.NewTimer(h.cfg.Patience)
	defer patience.Stop()
	select {
	case w.events <- event:
		h.bus.metrics.delivered.Inc()
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-patience.C:
		h.bus.metrics.slow.Inc()
		return ErrTooSlow
	}
}

// page reads events of the topic after a place, about pageSize of them at most and not further than the place through, and says
// up to which place that is everything. It outlives a short absence of the server.
func (h *Hub) page(ctx context.Context, topic civic.Topic, after, through uint64) ([]*civic.Event, uint64, error) {
	select {
	case h.replaying <- struct{}{}:
		defer func() { <-h.replaying }()
	case <-ctx.Done():
		return nil, 0, context.Cause(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	for {
		h.bus.metrics.replays.Inc()
		events, position, err := h.readPage(limited, topic, after, through)
		if err == nil {
			return events, position, nil
		}
		pause(limited, retryPause)
		if limited.Err() != nil {
			if ctx.Err() == nil {
				h.bus.log.Warn("old events could not be read", "error", err)
				return nil, 0, errStopped
			}
			return nil, 0, context.Cause(ctx)
		}
	}
}

func (h *Hub) readPage(ctx context.Context, topic civic.Topic, after, through uint64) ([]*civic.Event, uint64, error) {
	if err := h.bus.Ready(); err != nil {
		return nil, 0, err
	}
	reader, err := h.bus.openReader(ctx, StreamEvents, messageAfter(after))
	if err != nil {
		return nil, 0, err
	}
	defer reader.close()
	var events []*civic.Event
	position := after
	for read := 0; position < through && len(events) < pageSize && read < pageMessages; read++ {
		if reader.pending == 0 {
			return nil, 0, errEndsEarly
		}
		message, err := reader.next(ctx)
		if err != nil {
			return nil, 0, err
		}
		position = endOf(message.sequence)
		if !mayConcern(topic, message.Data()) {
			continue
		}
		// What cannot be read was reported by the hub when it came by live.
		pack, _ := unpack(message)
		for _, event := range pack {
			if event != nil && event.Sequence > after && matches(topic, event) {
				events = append(events, event)
			}
		}
	}
	return events, position, nil
}
