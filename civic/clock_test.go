package civic_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

// monday is 9 o'clock of a Monday in a week without holidays.
func monday(t testing.TB) time.Time { return at(t, "Asia/Jakarta", "2026-11-23 09:00:00") }

// filed is a report of the roads unit: the answer is due on Thursday at 9, the resolution on the Monday after next at 9.
func filed(t testing.TB, city *civic.City) *civic.Report {
	s := civic.Submission{Visibility: civic.Public, Category: city.Categories[0].ID, Department: roads.ID, At: monday(t)}
	s.ResponseDue, s.ResolutionDue = city.Promise(city.Categories[0], s.At)
	return s.AsReport()
}

func move(t testing.TB, city *civic.City, r *civic.Report, by civic.Actor, to civic.Status, now time.Time) {
	t.Helper()
	if err := city.Move(r, by, to, now); err != nil {
		t.Fatal(err)
	}
}

func wantDue(t testing.TB, r *civic.Report, want time.Time) {
	t.Helper()
	if r.Clock.NextDue == nil || !r.Clock.NextDue.Equal(want) {
		t.Errorf("due %v, want %v", r.Clock.NextDue, want)
	}
}

func TestAnActOfTheDepartmentIsAnAnswer(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	wantDue(t, r, at(t, "Asia/Jakarta", "2026-11-26 09:00:00"))
	resolution := at(t, "Asia/Jakarta", "2026-12-07 09:00:00")
	answered := monday(t).Add(time.Hour)
	move(t, city, r, civic.ByDepartment, civic.Verified, answered)
	wantDue(t, r, resolution)
	move(t, city, r, civic.ByDepartment, civic.InProgress, answered.Add(time.Hour))
	if !r.Clock.AnsweredAt.Equal(answered) || !r.UpdatedAt.Equal(answered.Add(time.Hour)) {
		t.Errorf("answered at %s, updated at %s", r.Clock.AnsweredAt, r.UpdatedAt)
	}
	wantDue(t, r, resolution)
}

func TestTheClockStandsWhileTheReporterHasToAct(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	move(t, city, r, civic.ByDepartment, civic.AwaitingReporter, monday(t))
	if r.Clock.NextDue != nil || r.Clock.StoppedAt == nil {
		t.Fatalf("the clock goes on: %+v", r.Clock)
	}
	if city.Climb(r, monday(t).AddDate(1, 0, 0)) {
		t.Fatal("it climbed while its reporter had to act")
	}
	// It stands for a week of five working days.
	move(t, city, r, civic.ByReporter, civic.InProgress, monday(t).AddDate(0, 0, 7))
	if r.Clock.StoppedAt != nil {
		t.Error("the clock still stands")
	}
	wantDue(t, r, at(t, "Asia/Jakarta", "2026-12-14 09:00:00"))
}

func TestStandingGivesWorkingTimeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(q *rapid.T) {
		city := newCity(t)
		r := filed(t, city)
		promised := city.Calendar.Between(r.CreatedAt, r.Clock.ResolutionDue)
		now, stood := monday(t), time.Duration(0)
		for range rapid.IntRange(1, 4).Draw(q, "stops") {
			now = now.Add(anyWork(q))
			move(t, city, r, civic.ByDepartment, civic.AwaitingReporter, now)
			start := now
			now = now.Add(anyWork(q))
			stood += city.Calendar.Between(start, now)
			move(t, city, r, civic.ByReporter, civic.InProgress, now)
		}
		if got := city.Calendar.Between(r.CreatedAt, r.Clock.ResolutionDue); got != promised+stood {
			q.Fatalf("promised %s, stood %s, and now %s", promised, stood, got)
		}
	})
}

func TestClimbToTheTop(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	if city.Climb(r, r.Clock.NextDue.Add(-time.Microsecond)) {
		t.Fatal("it climbed before it was due")
	}
	for level, want := range []*civic.Department{works, secretariat, mayor} {
		now := *r.Clock.NextDue
		if !city.Climb(r, now) {
			t.Fatalf("it did not climb to %s", want.Code)
		}
		if r.Status != civic.Escalated || r.Escalation.Level != level+1 || *r.Escalation.To != want.ID || !r.UpdatedAt.Equal(now) {
			t.Errorf("level %d: %+v, %s", level+1, r.Escalation, r.Status)
		}
		if r.Department != roads.ID {
			t.Error("the department did not keep the case")
		}
		if want == mayor {
			break
		}
		wantDue(t, r, city.Calendar.Add(now, 24*time.Hour))
		if city.Climb(r, now) {
			t.Error("it climbed twice for one due time")
		}
	}
	if r.Clock.NextDue != nil || city.Climb(r, monday(t).AddDate(10, 0, 0)) {
		t.Error("it climbs above the top")
	}
}

func TestAnActGivesAFreshResponseTime(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	city.Climb(r, *r.Clock.NextDue)
	late := at(t, "Asia/Jakarta", "2026-12-10 10:00:00") // after everything was due
	move(t, city, r, civic.ByDepartment, civic.InProgress, late)
	wantDue(t, r, at(t, "Asia/Jakarta", "2026-12-15 10:00:00"))
	if r.Escalation.Level != 1 || *r.Escalation.To != works.ID {
		t.Error("an answer took the escalation back")
	}
}

func TestWhoIsAtTheTopDoesNotClimb(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	r.Department = mayor.ID
	if city.Climb(r, monday(t).AddDate(0, 1, 0)) || r.Clock.NextDue != nil || r.Status != civic.Received {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsNotOpenIsNotDue(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for _, way := range [][]civic.Status{{civic.Rejected}, {civic.Verified, civic.Resolved}} {
		r := filed(t, city)
		for _, to := range way {
			move(t, city, r, civic.ByDepartment, to, monday(t))
		}
		if r.Clock.NextDue != nil || city.Climb(r, monday(t).AddDate(1, 0, 0)) {
			t.Errorf("%s climbs", r.Status)
		}
		if (r.ClosedAt != nil) != (r.Status == civic.Rejected) || (r.ResolvedAt != nil) != (r.Status == civic.Resolved) {
			t.Errorf("%s: resolved %v, closed %v", r.Status, r.ResolvedAt, r.ClosedAt)
		}
	}
	r := filed(t, city)
	move(t, city, r, civic.ByReporter, civic.Withdrawn, monday(t))
	if r.Clock.NextDue != nil || r.ClosedAt == nil || r.Clock.AnsweredAt != nil {
		t.Errorf("withdrawn: %+v", r)
	}
}

func TestReopening(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	move(t, city, r, civic.ByDepartment, civic.Verified, monday(t))
	move(t, city, r, civic.ByDepartment, civic.Resolved, monday(t).Add(time.Hour))
	closed := *r
	move(t, city, &closed, civic.ByReporter, civic.Closed, monday(t).Add(2*time.Hour))
	if closed.ResolvedAt == nil || closed.ClosedAt == nil {
		t.Error("a closed report forgot when it was resolved")
	}
	move(t, city, r, civic.ByReporter, civic.InProgress, monday(t).Add(2*time.Hour))
	if r.ResolvedAt != nil {
		t.Error("a reopened report is still resolved")
	}
	wantDue(t, r, at(t, "Asia/Jakarta", "2026-12-07 09:00:00"))
}

func TestReassign(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	officer := civic.OfficerID{UUID: civic.NamedUUID("officer")}
	for _, c := range []struct {
		name  string
		climb int
		to    *civic.Department
		level int
	}{
		{"not escalated", 0, drains, 0},
		{"below the one it climbed to", 1, drains, 1},
		{"away from the one it climbed to", 1, inspection, 1},
		{"away, but below the top", 3, inspection, 3},
	} {
		r := filed(t, city)
		r.Assignee = &officer
		for range c.climb {
			city.Climb(r, *r.Clock.NextDue)
		}
		city.Reassign(r, c.to.ID, monday(t))
		if r.Department != c.to.ID || r.Assignee != nil || r.Escalation.Level != c.level || (r.Escalation.To != nil) != (c.level > 0) {
			t.Errorf("%s: %+v, %v", c.name, r.Escalation, r.Assignee)
		}
		atTop := r.Escalation.To != nil && city.Above(*r.Escalation.To) == nil
		if (r.Clock.NextDue == nil) != atTop {
			t.Errorf("%s: due %v, at the top %v", c.name, r.Clock.NextDue, atTop)
		}
		if c.climb == 0 && !r.Clock.NextDue.Equal(r.Clock.ResponseDue) {
			t.Errorf("%s: the clock did not go on: %s", c.name, r.Clock.NextDue)
		}
	}
}

// An imported report was promised nothing here: whatever is done to it, nobody is late.
func TestHistoryIsNeverDue(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	r.Clock = civic.Clock{}
	for _, to := range []civic.Status{civic.AwaitingReporter, civic.InProgress, civic.AwaitingReporter, civic.Verified} {
		move(t, city, r, civic.ByDepartment, to, monday(t))
		if r.Clock.NextDue != nil || !r.Clock.ResponseDue.IsZero() || !r.Clock.ResolutionDue.IsZero() {
			t.Errorf("at %s something is due: %+v", to, r.Clock)
		}
	}
	if r.Clock.StoppedAt != nil {
		t.Error("the clock stands")
	}
}

// A forbidden move changes nothing.
func TestARefusedMoveLeavesTheReportAlone(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	before := *r
	if err := city.Move(r, civic.ByDepartment, civic.Closed, monday(t)); err == nil {
		t.Fatal("a received report was closed")
	}
	if r.Status != before.Status || r.UpdatedAt != before.UpdatedAt || r.Clock != before.Clock {
		t.Errorf("%+v", r)
	}
}

func TestAnEventCarriesTheStateItLeft(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	r.Title, r.Place = "Lubang", &civic.Place{Latitude: -6.9, Longitude: 107.6}
	move(t, city, r, civic.ByDepartment, civic.Verified, monday(t))
	event := civic.EventOf(civic.EventStatusChanged, r, monday(t))
	later := *r
	move(t, city, &later, civic.ByDepartment, civic.Rejected, monday(t).Add(time.Hour))
	then := event.LaidOver(&later)
	if then.Status != civic.Verified || then.Title != "Lubang" || !then.Clock.NextDue.Equal(*r.Clock.NextDue) || *event.Latitude != -6.9 {
		t.Errorf("%+v", then)
	}
	if later.Status != civic.Rejected {
		t.Error("laying an event over a report changed the report")
	}
}
