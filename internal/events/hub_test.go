package events_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

// concerns is the rule of who hears what, written a second time.
func concerns(topic civic.Topic, e civic.Event) bool {
	if topic.Public {
		return e.Visibility == civic.Public && !e.Hidden && e.Kind != civic.EventDueSoon && e.Kind != civic.EventTaskChanged
	}
	if !topic.Report.IsZero() {
		return topic.Report == e.Report
	}
	if topic.Tasks != nil {
		return e.Task != nil && slices.Contains(topic.Tasks, e.Task.Department)
	}
	return slices.Contains(topic.Departments, e.Department) ||
		e.FormerDepartment != nil && slices.Contains(topic.Departments, *e.FormerDepartment)
}

func topics() []civic.Topic {
	many := make([]civic.Topic, 0, 20)
	many = append(many, civic.Topic{Public: true}, civic.Topic{Departments: []civic.DepartmentID{departmentID(0), departmentID(0), departmentID(1)}})
	for n := range 8 {
		many = append(many, civic.Topic{Report: reportID(n)})
	}
	for n := range 4 {
		many = append(many, civic.Topic{Departments: []civic.DepartmentID{departmentID(n)}}, civic.Topic{Tasks: []civic.DepartmentID{departmentID(n)}})
	}
	var everywhere civic.Topic
	for n := range 12 {
		everywhere.Departments = append(everywhere.Departments, departmentID(n))
	}
	return append(many, everywhere)
}

// randomHistory is events that carry their number as Upvotes.
func randomHistory(size int, seed uint64) []civic.Event {
	random := seeded(seed)
	history := make([]civic.Event, size)
	for n := range history {
		history[n] = randomEvent(random)
		history[n].Upvotes = n
	}
	return history
}

// expected is which events of the history a watcher must hear, from number first on.
func expected(history []civic.Event, topic civic.Topic, first int) []int {
	var numbers []int
	for n, event := range history {
		if n >= first && concerns(topic, event) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// TestResumeLeavesNoGapAndNoRepeat cuts watchers off again and again while events come in, and checks that what each heard in
// all its lives is exactly the history of its topic.
func TestResumeLeavesNoGapAndNoRepeat(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]events.HubConfig{
		"from memory":     {Buffer: 4096},
		"from the stream": {Buffer: 64, Recent: 8},
		"from both":       {Buffer: 512, Recent: 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bus := startBus(t, natstest.Start(t))
			checkResume(t, bus, startHub(t, bus, cfg), func() {})
		})
	}
}

func TestRestartOfTheServerLosesNothing(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	hub := startHub(t, bus, events.HubConfig{Buffer: 4096, Recent: 100})
	checkResume(t, bus, hub, func() {
		server.Stop()
		server.Restart()
	})
}

func checkResume(t *testing.T, bus *events.Bus, hub *events.Hub, halfway func()) {
	const size = 4000
	history := randomHistory(size, 7)
	// Something must be there for the first cursor to stand on.
	publisher := events.NewPublisher(bus)
	publishUntilDone(t, publisher, history[:1])

	var group sync.WaitGroup
	group.Go(func() {
		for n := 1; n < size; {
			if n > size/2 && halfway != nil {
				halfway()
				halfway = nil
			}
			step := min(1+n%200, size-n)
			publishUntilDone(t, publisher, history[n:n+step])
			n += step
		}
	})
	for n, topic := range topics() {
		group.Go(func() {
			want := expected(history, topic, 0)
			got := hearAll(t, hub, topic, len(want), uint64(n))
			if !slices.Equal(got, want) {
				t.Errorf("topic %d: heard %d events, want %d; first difference at %d", n, len(got), len(want), firstDifference(got, want))
			}
		})
	}
	group.Wait()
	eventually(t, "only the hub's own consumer is left", func() bool { return consumers(t, bus, events.StreamEvents) == 1 })
}

// hearAll listens from the beginning until it has heard that many, in lives of random length.
func hearAll(t *testing.T, hub *events.Hub, topic civic.Topic, count int, seed uint64) []int {
	random := seeded(seed)
	deadline := time.Now().Add(2 * patience)
	cursor := uint64(0)
	var heard []int
	for len(heard) < count && time.Now().Before(deadline) {
		ctx, cancel := context.WithDeadline(context.Background(), deadline)
		watcher, err := hub.Watch(ctx, topic, civic.EventCursor(cursor))
		if err != nil {
			cancel()
			// The server is away: as a client would, try again.
			if refusal := (*civic.Error)(nil); errors.As(err, &refusal) && refusal.Code == civic.CodeUnavailable {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			t.Errorf("watch: %v", err)
			break
		}
		for life := 1 + random.IntN(300); life > 0 && len(heard) < count; life-- {
			event, open := <-watcher.Events()
			if !open {
				break
			}
			heard = append(heard, event.Upvotes)
			cursor = event.Sequence
		}
		cancel()
		for range watcher.Events() { // what was buffered when it was cut off is lost with the connection
		}
	}
	return heard
}

func publishUntilDone(t *testing.T, publisher *events.Publisher, part []civic.Event) {
	batch := make([]events.Outgoing, len(part))
	for n, event := range part {
		batch[n] = out(event.Upvotes, event)
	}
	deadline := time.Now().Add(patience)
	for publisher.Publish(context.Background(), batch) != nil {
		if time.Now().After(deadline) {
			t.Error("publishing did not succeed in time")
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func firstDifference(a, b []int) int {
	for n := range min(len(a), len(b)) {
		if a[n] != b[n] {
			return n
		}
	}
	return min(len(a), len(b))
}

// TestAnyTopicFromAnyCursor draws a history, a topic and a cursor; the past alone must come out exactly.
func TestAnyTopicFromAnyCursor(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	history := randomHistory(600, 11)
	publisher := events.NewPublisher(bus)
	for n := 0; n < len(history); {
		step := min(1+n%97, len(history)-n)
		publishUntilDone(t, publisher, history[n:n+step])
		n += step
	}
	hub := startHub(t, bus, events.HubConfig{Buffer: 32, Recent: 50})
	all := topics()
	everything := watch(t, hub, t.Context(), all[len(all)-1], civic.EventCursor(0))
	cursors := []string{civic.EventCursor(0)}
	for range history {
		cursors = append(cursors, civic.EventCursor(next(t, everything).Sequence))
	}
	rapid.Check(t, func(r *rapid.T) {
		topic := all[rapid.IntRange(0, len(all)-1).Draw(r, "topic")]
		first := rapid.IntRange(0, len(history)).Draw(r, "first")
		want := expected(history, topic, first)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		watcher, err := hub.Watch(ctx, topic, cursors[first])
		if err != nil {
			r.Fatal(err)
		}
		for _, number := range want {
			if got := next(t, watcher); got.Upvotes != number || !concerns(topic, *got) {
				r.Fatalf("heard %d, want %d", got.Upvotes, number)
			}
		}
		select {
		case extra := <-watcher.Events():
			r.Fatalf("heard %v besides", extra)
		default:
		}
	})
}

func TestCursorsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	hub := startHub(t, bus, events.HubConfig{Recent: 5})
	// Four packs of ten.
	for n := range 4 {
		publish(t, bus, outgoing(10*n, 10*n+10))
	}
	hearing := watch(t, hub, t.Context(), civic.Topic{Public: true}, civic.EventCursor(0))
	places := make([]uint64, 40)
	for n := range places {
		places[n] = next(t, hearing).Sequence
	}
	stream, err := bus.JetStream().Stream(t.Context(), events.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	last := watch(t, hub, t.Context(), civic.Topic{Public: true}, civic.EventCursor(places[37]))
	for range 2 {
		next(t, last)
	}
	if err := stream.Purge(t.Context(), jetstream.WithPurgeSequence(3)); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[string]struct {
		code civic.Code
		key  string
	}{
		"nonsense":                        {civic.CodeInvalidInput, "cursor.malformed"},
		civic.EventCursor(places[39] + 1): {civic.CodeInvalidInput, "cursor.malformed"},
		civic.EventCursor(places[18]):     {civic.CodeConflict, "cursor.too_old"},
		civic.EventCursor(places[0]):      {civic.CodeConflict, "cursor.too_old"},
		civic.EventCursor(0):              {civic.CodeConflict, "cursor.too_old"},
	} {
		_, err := hub.Watch(t.Context(), civic.Topic{Public: true}, after)
		if refusal := (*civic.Error)(nil); !errors.As(err, &refusal) || refusal.Code != want.code || refusal.Key != want.key {
			t.Errorf("after %q: got %v, want %v", after, err, want)
		}
	}
	// The last cursor whose successor is still kept.
	if got := next(t, watch(t, hub, t.Context(), civic.Topic{Public: true}, civic.EventCursor(places[19]))); got.Upvotes != 20 {
		t.Errorf("heard %d, want 20", got.Upvotes)
	}
	if _, err := hub.Watch(t.Context(), civic.Topic{}, ""); err == nil {
		t.Error("an empty topic was watched")
	}
}

func TestASlowReaderIsCutOffAlone(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	hub := startHub(t, bus, events.HubConfig{Buffer: 10})
	slow := watch(t, hub, t.Context(), civic.Topic{Public: true}, "")
	quick := watch(t, hub, t.Context(), civic.Topic{Report: reportID(3)}, "")
	publish(t, bus, outgoing(0, 30))
	if got := next(t, quick); got.Report != reportID(3) {
		t.Errorf("heard %v", got)
	}
	eventually(t, "a slow reader is cut off", func() bool { return slow.Err() != nil })
	var cursor string
	for n := range 10 {
		got := next(t, slow)
		if got.Upvotes != n {
			t.Fatalf("heard %d, want %d", got.Upvotes, n)
		}
		cursor = civic.EventCursor(got.Sequence)
	}
	for event := range slow.Events() {
		t.Fatalf("heard %v from a full buffer", event)
	}
	if !errors.Is(slow.Err(), events.ErrTooSlow) {
		t.Errorf("the reason is %v", slow.Err())
	}
	// It comes back where it was, in the middle of a pack.
	back := watch(t, hub, t.Context(), civic.Topic{Public: true}, cursor)
	if got := next(t, back); got.Upvotes != 10 {
		t.Errorf("heard %d, want 10", got.Upvotes)
	}
}

func TestAReaderThatNeverReadsItsPastIsCutOff(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	publish(t, bus, outgoing(0, 100))
	hub := startHub(t, bus, events.HubConfig{Buffer: 4, Recent: 4, Patience: 100 * time.Millisecond})
	stuck := watch(t, hub, t.Context(), civic.Topic{Public: true}, civic.EventCursor(0))
	eventually(t, "cut off", func() bool { return stuck.Err() != nil })
	if !errors.Is(stuck.Err(), events.ErrTooSlow) {
		t.Errorf("the reason is %v", stuck.Err())
	}
}

func TestWatchersEndWithTheirContextAndWithTheHub(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	publish(t, bus, outgoing(0, 100))
	hub, err := events.NewHub(bus, events.HubConfig{Buffer: 4, Recent: 4})
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(running) }()
	for _, after := range []string{"", civic.EventCursor(0)} {
		ctx, cancel := context.WithCancel(t.Context())
		watcher := watch(t, hub, ctx, civic.Topic{Public: true}, after)
		cancel()
		for range watcher.Events() {
		}
		if watcher.Err() != nil {
			t.Errorf("the reason is %v, want none", watcher.Err())
		}
	}
	live := watch(t, hub, t.Context(), civic.Topic{Public: true}, "")
	catchingUp := watch(t, hub, t.Context(), civic.Topic{Public: true}, civic.EventCursor(0))
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for _, watcher := range []*events.Watcher{live, catchingUp} {
		for range watcher.Events() {
		}
		if refusal := (*civic.Error)(nil); !errors.As(watcher.Err(), &refusal) || refusal.Code != civic.CodeUnavailable {
			t.Errorf("the reason is %v, want UNAVAILABLE", watcher.Err())
		}
	}
	if _, err := hub.Watch(t.Context(), civic.Topic{Public: true}, ""); err == nil {
		t.Error("a stopped hub was watched")
	}
}

func TestAStreamThatWasLostCutsWatchersOff(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	hub := startHub(t, bus, events.HubConfig{})
	watcher := watch(t, hub, t.Context(), civic.Topic{Public: true}, "")
	publish(t, bus, outgoing(0, 20))
	var last *civic.Event
	for range 20 {
		last = next(t, watcher)
	}
	if err := bus.JetStream().DeleteStream(t.Context(), events.StreamEvents); err != nil {
		t.Fatal(err)
	}
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	select {
	case event, open := <-watcher.Events():
		if open {
			t.Fatalf("heard %v", event)
		}
	case <-time.After(patience):
		t.Fatal("the watcher was left deaf")
	}
	if watcher.Err() == nil {
		t.Error("no reason was given")
	}
	if _, err := hub.Watch(t.Context(), civic.Topic{Public: true}, civic.EventCursor(last.Sequence)); err == nil {
		t.Error("a cursor of the lost stream was taken")
	}
	fresh := watch(t, hub, t.Context(), civic.Topic{Public: true}, "")
	publish(t, bus, outgoing(20, 21))
	if got := next(t, fresh); got.Upvotes != 20 {
		t.Errorf("heard %d, want 20", got.Upvotes)
	}
}
