package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// week is a city whose clock the test turns; the clockwork looks whenever it is turned.
type week struct {
	office
	t     *testing.T
	now   time.Time
	clock *casework.Desk
	all   []civic.ReportID
}

// on turns the clock to a time of that week in the city, or a later one, looking every hour on the way.
func (w *week) on(day int, hour int) {
	w.t.Helper()
	until := time.Date(2026, time.November, 23+day, hour-7, 0, 0, 0, time.UTC)
	for w.now.Before(until) {
		w.now = w.now.Add(time.Hour)
		for _, id := range w.all {
			for _, step := range []func(context.Context, ...civic.ReportID) (int, error){w.clock.Climb, w.clock.Warn, w.clock.CloseSilent} {
				done[int](w.t)(step(w.t.Context(), id))
			}
		}
	}
}

func (w *week) arrives(changes ...func(*civic.Submission)) civic.ReportID {
	id := w.File(append([]func(*civic.Submission){coretest.At(w.now), w.Of("pelayanan-puskesmas")}, changes...)...).ID
	w.all = append(w.all, id)
	return id
}

func (w *week) stands(id civic.ReportID, status civic.Status, department string, level int) {
	w.t.Helper()
	r := w.Report(id)
	if r.Status != status || r.Department != demo.DepartmentID(department) || r.Escalation.Level != level {
		w.t.Errorf("%s: it is %s at %s, level %d; want %s at %s, level %d", w.now.Add(7*time.Hour).Format("Mon 15:04"), r.Status,
			w.City.Department(r.Department).Code, r.Escalation.Level, status, department, level)
	}
}

// warnings is how often the department was told that time is short.
func (w *week) warnings(id civic.ReportID) int {
	return w.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'DUE_SOON' AND event->>'report' = $1", id.String())
}

// A week of the clinics unit, Monday to Monday after: what comes, what is done about it, what is left lying, and who hears of it.
func TestAWeekInTheLifeOfADepartment(t *testing.T) {
	t.Parallel()
	w := &week{office: newOffice(t), t: t, now: coretest.Monday}
	w.SetClock(func() time.Time { w.now = w.now.Add(time.Microsecond); return w.now }) // no two acts at once
	w.clock = w.Desk(w.Store(roles.Escalator), casework.Config{})
	officer, boss := w.Officer("puskesmas"), w.Officer("kesehatan")
	budi := coretest.Citizen("budi")
	move := func(id civic.ReportID, to civic.Status) {
		t.Helper()
		done[*civic.Report](t)(w.desk.ChangeStatus(t.Context(), officer, id, to, ""))
	}

	// Monday: four reports. One is dealt with, one is not theirs, one is asked about, one is left lying.
	queue, lamp, asked, lying := w.arrives(), w.arrives(coretest.Visibility(civic.Private)), w.arrives(), w.arrives()
	w.on(0, 10)
	done[*civic.Report](t)(w.desk.Prioritize(t.Context(), officer, queue, civic.PriorityHigh))
	done[*civic.Report](t)(w.desk.Assign(t.Context(), officer, queue, officer.Officer))
	move(queue, civic.InProgress)
	done[*civic.Report](t)(w.desk.Recategorize(t.Context(), officer, lamp, demo.CategoryID("lampu-jalan")))
	w.stands(lamp, civic.Received, "lampu", 0)
	if _, err := w.desk.ChangeStatus(t.Context(), officer, lamp, civic.Verified, ""); err == nil {
		t.Error("the clinics unit still handles what it handed on")
	}
	move(asked, civic.AwaitingReporter)

	// Wednesday, 11 o'clock: a quarter of the 24 hours is left, and the unit is told of what lies.
	w.on(2, 10)
	if w.warnings(lying) != 0 {
		t.Error("warned too early")
	}
	w.on(2, 12)
	if w.warnings(lying) != 1 || w.warnings(asked) != 0 || w.warnings(queue) != 0 {
		t.Errorf("warned: %d of what lies, %d of what waits, %d of what is worked on", w.warnings(lying), w.warnings(asked), w.warnings(queue))
	}
	// Thursday, 9 o'clock: it climbs. The boss asks for it; the climb is over.
	w.on(3, 8)
	w.stands(lying, civic.Received, "puskesmas", 0)
	w.on(3, 10)
	w.stands(lying, civic.Escalated, "puskesmas", 1)
	w.stands(lamp, civic.Escalated, "lampu", 1) // the lamps unit slept, too
	done[*civic.Comment](t)(w.desk.Comment(t.Context(), boss, lying, "Hari ini kami tangani."))
	done[*civic.Comment](t)(w.desk.Comment(t.Context(), budi, asked, "Di loket dua, pagi hari."))
	w.stands(asked, civic.InProgress, "puskesmas", 0)

	// Friday: the queue is called done, and is not; on Monday it is called done again, and is not: now others look.
	w.on(4, 9)
	move(queue, civic.Resolved)
	w.on(4, 10)
	done[*civic.Report](t)(w.desk.Reopen(t.Context(), budi, queue, "Hanya ditambah kursi."))
	w.stands(queue, civic.InProgress, "puskesmas", 0)
	w.on(7, 9)
	move(queue, civic.Resolved)
	w.on(7, 10)
	done[*civic.Report](t)(w.desk.Reopen(t.Context(), budi, queue, "Masih tiga jam."))
	w.stands(queue, civic.Escalated, "puskesmas", 1)
	w.stands(lying, civic.Escalated, "puskesmas", 1) // the boss acted: a week later it is no higher

	// It is done at last; nobody objects for seven days, and it is over.
	w.on(7, 11)
	move(queue, civic.Resolved)
	move(lying, civic.Resolved)
	done[*civic.Report](t)(w.desk.ConfirmResolution(t.Context(), budi, lying))
	done[*civic.Report](t)(w.desk.Rate(t.Context(), budi, lying, 3, "Lama, tetapi beres."))
	w.on(14, 10)
	w.stands(queue, civic.Resolved, "puskesmas", 1)
	w.on(14, 12)
	w.stands(queue, civic.Closed, "puskesmas", 1)
	w.stands(lying, civic.Closed, "puskesmas", 1)
	// The lamps unit has not moved for two weeks: its report is at the top, step by step.
	w.stands(lamp, civic.Escalated, "lampu", 3)
	if got := w.history(t, queue); got != "SUBMITTED ASSIGNED STATUS_CHANGED RESOLVED REOPENED RESOLVED REOPENED ESCALATED RESOLVED STATUS_CHANGED" {
		t.Errorf("the queue's history: %s", got)
	}
	// Every act has its line, and each report's events tell the same story to three departments as far as it is theirs.
	if acts, lines := w.Count("SELECT count(*) FROM timeline"), w.Count("SELECT count(*) FROM audit"); lines < acts {
		t.Errorf("%d steps and %d audit lines", acts, lines)
	}
	for department, want := range map[string]int{"puskesmas": 3, "lampu": 1, "kesehatan": 3, "walikota": 4, "keamanan": 0} {
		p := w.Officer(department)
		page, err := w.rows.DepartmentReports(t.Context(), w.City.ScopeOf(p), w.City.Below(p.Department), civic.Filter{}, civic.Newest, civic.PageRequest{First: 100})
		if err != nil || len(page.Items) != want {
			t.Errorf("%s sees %d of its reports, want %d, %v", department, len(page.Items), want, err)
		}
	}
}
