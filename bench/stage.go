package main

import (
	"context"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// eventRate is how many events a second the watchers hear.
const eventRate = 20

// stage is a system with an audience: how to take a seat, and how to make something happen.
type stage struct {
	on        *server
	path      string
	subscribe func(*websocket.Conn) error
	event     func(title string) []byte // the HTTP request that makes it happen
}

func (b *bench) rawStage() stage {
	return stage{b.raw, "/ws", nil, func(title string) []byte { return post("/publish", "", rawSubmission(title)) }}
}

func (b *bench) ourStage() stage {
	return stage{b.ours, "/graphql", subscribeGraphQL, func(title string) []byte {
		return post("/graphql", b.tokens[0], submission(title).encode())
	}}
}

const (
	// seated is how long the audience may take until everybody hears.
	seated = 30 * time.Second
	// late is how long after the last event somebody may still hear it.
	late = 10 * time.Second
)

// watch gathers an audience, makes events happen at their rate, and measures what it costs to tell everybody. A latency counts
// from the moment the request was sent to the moment a watcher has the event.
func (b *bench) watch(ctx context.Context, into *result, on stage, watchers int, duration time.Duration) error {
	if err := b.settle(ctx); err != nil {
		return err
	}
	empty, err := resident(on.on.pid)
	if err != nil {
		return err
	}
	events := int(duration.Seconds() * eventRate)
	a, err := gather(ctx, "ws://"+on.on.address+on.path, watchers, events+1, on.subscribe)
	if err != nil {
		return err
	}
	defer a.leave()
	speak, hangUp, err := caller(on.on.address)
	if err != nil {
		return err
	}
	defer hangUp()
	if err := probe(ctx, a, on, speak); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	full, err := resident(on.on.pid)
	if err != nil {
		return err
	}
	before, err := b.meter(on.on)
	if err != nil {
		return err
	}
	begun := time.Now()
	tick := time.NewTicker(time.Second / eventRate)
	defer tick.Stop()
	for number := 1; number <= events; number++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		a.sentAt[number].Store(time.Now().UnixNano())
		if err := speak(on.event(title(number))); err != nil {
			return err
		}
	}
	waiting, cancel := context.WithTimeout(ctx, late)
	defer cancel()
	if err := a.wait(waiting, func(w *watcher) bool { return w.events.Load() == int64(events) }); err != nil {
		return err
	}
	elapsed := time.Since(begun)
	after, err := b.meter(on.on)
	if err != nil {
		return err
	}
	a.leave()
	into.add(events*watchers, elapsed, after.since(before), a.latencies())
	into.memory = append(into.memory, (full-empty)/int64(watchers))
	return nil
}

// probe makes event 0 happen until everybody has heard it once: a subscription is not acknowledged.
func probe(ctx context.Context, a *audience, on stage, speak func([]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, seated)
	defer cancel()
	for {
		if err := speak(on.event(title(0))); err != nil {
			return err
		}
		once, stop := context.WithTimeout(ctx, time.Second)
		err := a.wait(once, func(w *watcher) bool { return w.probed.Load() })
		stop()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// caller keeps one connection and sends requests over it, one after the other.
func caller(address string) (speak func(request []byte) error, hangUp func(), err error) {
	conn, err := dial(address)
	if err != nil {
		return nil, nil, err
	}
	return func(request []byte) error {
		status, body, err := conn.ask(request)
		if err != nil {
			return err
		}
		if !good(status, body) {
			return fmt.Errorf("answered %d %.300s", status, body)
		}
		return nil
	}, conn.close, nil
}
