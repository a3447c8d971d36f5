package civic_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

// Whoever the report climbed to, or somebody above, acts: it climbs no more for what was due, and again only for a promise that is broken
// later.
func TestActingAboveStopsTheClimb(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for _, c := range []struct {
		name  string
		acted *civic.Department
		stops bool
	}{{"below", roads, false}, {"beside", drains, false}, {"there", works, true}, {"above", mayor, true}} {
		r := filed(t, city)
		city.Climb(r, *r.Clock.NextDue)
		now := r.Clock.NextDue.Add(-time.Hour)
		city.ActedAbove(r, c.acted.ID, now)
		resolution := at(t, "Asia/Jakarta", "2026-12-07 09:00:00")
		move(t, city, r, civic.ByDepartment, civic.InProgress, now)
		wantDue(t, r, resolution) // the answer was given; the resolution is promised still
		late := resolution.AddDate(0, 0, 30)
		if !city.Climb(r, late) || r.Escalation.Level != 2 {
			t.Errorf("%s: level %d after the resolution was due", c.name, r.Escalation.Level)
		}
		if !c.stops {
			continue
		}
		// Now nothing more is promised: an act above ends it for good, also when those below act again.
		city.ActedAbove(r, mayor.ID, late)
		move(t, city, r, civic.ByDepartment, civic.InProgress, late.Add(time.Hour))
		if r.Clock.NextDue != nil || r.Clock.WarnAt != nil || city.Climb(r, late.AddDate(1, 0, 0)) {
			t.Errorf("%s: it climbs on: %v", c.name, r.Clock.NextDue)
		}
	}
}

// An act above that is no answer leaves the resolution promised: nobody may put a report on a desk and forget it.
func TestActingAboveWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	city.Climb(r, *r.Clock.NextDue)
	city.ActedAbove(r, works.ID, r.Clock.ResponseDue.Add(time.Hour))
	wantDue(t, r, r.Clock.ResolutionDue)
}

func TestEscalateByHand(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	move(t, city, r, civic.ByDepartment, civic.AwaitingReporter, monday(t))
	for level, want := range []*civic.Department{works, secretariat, mayor} {
		if err := city.Escalate(r, monday(t).Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if r.Escalation.Level != level+1 || *r.Escalation.To != want.ID || r.Status != civic.Escalated || r.Clock.StoppedAt != nil {
			t.Errorf("level %d: %+v %s, clock %+v", level+1, r.Escalation, r.Status, r.Clock)
		}
	}
	var known *civic.Error
	if err := city.Escalate(r, monday(t)); !errors.As(err, &known) || known.Code != civic.CodeConflict || known.Key != "escalation.top" {
		t.Errorf("above the top: %v", err)
	}
	move(t, city, r, civic.ByDepartment, civic.Rejected, monday(t))
	if err := city.Escalate(r, monday(t)); !errors.As(err, &known) || known.Code != civic.CodeConflict {
		t.Errorf("a rejected report: %v", err)
	}
}

// The department is warned when a quarter of the time is left, once for each due time.
func TestWarn(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	city.Begin(r)
	warn := at(t, "Asia/Jakarta", "2026-11-25 11:00:00") // 6 of 24 working hours before Thursday at 9
	if r.Clock.WarnAt == nil || !r.Clock.WarnAt.Equal(warn) {
		t.Fatalf("warned at %v, want %s", r.Clock.WarnAt, warn)
	}
	if city.Warn(r, warn.Add(-time.Second)) || !city.Warn(r, warn) || city.Warn(r, warn.Add(time.Hour)) {
		t.Error("not warned once, in time")
	}
	city.Reassign(r, drains.ID, warn) // the due time stays, and so does the warning
	if r.Clock.WarnAt != nil {
		t.Errorf("warned a second time for one due time, at %s", r.Clock.WarnAt)
	}
	move(t, city, r, civic.ByDepartment, civic.InProgress, warn)
	if r.Clock.WarnAt == nil || !r.Clock.WarnAt.Equal(city.Calendar.Sub(*r.Clock.NextDue, 20*time.Hour)) {
		t.Errorf("the resolution is due at %s, warned at %v", r.Clock.NextDue, r.Clock.WarnAt)
	}
	if city.Warn(r, *r.Clock.NextDue) || r.Clock.WarnAt != nil {
		t.Error("warned of what has happened")
	}
	move(t, city, r, civic.ByDepartment, civic.Resolved, warn)
	if r.Clock.WarnAt != nil {
		t.Error("warned of a report that is done")
	}
}

func TestSilenceCloses(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	move(t, city, r, civic.ByDepartment, civic.InProgress, monday(t))
	move(t, city, r, civic.ByDepartment, civic.Resolved, monday(t))
	week := monday(t).AddDate(0, 0, 7)
	if city.CloseSilent(r, week.Add(-time.Second)) || !city.CloseSilent(r, week) || r.Status != civic.Closed || r.Clock.ClosesAt != nil {
		t.Errorf("%s, closes at %v", r.Status, r.Clock.ClosesAt)
	}
	objected := filed(t, city)
	move(t, city, objected, civic.ByDepartment, civic.InProgress, monday(t))
	move(t, city, objected, civic.ByDepartment, civic.Resolved, monday(t))
	move(t, city, objected, civic.ByReporter, civic.InProgress, monday(t))
	if objected.Clock.ClosesAt != nil || city.CloseSilent(objected, week) {
		t.Error("closed though somebody objected")
	}
}

// A holiday in between moves what is promised by a working day, but not what was kept; telling it twice changes nothing.
func TestPromiseAgain(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	day := civic.Date{Year: 2026, Month: time.November, Day: 25}
	changed := city.WithHoliday(day, "Hari libur")
	if len(city.Calendar.Holidays) == len(changed.Calendar.Holidays) {
		t.Error("the old calendar has the holiday, too")
	}
	r := filed(t, city)
	if city.PromiseAgain(r) {
		t.Error("nothing has changed, and the due times have")
	}
	if !changed.PromiseAgain(r) || changed.PromiseAgain(r) {
		t.Error("the due times do not move once")
	}
	wantDue(t, r, at(t, "Asia/Jakarta", "2026-11-27 09:00:00"))
	answered := filed(t, city)
	move(t, city, answered, civic.ByDepartment, civic.InProgress, monday(t))
	response := answered.Clock.ResponseDue
	changed.PromiseAgain(answered)
	if !answered.Clock.ResponseDue.Equal(response) {
		t.Error("an answer that was given is promised anew")
	}
	wantDue(t, answered, at(t, "Asia/Jakarta", "2026-12-08 09:00:00"))
	old := filed(t, city)
	old.Clock = civic.Clock{}
	if changed.PromiseAgain(old) {
		t.Error("imported history is promised something")
	}
}

// Of an anonymous report the hour is known; its promises count from the next, the first time and again.
func TestPromiseAgainToTheAnonymous(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	r := filed(t, city)
	r.Visibility, r.CreatedAt = civic.Anonymous, monday(t)
	r.Clock.ResponseDue, r.Clock.ResolutionDue = city.Promise(city.Categories[0], monday(t).Add(time.Hour))
	before := r.Clock.ResolutionDue
	if city.PromiseAgain(r); !r.Clock.ResolutionDue.Equal(before) {
		t.Errorf("due at %s, was %s", r.Clock.ResolutionDue, before)
	}
	fast := *city
	fast.Calendar = office(t, 3600)
	if fast.PromiseAgain(r) || !r.Clock.ResolutionDue.Equal(before) {
		t.Error("a fast clock makes an hour into a lifetime")
	}
}

// Counting the promise anew gives what counting it step by step gave: the time for which the clock stood is not lost.
func TestPromiseAgainKeepsWhatStood(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(q *rapid.T) {
		city := newCity(t)
		r := filed(t, city)
		now := monday(t)
		for range rapid.IntRange(0, 4).Draw(q, "stops") {
			now = now.Add(anyWork(q))
			move(t, city, r, civic.ByDepartment, civic.AwaitingReporter, now)
			now = now.Add(anyWork(q))
			move(t, city, r, civic.ByReporter, civic.InProgress, now)
		}
		before := r.Clock.ResolutionDue
		city.PromiseAgain(r)
		if city.Calendar.Between(before, r.Clock.ResolutionDue)+city.Calendar.Between(r.Clock.ResolutionDue, before) != 0 {
			q.Fatalf("the resolution was due at %s, and is now at %s", before, r.Clock.ResolutionDue)
		}
	})
}

// Looking back undoes looking ahead, and what lies between is the time asked for.
func TestSub(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(q *rapid.T) {
		calendar := office(t, rapid.SampledFrom([]float64{1, 60, 3600}).Draw(q, "scale"))
		from, work := monday(t).Add(anyWork(q)), anyWork(q)
		due := calendar.Add(from, work)
		back := calendar.Sub(due, work)
		if got := calendar.Between(back, due); got < work-time.Second || got > work+time.Second {
			q.Fatalf("%s before %s is %s: %s lie between", work, due, back, got)
		}
	})
}
