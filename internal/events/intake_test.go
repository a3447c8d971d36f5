package events_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/events"
	"github.com/jagawarga/jagawarga/internal/natstest"
)

// ingest stands for the real one: it remembers every report, and tells the submitters.
type ingest struct {
	mu       sync.Mutex
	reports  map[civic.ReportID]int
	messages int
}

func openSubmissions(t testing.TB, bus *events.Bus) *events.Submissions {
	t.Helper()
	submissions, err := bus.Submissions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(submissions.Close)
	return submissions
}

// fetch waits until there are so many.
func fetch(t testing.TB, submissions *events.Submissions, count int) []events.Delivery {
	t.Helper()
	var deliveries []events.Delivery
	for len(deliveries) < count {
		more, err := submissions.Fetch(t.Context(), count-len(deliveries), patience)
		if err != nil || len(more) == 0 {
			t.Fatalf("got %d deliveries of %d, %v", len(deliveries), count, err)
		}
		deliveries = append(deliveries, more...)
	}
	return deliveries
}

func startIngest(t testing.TB, bus *events.Bus) *ingest {
	t.Helper()
	submissions := openSubmissions(t, bus)
	stored := &ingest{reports: map[civic.ReportID]int{}}
	run(t, func(ctx context.Context) error {
		for ctx.Err() == nil {
			deliveries, err := submissions.Fetch(ctx, 64, time.Second)
			if err != nil {
				continue
			}
			for _, delivery := range deliveries {
				delivery.Stored(stored.take(delivery))
				if err := delivery.Ack(); err != nil {
					continue
				}
			}
		}
		return nil
	})
	return stored
}

func (s *ingest) take(delivery events.Delivery) []events.StoredNotice {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages++
	var notices []events.StoredNotice
	for _, submission := range delivery.Submissions {
		notices = append(notices, events.StoredNotice{Report: submission.Report, Duplicate: s.reports[submission.Report] > 0})
		s.reports[submission.Report]++
	}
	return notices
}

func (s *ingest) count() (reports, messages int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reports), s.messages
}

func TestSubmitIsStoredWhenIngestIsQuick(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	intake := startIntake(t, bus, events.IntakeConfig{Wait: patience})
	startIngest(t, bus)
	for _, want := range []events.Receipt{{State: civic.Stored}, {State: civic.Stored, Duplicate: true}} {
		if got, err := intake.Submit(t.Context(), submission(1)); err != nil || got != want {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
	}
}

func TestSubmitIsQueuedWithoutIngest(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	for _, wait := range []time.Duration{-1, time.Millisecond, 0} {
		intake := startIntake(t, bus, events.IntakeConfig{Wait: wait})
		if got, err := intake.Submit(t.Context(), submission(1)); err != nil || got.State != civic.Queued {
			t.Errorf("wait %v: got %v, %v, want QUEUED", wait, got, err)
		}
	}
}

func TestManySubmittersShareMessages(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	intake := startIntake(t, bus, events.IntakeConfig{Wait: patience})
	stored := startIngest(t, bus)
	const submitters, each = 64, 50
	var group sync.WaitGroup
	for s := range submitters {
		group.Go(func() {
			for n := range each {
				if got, err := intake.Submit(t.Context(), submission(s*each+n)); err != nil || got.State != civic.Stored {
					t.Errorf("got %v, %v", got, err)
					return
				}
			}
		})
	}
	group.Wait()
	reports, messages := stored.count()
	if reports != submitters*each {
		t.Errorf("%d reports stored, want %d", reports, submitters*each)
	}
	if messages > reports/4 {
		t.Errorf("%d messages for %d submissions: they did not share", messages, reports)
	}
	t.Logf("%d submissions in %d messages", reports, messages)
}

func TestBatchKeepsItsLimits(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	intake, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsPublic, Wait: -1, MaxBatch: 10, MaxBytes: 2000})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n := range 40 {
		group.Go(func() {
			if _, err := intake.Submit(t.Context(), submission(n)); err != nil {
				t.Error(err)
			}
		})
	}
	run(t, intake.Run)
	group.Wait()
	submissions := openSubmissions(t, bus)
	seen := map[civic.ReportID]bool{}
	for len(seen) < 40 {
		deliveries, err := submissions.Fetch(t.Context(), 100, patience)
		if err != nil {
			t.Fatal(err)
		}
		for _, delivery := range deliveries {
			// One of these takes about 400 bytes.
			if got := len(delivery.Submissions); got == 0 || got > 5 {
				t.Errorf("%d submissions in one message", got)
			}
			for _, s := range delivery.Submissions {
				seen[s.Report] = true
			}
		}
	}
}

func TestSubmitFailsWithoutServerAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	intake := startIntake(t, bus, events.IntakeConfig{Wait: -1, Patience: 500 * time.Millisecond})
	server.Stop()
	_, err := intake.Submit(t.Context(), submission(1))
	if refusal := (*civic.Error)(nil); !errors.As(err, &refusal) || refusal.Code != civic.CodeUnavailable {
		t.Fatalf("got %v, want UNAVAILABLE", err)
	}
	server.Restart()
	eventually(t, "submit", func() bool { _, err := intake.Submit(t.Context(), submission(2)); return err == nil })
	// A try that was refused because the server is slow may have arrived all the same, and comes again as the same report.
	for _, delivery := range fetch(t, openSubmissions(t, bus), 1) {
		if got := delivery.Submissions; len(got) != 1 || got[0].Report != reportID(2) {
			t.Errorf("the stream holds %v, want the acknowledged one alone", got)
		}
	}
}

func TestSubmitOutlivesARestart(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	intake := startIntake(t, bus, events.IntakeConfig{Wait: -1, Patience: patience})
	server.Stop()
	answer := make(chan error, 1)
	go func() { _, err := intake.Submit(t.Context(), submission(1)); answer <- err }()
	server.Restart()
	if err := <-answer; err != nil {
		t.Fatal(err)
	}
}

func TestACallerThatLeavesDoesNotHurtTheOthers(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	intake, err := events.NewIntake(bus, events.IntakeConfig{Subject: events.SubmissionsPublic, Wait: -1})
	if err != nil {
		t.Fatal(err)
	}
	leaving, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { _, err := intake.Submit(leaving, submission(1)); left <- err }()
	stayed := make(chan error, 1)
	go func() { _, err := intake.Submit(t.Context(), submission(2)); stayed <- err }()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want its own cancellation", err)
	}
	run(t, intake.Run)
	if err := <-stayed; err != nil {
		t.Error(err)
	}
}

func TestPoisonIsSetAsideAndReplayed(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	bus := startBus(t, server)
	intake := startIntake(t, bus, events.IntakeConfig{Wait: -1})
	if _, err := intake.Submit(t.Context(), submission(1)); err != nil {
		t.Fatal(err)
	}
	publishRaw(t, bus, `[{"id":"report_of_nobody"},`+mustJSON(submission(2))+`]`)
	publishRaw(t, bus, `no JSON at all`)
	submissions := openSubmissions(t, bus)
	good, broken := 0, 0
	for good+broken < 4 {
		deliveries, err := submissions.Fetch(t.Context(), 10, patience)
		if err != nil {
			t.Fatal(err)
		}
		for _, delivery := range deliveries {
			for _, b := range delivery.Broken {
				broken++
				for range 2 { // as after a redelivery
					if err := delivery.DeadLetterRaw(t.Context(), b.Raw, b.Err.Error()); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, s := range delivery.Submissions {
				if good++; s.Report == reportID(2) {
					if err := delivery.DeadLetter(t.Context(), s, "the database\r\nrefuses it"); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := delivery.Ack(); err != nil {
				t.Fatal(err)
			}
		}
	}
	letters, err := bus.DeadLetters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) != 3 {
		t.Fatalf("%d dead letters, want 3: %v", len(letters), letters)
	}
	var which []uint64
	for _, letter := range letters {
		if letter.Report == reportID(2) {
			if letter.Reason != "the database refuses it" || letter.Number != "JW-000002" || letter.At.IsZero() {
				t.Errorf("got %+v", letter)
			}
			which = append(which, letter.Sequence)
		}
	}
	if n, err := bus.ReplayDeadLetters(t.Context(), which...); err != nil || n != 1 {
		t.Fatalf("replayed %d, %v", n, err)
	}
	if count, err := bus.CountDeadLetters(t.Context()); err != nil || count != 2 {
		t.Errorf("%d dead letters left, %v, want 2", count, err)
	}
	deliveries, err := submissions.Fetch(t.Context(), 10, patience)
	if err != nil || len(deliveries) != 1 || len(deliveries[0].Submissions) != 1 || deliveries[0].Submissions[0].Report != reportID(2) {
		t.Fatalf("got %+v, %v, want the replayed submission", deliveries, err)
	}
	if err := deliveries[0].Retry(0); err != nil {
		t.Fatal(err)
	}
	if again, err := submissions.Fetch(t.Context(), 10, patience); err != nil || len(again) != 1 {
		t.Errorf("got %v, %v, want it again", again, err)
	}
	if lag, err := submissions.Pending(t.Context()); err != nil || lag != 1 {
		t.Errorf("lag %d, %v, want 1", lag, err)
	}
	if settled, err := bus.SubmissionsSettled(t.Context()); err != nil || settled {
		t.Errorf("with dead letters and a lag all is settled: %v", err)
	}
	if n := consumers(t, bus, events.StreamDeadLetters); n != 0 {
		t.Errorf("%d consumers left behind", n)
	}
}

func TestTidyKeepsWhatNobodyAcknowledged(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	intake := startIntake(t, bus, events.IntakeConfig{Wait: -1})
	submissions := openSubmissions(t, bus)
	for n := range 6 {
		if _, err := intake.Submit(t.Context(), submission(n)); err != nil {
			t.Fatal(err)
		}
	}
	deliveries := fetch(t, submissions, 6)
	for _, n := range []int{0, 1, 2, 4} { // 3 and 5 are still being worked on
		if err := deliveries[n].Ack(); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the acknowledgements arrive", func() bool {
		lag, err := submissions.Pending(t.Context())
		return err == nil && lag == 2
	})
	if settled, err := bus.SubmissionsSettled(t.Context()); err != nil || settled {
		t.Errorf("with a lag all is settled: %v", err)
	}
	for range 2 {
		if err := submissions.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if state := streamInfo(t, bus, events.StreamSubmissions).State; state.FirstSeq != 3 || state.Msgs != 4 {
		t.Errorf("the stream holds %d from %d on, want 4 from 3 on", state.Msgs, state.FirstSeq)
	}
	if err := deliveries[3].Retry(0); err != nil {
		t.Fatal(err)
	}
	if again, err := submissions.Fetch(t.Context(), 1, patience); err != nil || len(again) != 1 || again[0].Submissions[0].Report != reportID(3) {
		t.Errorf("got %v, %v, want the fourth again", again, err)
	}
}

func TestFetchReturnsEmptyAndEndsWithItsContext(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	submissions := openSubmissions(t, bus)
	if deliveries, err := submissions.Fetch(t.Context(), 10, 20*time.Millisecond); err != nil || len(deliveries) != 0 {
		t.Errorf("got %v, %v", deliveries, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if deliveries, err := submissions.Fetch(ctx, 10, time.Hour); err != nil || len(deliveries) != 0 {
		t.Errorf("got %v, %v", deliveries, err)
	}
}

// What arrived and nobody fetched goes to somebody else at once; here it would otherwise be lost for an hour.
func TestWhatWasNotFetchedIsGivenBack(t *testing.T) {
	t.Parallel()
	bus := startBus(t, natstest.Start(t))
	consumer, err := bus.JetStream().Consumer(t.Context(), events.StreamSubmissions, events.ConsumerIngest)
	if err != nil {
		t.Fatal(err)
	}
	patient := consumer.CachedInfo().Config
	patient.AckWait = time.Hour
	if _, err := bus.JetStream().UpdateConsumer(t.Context(), events.StreamSubmissions, patient); err != nil {
		t.Fatal(err)
	}
	leaving, err := bus.Submissions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		publishRaw(t, bus, mustJSON([]civic.Submission{submission(n)}))
	}
	taken := fetch(t, leaving, 1)
	leaving.Close()
	others := fetch(t, openSubmissions(t, bus), 4)
	for _, delivery := range others {
		if delivery.Submissions[0].Report == taken[0].Submissions[0].Report {
			t.Error("what was fetched came again")
		}
	}
}

func publishRaw(t testing.TB, bus *events.Bus, data string) {
	t.Helper()
	message := nats.NewMsg(events.SubmissionsPublic)
	message.Data = []byte(data)
	if _, err := bus.JetStream().PublishMsg(t.Context(), message, jetstream.WithExpectStream(events.StreamSubmissions)); err != nil {
		t.Fatal(err)
	}
}
