package events

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
)

// Poke wakes whoever listens on the name, without telling anything: "there is something in the outbox". It is a hint that may
// be lost; listeners look by themselves now and then.
func (b *Bus) Poke(name string) {
	if err := b.nc.Publish(pokePrefix+name, nil); err != nil {
		b.log.Debug("a poke was lost", "name", name, "error", err)
	}
}

// Poked is the listening side. Pokes that come together become one. It listens until the Bus is closed.
func (b *Bus) Poked(name string) <-chan struct{} {
	woken := make(chan struct{}, 1)
	_, err := b.nc.Subscribe(pokePrefix+name, func(_ *nats.Msg) {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	if err != nil {
		b.log.Warn("cannot listen for pokes", "name", name, "error", err)
	}
	return woken
}

// PokedUntil is like Poked and listens until ctx ends.
func (b *Bus) PokedUntil(ctx context.Context, name string) (<-chan struct{}, error) {
	woken := make(chan struct{}, 1)
	heard, err := b.nc.Subscribe(pokePrefix+name, func(_ *nats.Msg) {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", name, err)
	}
	context.AfterFunc(ctx, func() { _ = heard.Unsubscribe() }) // fails when the connection is closed, and nothing is heard then
	return woken, nil
}
