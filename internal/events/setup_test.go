package events_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of these tests; it is never waited out when the code is right.
const patience = 2 * time.Minute

func startBus(t testing.TB, server *natstest.Server) *events.Bus {
	t.Helper()
	bus := connect(t, events.Config{URL: server.URL(), Name: "test"})
	if err := bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	return bus
}

func connect(t testing.TB, cfg events.Config) *events.Bus {
	t.Helper()
	bus, err := events.Connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}

// run runs a task until the test ends, and waits for it.
func run(t testing.TB, task func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the task ended with %v", err)
		}
	})
}

func startIntake(t testing.TB, bus *events.Bus, cfg events.IntakeConfig) *events.Intake {
	t.Helper()
	if cfg.Subject == "" {
		cfg.Subject = events.SubmissionsPublic
	}
	intake, err := events.NewIntake(bus, cfg)
	if err != nil {
		t.Fatal(err)
	}
	run(t, intake.Run)
	return intake
}

func startHub(t testing.TB, bus *events.Bus, cfg events.HubConfig) *events.Hub {
	t.Helper()
	hub, err := events.NewHub(bus, cfg)
	if err != nil {
		t.Fatal(err)
	}
	run(t, hub.Run)
	return hub
}

func watch(t testing.TB, hub *events.Hub, ctx context.Context, topic civic.Topic, after string) *events.Watcher {
	t.Helper()
	watcher, err := hub.Watch(ctx, topic, after)
	if err != nil {
		t.Fatal(err)
	}
	return watcher
}

// next is the watcher's next event.
func next(t testing.TB, watcher *events.Watcher) *civic.Event {
	t.Helper()
	select {
	case event, open := <-watcher.Events():
		if !open {
			t.Fatalf("the watcher was closed: %v", watcher.Err())
		}
		return event
	case <-time.After(patience):
		t.Fatal("no event came")
	}
	return nil
}

// eventually waits for a condition of the server's, which has no signal.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: did not come about", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func reportID(n int) civic.ReportID {
	return civic.ReportID{UUID: civic.NamedUUID(fmt.Sprintf("report %d", n))}
}

func departmentID(n int) civic.DepartmentID {
	return civic.DepartmentID{UUID: civic.NamedUUID(fmt.Sprintf("department %d", n))}
}

func submission(n int) civic.Submission {
	reporter := civic.CitizenID{UUID: civic.NamedUUID("citizen")}
	return civic.Submission{
		Report: reportID(n), Number: fmt.Sprintf("JW-%06d", n), Title: "Lubang di jalan", Body: "Lubang besar di depan pasar, sudah dua minggu.",
		Visibility: civic.Public, Department: departmentID(n % 7), Reporter: &reporter,
		Place: &civic.Place{Latitude: -6.91, Longitude: 107.61}, At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
	}
}

// randomEvent is one of few reports and departments, so that topics overlap.
func randomEvent(random *rand.Rand) civic.Event {
	report := random.IntN(8)
	event := civic.Event{
		Kind: civic.EventCommented, At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Report: reportID(report),
		Visibility: []civic.Visibility{civic.Public, civic.Private, civic.Anonymous}[report%3],
		Department: departmentID(random.IntN(4)), Status: civic.InProgress, Hidden: random.IntN(5) == 0,
	}
	if random.IntN(4) == 0 {
		former := departmentID(random.IntN(4))
		event.Kind, event.FormerDepartment = civic.EventTransferred, &former
	}
	if random.IntN(6) == 0 {
		event.Kind = civic.EventDueSoon
	}
	if random.IntN(4) == 0 {
		event.Kind, event.Task = civic.EventTaskChanged, &civic.TaskStep{Department: departmentID(random.IntN(4)), State: civic.TaskOpen}
	}
	return event
}

func publicEvent(n int) civic.Event {
	return civic.Event{
		Kind: civic.EventCreated, Report: reportID(n), Visibility: civic.Public, Department: departmentID(n % 4),
		Status: civic.Received, Upvotes: n,
	}
}

func outgoing(from, to int) []events.Outgoing {
	var batch []events.Outgoing
	for n := from; n < to; n++ {
		batch = append(batch, out(n, publicEvent(n)))
	}
	return batch
}

func out(n int, event civic.Event) events.Outgoing {
	return events.Outgoing{ID: fmt.Sprintf("row-%d", n), Event: json.RawMessage(mustJSON(&event))}
}

// publish is by a publisher that does not know the stream yet.
func publish(t testing.TB, bus *events.Bus, batch []events.Outgoing) {
	t.Helper()
	if err := events.NewPublisher(bus).Publish(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// consumers is how many consumers the stream has on the server.
func consumers(t testing.TB, bus *events.Bus, stream string) int {
	t.Helper()
	return streamInfo(t, bus, stream).State.Consumers
}

func streamInfo(t testing.TB, bus *events.Bus, name string) *jetstream.StreamInfo {
	t.Helper()
	stream, err := bus.JetStream().Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo()
}

func seeded(seed uint64) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.New(rand.NewChaCha8(key))
}

func mustJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(data)
}
