package events_test

import (
	"context"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

func TestPublishEventsKeepsOrderAndDoublesNothing(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	hub := startHub(t, bus, events.HubConfig{Buffer: 4096})
	watcher := watch(t, hub, t.Context(), civic.Topic{Public: true}, "")

	// Small ones go one by one, large ones as atomic batches; every repeat overlaps with what is there.
	publish(t, bus, outgoing(0, 5))
	publish(t, bus, outgoing(0, 5))
	publish(t, bus, outgoing(3, 100))
	publish(t, bus, outgoing(0, 100))
	publish(t, bus, outgoing(100, 1300))
	publish(t, bus, outgoing(100, 1300))
	publish(t, bus, nil)

	for n := range 1300 {
		event := next(t, watcher)
		if event.Upvotes != n || event.Sequence != uint64(n+1) {
			t.Fatalf("event %d at %d, want %d at %d", event.Upvotes, event.Sequence, n, n+1)
		}
	}
	if got := streamInfo(t, bus, events.StreamEvents).State.Msgs; got != 1300 {
		t.Errorf("the stream holds %d events, want 1300", got)
	}
}

func TestPublishEventsFailsWhileTheServerIsAwayAndIsRepeated(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	publish(t, bus, outgoing(0, 20))
	server.Stop()
	for _, size := range []int{1, 60} {
		if err := bus.PublishEvents(t.Context(), outgoing(20, 20+size)); err == nil {
			t.Fatalf("publishing %d events without a server succeeded", size)
		}
	}
	server.Restart()
	eventually(t, "reconnect", func() bool { return bus.Ready() == nil })
	eventually(t, "publish", func() bool { return bus.PublishEvents(t.Context(), outgoing(0, 80)) == nil })
	if got := streamInfo(t, bus, events.StreamEvents).State.Msgs; got != 80 {
		t.Errorf("the stream holds %d events, want 80", got)
	}
}

func TestPoke(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	sender, listener := startBus(t, server), startBus(t, server)
	woken := listener.Poked("outbox")
	eventually(t, "a poke from another process", func() bool {
		sender.Poke("outbox")
		select {
		case <-woken:
			return true
		case <-time.After(10 * time.Millisecond):
			return false
		}
	})
}

func TestConnectInProcessAndGivingUp(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := connect(t, events.Config{URL: server.URL(), InProcess: server.InProcess()})
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	publish(t, bus, outgoing(0, 3))

	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := events.Connect(ctx, events.Config{URL: "nats://127.0.0.1:1"}); err == nil {
		t.Error("connected to nobody")
	}
}
