package events_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

// history is the numbers of all events on the stream, in order, as a client hears them.
func history(t *testing.T, bus *events.Bus, count int) []int {
	t.Helper()
	watcher := watch(t, startHub(t, bus, events.HubConfig{Buffer: 1 << 13, Recent: 1 << 13}), t.Context(), civic.Topic{Public: true}, civic.EventCursor(0))
	var numbers []int
	for range count {
		numbers = append(numbers, next(t, watcher).Upvotes)
	}
	select {
	case extra := <-watcher.Events():
		t.Fatalf("after %d events there is %v", count, extra)
	default:
	}
	return numbers
}

func numbers(from, to int) []int {
	var all []int
	for n := from; n < to; n++ {
		all = append(all, n)
	}
	return all
}

func TestPublishKeepsOrderAndDoublesNothing(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	publisher := events.NewPublisher(bus)
	// Every repeat overlaps with what is there, in other packs than before, by the same publisher and by one that knows nothing.
	for _, part := range [][2]int{{0, 5}, {0, 5}, {3, 100}, {0, 100}, {100, 1300}, {100, 1300}, {0, 0}, {1250, 1301}} {
		if err := publisher.Publish(t.Context(), outgoing(part[0], part[1])); err != nil {
			t.Fatal(err)
		}
		publish(t, bus, outgoing(part[0], part[1]))
	}
	if got := history(t, bus, 1301); !slices.Equal(got, numbers(0, 1301)) {
		t.Errorf("the stream holds %v", got)
	}
	if packs := streamInfo(t, bus, events.StreamEvents).State.Msgs; packs > 20 {
		t.Errorf("1301 events take %d messages", packs)
	}
}

// What was on its way when others were published comes late, and has lower ids.
func TestEventsThatComeLateStandBehindAndAreThereOnce(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	publish(t, bus, outgoing(100, 300))
	publish(t, bus, outgoing(50, 250))
	publish(t, bus, outgoing(0, 310))
	want := slices.Concat(numbers(100, 300), numbers(50, 100), numbers(0, 50), numbers(300, 310))
	if got := history(t, bus, len(want)); !slices.Equal(got, want) {
		t.Errorf("the stream holds %v", got)
	}
}

// A publisher that begins looks far enough back, however small the packs are.
func TestAPublisherThatBeginsKnowsWhatIsThere(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	first := events.NewPublisher(bus)
	for n := range 400 {
		if err := first.Publish(t.Context(), outgoing(n, n+1)); err != nil {
			t.Fatal(err)
		}
	}
	publish(t, bus, outgoing(0, 401))
	if got := history(t, bus, 401); !slices.Equal(got, numbers(0, 401)) {
		t.Errorf("the stream holds %v", got)
	}
}

// Relays that send the same events at the same time, each in its own grouping, and give up again and again in the middle of a
// publish: whatever becomes of what was on its way, each event is there once, and in order.
func TestPublishersSideBySideDoubleNothing(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	const total = 1500
	var group sync.WaitGroup
	for seed := range uint64(3) {
		group.Go(func() {
			random, publisher := seeded(seed), events.NewPublisher(bus)
			deadline := time.Now().Add(patience)
			for sent := 0; sent < total; {
				to := min(total, sent+1+random.IntN(150))
				ctx, cancel := context.WithCancel(context.Background())
				if random.IntN(2) == 0 {
					time.AfterFunc(time.Duration(random.IntN(3000))*time.Microsecond, cancel)
				}
				err := publisher.Publish(ctx, outgoing(max(0, sent-random.IntN(50)), to))
				cancel()
				switch {
				case err == nil:
					sent = to
				case time.Now().After(deadline):
					t.Errorf("publishing does not succeed: %v", err)
					return
				}
			}
		})
	}
	group.Wait()
	if got := history(t, bus, total); !slices.Equal(got, numbers(0, total)) {
		t.Errorf("the stream holds %v", got)
	}
}

func TestAnEventThatCannotBeReadSpoilsNoOther(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	batch := outgoing(0, 5)
	batch[1].Event = json.RawMessage(`{"kind":"CREATED","report":"of another kind"}`)
	batch[3].Event = json.RawMessage(`[3]`)
	publish(t, bus, batch)
	if got := history(t, bus, 3); !slices.Equal(got, []int{0, 2, 4}) {
		t.Errorf("heard %v", got)
	}
}

func TestPublishFailsWhileTheServerIsAwayAndIsRepeated(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	publisher := events.NewPublisher(bus)
	if err := publisher.Publish(t.Context(), outgoing(0, 20)); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	for _, size := range []int{1, 60} {
		if err := publisher.Publish(t.Context(), outgoing(20, 20+size)); err == nil {
			t.Fatalf("publishing %d events without a server succeeded", size)
		}
	}
	server.Restart()
	eventually(t, "reconnect", func() bool { return bus.Ready() == nil })
	eventually(t, "publish", func() bool { return publisher.Publish(t.Context(), outgoing(0, 80)) == nil })
	if got := history(t, bus, 80); !slices.Equal(got, numbers(0, 80)) {
		t.Errorf("the stream holds %v", got)
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
