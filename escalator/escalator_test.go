package escalator_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/escalator"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// tower is a core database with a clock that the test turns.
type tower struct {
	*coretest.Core
	t   *testing.T
	now atomic.Pointer[time.Time]
}

func newTower(t *testing.T) *tower {
	w := &tower{Core: coretest.New(t), t: t}
	w.set(coretest.Monday)
	w.SetClock(w.clock)
	return w
}

func (w *tower) clock() time.Time     { return *w.now.Load() }
func (w *tower) set(now time.Time)    { w.now.Store(&now) }
func (w *tower) pass(d time.Duration) { w.set(w.clock().Add(d)) }

// climber is an escalator with a store and a desk of its own, as in a process of its own.
func (w *tower) climber() *escalator.Escalator {
	rows := w.Store(roles.Escalator)
	return escalator.New(escalator.Config{Now: w.clock, Log: slog.New(slog.DiscardHandler)}, w.Desk(rows, casework.Config{}), rows)
}

func (w *tower) scan(e *escalator.Escalator) int {
	w.t.Helper()
	return w.look(e).Climbed
}

// look is one look with all that it led to.
func (w *tower) look(e *escalator.Escalator) escalator.Steps {
	w.t.Helper()
	steps, err := e.Scan(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return steps
}

func (w *tower) steps(id civic.ReportID) []*civic.TimelineEntry {
	w.t.Helper()
	all, err := w.Store(coretest.Unwalled).Timelines(context.Background(), civic.Scope{}, []civic.ReportID{id}, civic.PageRequest{First: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return all[id].Items
}

// From the field unit to the mayor: one level for each due time, no more however often anybody looks, each in the timeline.
func TestAReportClimbsToTheTop(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	climber, id := w.climber(), w.File(coretest.Visibility(civic.Private)).ID
	for level, to := range []string{"infrastruktur", "sekda", "walikota"} {
		due := *w.Report(id).Clock.NextDue
		w.set(due.Add(-time.Microsecond))
		if n := w.scan(climber); n != 0 {
			t.Fatalf("level %d: it climbed too early", level+1)
		}
		w.set(due)
		if first, again := w.scan(climber), w.scan(climber); first != 1 || again != 0 {
			t.Fatalf("level %d: %d steps, then %d", level+1, first, again)
		}
		r := w.Report(id)
		if r.Status != civic.Escalated || r.Escalation.Level != level+1 || *r.Escalation.To != demo.DepartmentID(to) || r.Department != demo.DepartmentID("jalan") {
			t.Errorf("level %d: %s, %+v", level+1, r.Status, r.Escalation)
		}
	}
	if due := w.Report(id).Clock.NextDue; due != nil {
		t.Errorf("at the top something is due at %s", due)
	}
	w.pass(10_000 * time.Hour)
	if n := w.scan(climber); n != 0 {
		t.Errorf("%d steps above the top", n)
	}
	steps := w.steps(id)
	if len(steps) != 4 {
		t.Fatalf("%d steps in the timeline", len(steps))
	}
	for i, step := range steps[1:] {
		if step.Kind != civic.TimelineEscalated || step.Level == nil || *step.Level != i+1 || step.Department == nil || step.Status != civic.Escalated {
			t.Errorf("step %d: %+v", i+1, step)
		}
		if i > 0 && !step.At.After(steps[i].At) {
			t.Errorf("step %d came with the one before", i+1)
		}
	}
	for what, sql := range map[string]string{
		"events":      "SELECT count(*) FROM outbox WHERE event->>'kind' = 'ESCALATED'",
		"audit lines": "SELECT count(*) FROM audit WHERE action = 'escalate' AND actor = 'system'",
	} {
		if n := w.Count(sql); n != 3 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// Three escalators on one database, all looking at once: each step happens once.
func TestSeveralClimbEachStepOnce(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	const reports = 600 // more than one batch
	submissions := make([]civic.Submission, reports)
	for i := range submissions {
		submissions[i] = w.Submission()
	}
	w.TakeIn(submissions...)
	climbers := []*escalator.Escalator{w.climber(), w.climber(), w.climber()}
	for level := 1; level <= 3; level++ {
		w.pass(5 * 24 * time.Hour)
		var climbed atomic.Int64
		var looking sync.WaitGroup
		for _, climber := range climbers {
			looking.Go(func() { climbed.Add(int64(w.scan(climber))) })
		}
		looking.Wait()
		if climbed.Load() != reports {
			t.Errorf("level %d: %d steps were made", level, climbed.Load())
		}
		if n := w.Count("SELECT count(*) FROM reports WHERE escalation_level = $1", level); n != reports {
			t.Errorf("level %d: %d reports are there", level, n)
		}
		for what, sql := range map[string]string{
			"timeline": "SELECT count(*) FROM timeline WHERE kind = 'ESCALATED'", "audit": "SELECT count(*) FROM audit WHERE action = 'escalate'",
			"outbox": "SELECT count(*) FROM outbox WHERE event->>'kind' = 'ESCALATED'",
		} {
			if n := w.Count(sql); n != level*reports {
				t.Errorf("level %d: %d rows in %s", level, n, what)
			}
		}
	}
}

// A report that cannot climb rests, longer each time, while the others go on; mended, it climbs.
func TestABrokenReportStopsNoOther(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	submissions := make([]civic.Submission, 300) // more than one batch
	for i := range submissions {
		submissions[i] = w.Submission()
	}
	w.TakeIn(submissions...)
	broken, others := submissions[7].Report, len(submissions)-1
	w.Exec("ALTER TABLE timeline ADD CONSTRAINT broken CHECK (report_id <> '" + broken.UUIDString() + "' OR kind <> 'ESCALATED')")
	climber := w.climber()
	w.pass(4 * 24 * time.Hour)
	if n := w.scan(climber); n != others {
		t.Errorf("%d of %d climbed", n, others)
	}
	if r := w.Report(broken); r.Status != civic.Received || r.Escalation.Level != 0 {
		t.Errorf("the broken one: %s, level %d", r.Status, r.Escalation.Level)
	}
	w.Exec("ALTER TABLE timeline DROP CONSTRAINT broken")
	w.pass(4 * time.Second)
	if n := w.scan(climber); n != 0 {
		t.Errorf("it was not left alone: %d", n)
	}
	w.pass(2 * time.Second)
	if n := w.scan(climber); n != 1 || w.Report(broken).Escalation.Level != 1 {
		t.Errorf("mended, it does not climb: %d", n)
	}
}

// Whoever acts in time is left in peace; asking the reporter stops the clock.
func TestActingStopsTheClimb(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	desk, officer, climber := w.Desk(w.Store(roles.Server), casework.Config{}), w.Officer("jalan"), w.climber()
	act := func(id civic.ReportID, to civic.Status) {
		t.Helper()
		if _, err := desk.ChangeStatus(t.Context(), officer, id, to, ""); err != nil {
			t.Fatal(err)
		}
	}
	answered, asked, solved := w.File().ID, w.File().ID, w.File().ID
	w.pass(time.Hour)
	act(answered, civic.InProgress)
	act(asked, civic.AwaitingReporter)
	act(solved, civic.Rejected)
	w.pass(7 * 24 * time.Hour) // every answer was due; the resolutions are due in 112 working hours
	if n := w.scan(climber); n != 0 {
		t.Errorf("%d climbed though somebody acted", n)
	}
	w.pass(30 * 24 * time.Hour)
	if n := w.scan(climber); n != 1 || w.Report(answered).Escalation.Level != 1 {
		t.Errorf("%d climbed: the one that is not solved must, the others must not", n)
	}
	// Acting on what has climbed gives the response time anew, and no longer.
	act(answered, civic.InProgress)
	fresh := *w.Report(answered).Clock.NextDue
	if want := w.City.Calendar.Add(w.clock(), 24*time.Hour); !fresh.Equal(want) {
		t.Errorf("due again at %s, want %s", fresh, want)
	}
	w.set(fresh)
	if n := w.scan(climber); n != 1 || w.Report(answered).Escalation.Level != 2 {
		t.Errorf("%d climbed the second time", n)
	}
	// The clock that stood goes on where it stopped.
	act(asked, civic.InProgress)
	if left := w.City.Calendar.Between(w.clock(), *w.Report(asked).Clock.NextDue); left != 111*time.Hour {
		t.Errorf("%s are left of 112 hours, one of which had passed", left)
	}
}

// Run looks by itself and ends with its context.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	id := w.File().ID
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.climber().Run(ctx) }()
	w.pass(4 * 24 * time.Hour)
	for deadline := time.Now().Add(2 * time.Minute); w.Report(id).Escalation.Level == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody looked")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The department is warned once before a report climbs, and what is done closes when nobody objects, however many look.
func TestWarningsAndClosings(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	const reports = 20
	submissions := make([]civic.Submission, reports)
	for i := range submissions {
		submissions[i] = w.Submission(w.Of("pelayanan-puskesmas"))
	}
	w.TakeIn(submissions...)
	climbers := []*escalator.Escalator{w.climber(), w.climber(), w.climber()}
	all := func() (sum escalator.Steps) {
		var mu sync.Mutex
		var looking sync.WaitGroup
		for _, climber := range climbers {
			looking.Go(func() {
				steps := w.look(climber)
				mu.Lock()
				defer mu.Unlock()
				sum.Climbed, sum.Warned, sum.Closed = sum.Climbed+steps.Climbed, sum.Warned+steps.Warned, sum.Closed+steps.Closed
			})
		}
		looking.Wait()
		return sum
	}
	due := *w.Report(submissions[0].Report).Clock.NextDue
	w.set(w.City.WarnAt(due, 24*time.Hour).Add(-time.Microsecond))
	if got := all(); got != (escalator.Steps{}) {
		t.Errorf("too early: %+v", got)
	}
	w.pass(time.Microsecond)
	if got, again := all(), all(); got != (escalator.Steps{Warned: reports}) || again != (escalator.Steps{}) {
		t.Errorf("%+v, then %+v", got, again)
	}
	w.set(due)
	if got := all(); got != (escalator.Steps{Climbed: reports}) {
		t.Errorf("when due: %+v", got)
	}
	// What climbed is due anew, and is warned of anew.
	w.set(w.City.WarnAt(*w.Report(submissions[0].Report).Clock.NextDue, 24*time.Hour))
	if got, again := all(), all(); got != (escalator.Steps{Warned: reports}) || again != (escalator.Steps{}) {
		t.Errorf("after the climb: %+v, then %+v", got, again)
	}
	desk, officer := w.Desk(w.Store(roles.Server), casework.Config{}), w.Officer("puskesmas")
	for _, s := range submissions {
		for _, to := range []civic.Status{civic.InProgress, civic.Resolved} {
			if _, err := desk.ChangeStatus(t.Context(), officer, s.Report, to, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	objected := submissions[0].Report
	if _, err := desk.Reopen(t.Context(), coretest.Citizen("budi"), objected, "belum selesai"); err != nil {
		t.Fatal(err)
	}
	w.pass(7*24*time.Hour - time.Microsecond)
	if got := all(); got.Closed != 0 {
		t.Errorf("closed too early: %+v", got)
	}
	w.pass(time.Microsecond)
	if got, again := all(), all(); got.Closed != reports-1 || again.Closed != 0 || w.Report(objected).Status == civic.Closed {
		t.Errorf("%+v, then %+v", got, again)
	}
}

// An escalator that was away wakes up late: what has climbed meanwhile nobody is warned of.
func TestNobodyIsWarnedOfWhatHasHappened(t *testing.T) {
	t.Parallel()
	w := newTower(t)
	w.File(func(s *civic.Submission) {
		s.Category, s.Department = demo.CategoryID("lainnya"), demo.DepartmentID("walikota")
	}) // at the top
	asked := w.File().ID
	desk := w.Desk(w.Store(roles.Server), casework.Config{})
	if _, err := desk.ChangeStatus(t.Context(), w.Officer("jalan"), asked, civic.AwaitingReporter, ""); err != nil {
		t.Fatal(err)
	}
	w.pass(365 * 24 * time.Hour)
	if got := w.look(w.climber()); got.Warned != 0 || got.Climbed != 0 {
		t.Errorf("%+v", got)
	}
}
