package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/ingest"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// patience bounds every wait of these tests; it is never waited out when the code is right.
const patience = 2 * time.Minute

// hall is a core database and a stream, with nobody at work between them yet.
type hall struct {
	*coretest.Core
	t      *testing.T
	bus    *events.Bus
	rows   *store.Store
	warned chan string // what ingest logs
}

func newHall(t *testing.T) *hall {
	h := &hall{Core: coretest.New(t), t: t, warned: make(chan string, 1000)}
	h.rows = h.Store(roles.Ingest)
	var err error
	if h.bus, err = events.Connect(t.Context(), events.Config{URL: natstest.Run(t)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.bus.Close)
	if err := h.bus.Prepare(t.Context(), events.Limits{}); err != nil {
		t.Fatal(err)
	}
	return h
}

// work runs an ingest until the test ends.
func (h *hall) work() {
	cfg := ingest.Config{Log: slog.New(listener{slog.DiscardHandler, h.warned})}
	h.run(ingest.New(cfg, h.Desk(h.rows, casework.Config{}), h.rows, h.bus, func() { h.bus.Poke("outbox") }).Run)
}

func (h *hall) run(task func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			h.t.Errorf("a task ended with %v", err)
		}
	})
}

// listener passes messages on, so that a test knows what happened without waiting blindly.
type listener struct {
	slog.Handler
	heard chan string
}

func (l listener) Enabled(context.Context, slog.Level) bool { return true }
func (l listener) Handle(_ context.Context, r slog.Record) error {
	select {
	case l.heard <- r.Message:
	default:
	}
	return nil
}

// hear waits until ingest has logged something that begins so.
func (h *hall) hear(prefix string) {
	h.t.Helper()
	for deadline := time.After(patience); ; {
		select {
		case message := <-h.warned:
			if strings.HasPrefix(message, prefix) {
				return
			}
		case <-deadline:
			h.t.Fatalf("%q was never logged", prefix)
		}
	}
}

// publish sends one message with these entries, as an intake does; an entry that is no submission goes as it is.
func (h *hall) publish(entries ...any) {
	h.t.Helper()
	data, err := json.Marshal(entries)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.bus.JetStream().Publish(h.t.Context(), events.SubmissionsPublic, data); err != nil {
		h.t.Fatal(err)
	}
}

// eventually waits for what has no signal.
func (h *hall) eventually(what string, holds func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("%s: did not come about", what)
		}
	}
}

func (h *hall) stored() int { return h.Count("SELECT count(*) FROM reports") }

// finished waits until ingest has answered every message.
func (h *hall) finished() {
	h.t.Helper()
	submissions, err := h.bus.Submissions(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.eventually("ingest has answered every message", func() bool {
		pending, err := submissions.Pending(h.t.Context())
		return err == nil && pending == 0
	})
}

func (h *hall) deadLetters() []events.DeadLetter {
	h.t.Helper()
	letters, err := h.bus.DeadLetters(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return letters
}

// Poison is set aside, each entry by itself, and its neighbours go in; once the cause is mended it can be replayed.
func TestPoisonDoesNotHoldUpTheRest(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	unknown := civic.CategoryID{UUID: civic.NamedUUID("not yet")}
	orphan := h.Submission(func(s *civic.Submission) {
		s.Category, s.Title, s.ResponseDue, s.ResolutionDue = unknown, "Rahasia", coretest.Monday.Add(time.Hour), coretest.Monday.Add(2*time.Hour)
	})
	nul := h.Submission(func(s *civic.Submission) { s.Body = "Rahasia \x00" })
	h.publish(h.Submission(), orphan, h.Submission(), map[string]any{"id": "Rahasia"}, nul, h.Submission())
	h.publish(h.Submission())
	if _, err := h.bus.JetStream().Publish(t.Context(), events.SubmissionsPublic, []byte("not even JSON")); err != nil {
		t.Fatal(err)
	}
	h.work()
	h.finished()
	if n := h.stored(); n != 4 {
		t.Errorf("%d reports stored, want 4", n)
	}
	for _, table := range []string{"timeline", "audit", "outbox"} {
		if n := h.Count("SELECT count(*) FROM " + table); n != 4 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	letters := h.deadLetters()
	if len(letters) != 4 {
		t.Fatalf("%d dead letters, want 4", len(letters))
	}
	var mended, hopeless []uint64
	for _, letter := range letters {
		if strings.Contains(letter.Reason, "Rahasia") || letter.Reason == "" {
			t.Errorf("the reason is %q", letter.Reason)
		}
		if letter.Report == orphan.Report {
			mended = append(mended, letter.Sequence)
		} else {
			hopeless = append(hopeless, letter.Sequence)
		}
	}
	h.Exec(`INSERT INTO categories SELECT $1, 'not-yet', name_id, name_en, parent_id, department_id, response_hours, resolution_hours,
		questions, keywords, proof_required, public_on_map, sensitive FROM categories LIMIT 1`, unknown.Bytes())
	if n, err := h.bus.ReplayDeadLetters(t.Context(), slices.Concat(mended, hopeless)...); n != 4 || err != nil {
		t.Fatalf("%d replayed, %v", n, err)
	}
	h.finished()
	if got := h.Report(orphan.Report); got.Title != "Rahasia" || h.stored() != 5 {
		t.Errorf("after the replay: %d stored", h.stored())
	}
	if n := len(h.deadLetters()); n != 3 {
		t.Errorf("%d dead letters are left, want the 3 hopeless ones", n)
	}
}

func TestRedeliveryChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	one, two := h.Submission(), h.Submission()
	h.publish(one, two)
	h.publish(two, one, two)
	h.work()
	h.finished()
	h.publish(one)
	h.finished()
	for _, table := range []string{"reports", "timeline", "audit", "outbox"} {
		if n := h.Count("SELECT count(*) FROM " + table); n != 2 {
			t.Errorf("%d rows in %s, want 2", n, table)
		}
	}
	if n := len(h.deadLetters()); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// What is the database's fault is tried again until it is mended, however the database puts it; nothing is set aside for it.
func TestADatabaseInTroubleIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]struct{ breaks, mends string }{
		"it is read-only":    {"ALTER ROLE " + roles.Ingest + " IN DATABASE %s SET default_transaction_read_only = on", "ALTER ROLE " + roles.Ingest + " IN DATABASE %s RESET ALL"},
		"a right is missing": {"REVOKE INSERT ON reports FROM " + roles.Ingest, "GRANT INSERT ON reports TO " + roles.Ingest},
		"a table is missing": {"ALTER TABLE audit RENAME TO gone", "ALTER TABLE gone RENAME TO audit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			database := h.Admin.Config().ConnConfig.Database
			h.Exec(strings.ReplaceAll(trouble.breaks, "%s", database))
			h.publish(h.Submission(), h.Submission())
			h.work()
			h.hear("cannot take submissions in now")
			h.hear("cannot take submissions in now")
			if h.stored() != 0 || len(h.deadLetters()) != 0 {
				t.Errorf("%d stored, %d dead letters", h.stored(), len(h.deadLetters()))
			}
			h.Exec(strings.ReplaceAll(trouble.mends, "%s", database))
			h.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2", database, roles.Ingest)
			h.finished()
			if h.stored() != 2 || len(h.deadLetters()) != 0 {
				t.Errorf("afterwards %d stored, %d dead letters", h.stored(), len(h.deadLetters()))
			}
		})
	}
}

// Connections that are cut under a batch lose nothing.
func TestConnectionsThatAreCut(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.work()
	const total = 300
	for i := range total / 10 {
		batch := make([]any, 10)
		for j := range batch {
			batch[j] = h.Submission()
		}
		h.publish(batch...)
		if i%5 == 0 {
			h.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1", roles.Ingest)
		}
	}
	h.finished()
	if h.stored() != total || h.Count("SELECT count(*) FROM outbox") != total || len(h.deadLetters()) != 0 {
		t.Errorf("%d stored, %d dead letters", h.stored(), len(h.deadLetters()))
	}
}

func TestANumberThatIsTaken(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	first := h.Submission()
	second := h.Submission(func(s *civic.Submission) { s.Number = first.Number })
	h.publish(first)
	h.publish(h.Submission(), second, h.Submission())
	h.publish(second)
	h.work()
	h.finished()
	if n := len(h.deadLetters()); n != 0 || h.stored() != 4 {
		t.Fatalf("%d stored, %d dead letters", h.stored(), n)
	}
	one, two := h.Report(first.Report).Number, h.Report(second.Report).Number
	if one == two || (one != first.Number && two != first.Number) {
		t.Errorf("numbers %s and %s", one, two)
	}
	if _, err := civic.ParseNumber("number", two); err != nil {
		t.Errorf("the new number is %s", two)
	}
}

// Every event of the outbox reaches the stream once and in order, with two relays at work and acts going on.
func TestTheRelayCarriesTheOutboxOut(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for range 2 {
		h.run(ingest.NewRelay(ingest.Config{Log: slog.New(slog.DiscardHandler)}, h.Store(roles.Ingest), h.bus, h.bus.Poked("outbox")).Run)
	}
	hub, err := events.NewHub(h.bus, events.HubConfig{})
	if err != nil {
		t.Fatal(err)
	}
	h.run(hub.Run)
	id := h.File().ID
	desk, officer := h.Desk(h.Store(roles.Server), casework.Config{}), h.Officer("jalan")
	want := []civic.EventKind{civic.EventCreated}
	for range 10 {
		for _, to := range []civic.Status{civic.InProgress, civic.AwaitingReporter} {
			if _, err := desk.ChangeStatus(t.Context(), officer, id, to, ""); err != nil {
				t.Fatal(err)
			}
			want = append(want, civic.EventStatusChanged)
		}
	}
	if _, err := desk.Transfer(t.Context(), officer, id, demo.DepartmentID("drainase"), "x"); err != nil {
		t.Fatal(err)
	}
	want = append(want, civic.EventTransferred)
	watcher, err := hub.Watch(t.Context(), civic.Topic{Report: id}, civic.EventCursor(0))
	if err != nil {
		t.Fatal(err)
	}
	var previous *civic.Event
	for n, kind := range want {
		select {
		case event := <-watcher.Events():
			if event == nil || event.Kind != kind {
				t.Fatalf("event %d is %+v, want %s", n, event, kind)
			}
			if previous != nil && (event.Sequence <= previous.Sequence || event.PreviousStatus != nil && *event.PreviousStatus != previous.Status) {
				t.Errorf("event %d came out of order", n)
			}
			previous = event
		case <-time.After(patience):
			t.Fatalf("event %d never came", n)
		}
	}
	h.eventually("the outbox is empty", func() bool { return h.Count("SELECT count(*) FROM outbox") == 0 })
}

// forgetful fails after the stream has the events and before they are deleted, as a relay does that is killed between the two.
type forgetful struct {
	*store.Store
	failures atomic.Int32
}

var errKilled = errors.New("killed")

func (f *forgetful) RelayOutbox(ctx context.Context, most int, send func(context.Context, []store.Outgoing) error) (int, error) {
	return f.Store.RelayOutbox(ctx, most, func(ctx context.Context, events []store.Outgoing) error {
		if err := send(ctx, events); err != nil || f.failures.Add(-1) < 0 {
			return err
		}
		return errKilled
	})
}

// A relay is killed between stream and outbox while something with a lower id is still being written; others take over.
func TestARelayThatIsKilledBeforeItForgets(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	hub, err := events.NewHub(h.bus, events.HubConfig{Buffer: 1024})
	if err != nil {
		t.Fatal(err)
	}
	h.run(hub.Run)
	watcher, err := hub.Watch(t.Context(), civic.Topic{Public: true}, civic.EventCursor(0))
	if err != nil {
		t.Fatal(err)
	}
	slow, err := h.Admin.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Rollback(context.Background()) }()
	late := civic.EventOf(civic.EventUpvoted, h.File(), coretest.Monday)
	raw, err := json.Marshal(&late)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Exec(t.Context(), "INSERT INTO outbox (event, created_at) VALUES ($1, $2)", raw, coretest.Monday); err != nil {
		t.Fatal(err)
	}
	const total = 700
	for range total / 100 {
		batch := make([]civic.Submission, 100)
		for i := range batch {
			batch[i] = h.Submission()
		}
		h.TakeIn(batch...)
	}
	dying := &forgetful{Store: h.Store(roles.Ingest)}
	dying.failures.Store(1)
	relay := func(outbox ingest.Outbox) *ingest.Relay {
		return ingest.NewRelay(ingest.Config{Log: slog.New(listener{slog.DiscardHandler, h.warned})}, outbox, h.bus, nil)
	}
	h.run(relay(dying).Run)
	h.hear("the outbox waits")
	if err := slow.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		h.run(relay(h.Store(roles.Ingest)).Run)
	}
	h.eventually("the outbox is empty", func() bool { return h.Count("SELECT count(*) FROM outbox") == 0 })
	heard := map[civic.EventKind]int{}
	reports := map[civic.ReportID]bool{}
	for range total + 2 {
		select {
		case event := <-watcher.Events():
			heard[event.Kind]++
			reports[event.Report] = true
		case <-time.After(patience):
			t.Fatalf("heard %v, and then nothing", heard)
		}
	}
	select {
	case extra := <-watcher.Events():
		t.Errorf("heard %v twice", extra)
	default:
	}
	if heard[civic.EventCreated] != total+1 || heard[civic.EventUpvoted] != 1 || len(reports) != total+1 {
		t.Errorf("heard %v of %d reports", heard, len(reports))
	}
}
