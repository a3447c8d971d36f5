package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

func TestTakeInWritesEverythingOnce(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	place := civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "Jalan Dago 1", District: new(demo.DistrictID("Coblong"))}
	first := c.Submission(func(s *civic.Submission) {
		s.Place, s.Answers = &place, []civic.Answer{{Question: "depth", Answer: "10 cm \"dalam\""}}
	})
	secret := c.Submission(c.Of("korupsi"), coretest.Visibility(civic.Anonymous))
	if fresh := c.TakeIn(first, secret, first); !slices.Equal(fresh, []bool{true, true, false}) {
		t.Errorf("fresh: %v", fresh)
	}
	changed := first
	changed.Title = "Something else"
	if fresh := c.TakeIn(changed, c.Submission()); !slices.Equal(fresh, []bool{false, true}) {
		t.Errorf("fresh the second time: %v", fresh)
	}
	for table, want := range map[string]int{"reports": 3, "timeline": 3, "audit": 3, "outbox": 3} {
		if n := c.Count("SELECT count(*) FROM " + table); n != want {
			t.Errorf("%d rows in %s, want %d", n, table, want)
		}
	}
	got, want := c.Report(first.Report), first.AsReport()
	if got.Title != want.Title || got.Number != want.Number || *got.Reporter != *want.Reporter || got.Place.Address != place.Address ||
		*got.Place.District != *place.District || !slices.Equal(got.Answers, want.Answers) || !got.CreatedAt.Equal(want.CreatedAt) ||
		!got.Clock.ResponseDue.Equal(want.Clock.ResponseDue) || !got.Clock.NextDue.Equal(*want.Clock.NextDue) || got.Status != civic.Received {
		t.Errorf("stored %+v, want %+v", got, want)
	}
	if hidden := c.Report(secret.Report); hidden.Reporter != nil {
		t.Error("an anonymous report has a reporter")
	}
	if n := c.Count("SELECT count(*) FROM audit WHERE report_id = $1 AND actor = 'reporter'", secret.Report.Bytes()); n != 1 {
		t.Error("the audit of an anonymous report does not say reporter")
	}
}

func TestABrokenArrivalTakesNothingIn(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Ingest)
	good := c.Submission()
	for name, spoil := range map[string]func(*civic.Submission){
		"a NUL byte":             func(s *civic.Submission) { s.Body = "a\x00b" },
		"an unknown category":    func(s *civic.Submission) { s.Category = civic.CategoryID{UUID: civic.NamedUUID("none")} },
		"an unknown department":  func(s *civic.Submission) { s.Department = civic.DepartmentID{UUID: civic.NamedUUID("none")} },
		"a number that is taken": func(s *civic.Submission) { s.Number = good.Number },
		"NaN":                    func(s *civic.Submission) { s.Place = &civic.Place{Latitude: math.NaN()} },
		"a named whistleblower":  func(s *civic.Submission) { s.Visibility = civic.Anonymous },
	} {
		arrivals := c.Desk(rows, casework.Config{}).TakeIn([]civic.Submission{good, c.Submission(spoil)})
		if _, err := rows.TakeIn(t.Context(), arrivals); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, table := range []string{"reports", "timeline", "audit", "outbox"} {
		if n := c.Count("SELECT count(*) FROM " + table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	if fresh, err := rows.TakeIn(t.Context(), nil); err != nil || len(fresh) != 0 {
		t.Errorf("nothing: %v, %v", fresh, err)
	}
}

// The same submissions, taken in by several at once and in different orders, are there once each.
func TestTakeInByManyAtOnce(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Ingest)
	submissions := make([]civic.Submission, 50)
	for i := range submissions {
		submissions[i] = c.Submission()
	}
	var fresh atomic.Int32
	var running sync.WaitGroup
	for i := range 4 {
		mine := append(slices.Clone(submissions[i*10:]), submissions[:i*10]...)
		running.Go(func() {
			for range 3 { // an opposite order may be a deadlock, which ingest tries again
				taken, err := rows.TakeIn(context.Background(), c.Desk(rows, casework.Config{}).TakeIn(mine))
				if err != nil {
					continue
				}
				for _, isNew := range taken {
					if isNew {
						fresh.Add(1)
					}
				}
				return
			}
			t.Error("never taken in")
		})
	}
	running.Wait()
	if n := c.Count("SELECT count(*) FROM reports"); n != 50 || fresh.Load() != 50 {
		t.Errorf("%d rows, %d fresh", n, fresh.Load())
	}
	if n := c.Count("SELECT count(*) FROM outbox"); n != 50 {
		t.Errorf("%d events", n)
	}
}

func TestRelaysSideBySideKeepTheOrder(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Ingest)
	const events = 300
	var mu sync.Mutex
	var sent []int64
	send := func(_ context.Context, batch []store.Outgoing) error {
		mu.Lock()
		defer mu.Unlock()
		for _, out := range batch {
			sent = append(sent, out.ID)
		}
		return nil
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var total atomic.Int64
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			for total.Load() < events && ctx.Err() == nil {
				n, err := rows.RelayOutbox(ctx, 7, send)
				if err != nil {
					t.Error(err)
					return
				}
				total.Add(int64(n))
			}
		})
	}
	for range events / 10 {
		batch := make([]civic.Submission, 10)
		for i := range batch {
			batch[i] = c.Submission()
		}
		c.TakeIn(batch...)
	}
	running.Wait()
	if len(sent) != events || !slices.IsSorted(sent) || len(slices.Compact(slices.Clone(sent))) != events {
		t.Errorf("%d events sent, in order: %v", len(sent), slices.IsSorted(sent))
	}
	if waiting, _, err := rows.OutboxState(ctx); err != nil || waiting != 0 {
		t.Errorf("%d wait, %v", waiting, err)
	}
}

func TestARelayThatFailsKeepsTheEvents(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	c.File()
	c.File()
	rows := c.Store(roles.Ingest)
	down := errors.New("the stream is down")
	if n, err := rows.RelayOutbox(t.Context(), 10, func(context.Context, []store.Outgoing) error { return down }); n != 0 || !errors.Is(err, down) {
		t.Errorf("%d, %v", n, err)
	}
	waiting, oldest, err := rows.OutboxState(t.Context())
	if err != nil || waiting != 2 || !oldest.Equal(coretest.Monday) {
		t.Errorf("%d wait since %s, %v", waiting, oldest, err)
	}
	n, err := rows.RelayOutbox(t.Context(), 10, func(_ context.Context, events []store.Outgoing) error {
		for _, e := range events {
			var event civic.Event
			if err := json.Unmarshal(e.Event, &event); err != nil || event.Kind != civic.EventCreated ||
				event.Status != civic.Received || event.Department != demo.DepartmentID("jalan") || !e.CreatedAt.Equal(coretest.Monday) {
				t.Errorf("%s, %v", e.Event, err)
			}
		}
		return nil
	})
	if n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	rows := c.Store(roles.Escalator)
	var filed []civic.ReportID
	for i := range 5 {
		filed = append(filed, c.File(coretest.At(coretest.Monday.Add(time.Duration(i)*time.Hour))).ID)
	}
	third := *c.Report(filed[2]).Clock.NextDue
	c.Exec("UPDATE reports SET next_due_at = NULL WHERE id = $1", filed[0].Bytes())
	for _, example := range []struct {
		name string
		now  time.Time
		skip []civic.ReportID
		most int
		want []civic.ReportID
	}{
		{"nothing yet", coretest.Monday, nil, 10, nil},
		{"to the microsecond", third, nil, 10, filed[1:3]},
		{"just before", third.Add(-time.Microsecond), nil, 10, filed[1:2]},
		{"the longest overdue first", third.Add(1000 * time.Hour), nil, 2, filed[1:3]},
		{"but for the broken one", third.Add(1000 * time.Hour), filed[1:2], 10, filed[2:]},
	} {
		got, err := rows.Due(t.Context(), example.now, example.skip, example.most)
		if err != nil || !slices.Equal(got, example.want) {
			t.Errorf("%s: %d due, want %d, %v", example.name, len(got), len(example.want), err)
		}
	}
}

func TestADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	away, err := store.New(t.Context(), store.Config{URL: "postgres://nobody@127.0.0.1:1/core", PublicURL: "postgres://nobody@127.0.0.1:1/core"})
	if err != nil {
		t.Fatal(err)
	}
	defer away.Close()
	wantCode(t, "ready", away.Ready(t.Context()), civic.CodeUnavailable)
	_, err = away.PublicReports(t.Context(), civic.Filter{}, civic.Newest, civic.PageRequest{First: 1})
	wantCode(t, "read", err, civic.CodeUnavailable)
	_, err = away.TakeIn(t.Context(), nil)
	wantCode(t, "write", err, civic.CodeUnavailable)
	_, err = away.Due(t.Context(), time.Now(), nil, 1)
	wantCode(t, "due", err, civic.CodeUnavailable)
	if _, err := store.New(t.Context(), store.Config{URL: "postgres://a:secret@host:port/x"}); err == nil || errors.Unwrap(err) != nil {
		t.Errorf("a broken URL: %v", err)
	}
}

func TestSaveDemoTwice(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	data := must[*demo.Data](t)(demo.Load())
	if err := c.Store(roles.Owner).SaveDemo(t.Context(), data); err != nil {
		t.Fatal(err)
	}
	city := must[*civic.City](t)(c.Store(roles.Server).City(t.Context(), 3600))
	if len(city.Departments) != len(data.Departments) || len(city.Categories) != len(data.Categories) || len(city.Districts) != len(data.Districts) ||
		city.Calendar.Scale != 3600 || len(city.Calendar.Holidays) != len(data.Holidays) || city.Bounds != civic.Bounds(data.Bounds) {
		t.Errorf("the city came back different: %d departments", len(city.Departments))
	}
	for _, o := range data.Officers {
		if officer := city.Officer(o.ID()); officer == nil || officer.Name != o.Name || officer.Role != o.Role {
			t.Errorf("officer %s came back as %+v", o.Email, officer)
		}
	}
	for _, d := range city.Districts {
		if at := city.DistrictAt(d.Center.Latitude, d.Center.Longitude); at != d {
			t.Errorf("the middle of %s lies in %v", d.Name, at)
		}
	}
}
