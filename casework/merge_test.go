package casework_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// supports counts who supports a report, and who follows it.
func (o office) supports(id civic.ReportID) [2]int {
	return [2]int{
		o.Count("SELECT count(*) FROM upvotes WHERE report_id = $1", id.Bytes()),
		o.Count("SELECT count(*) FROM followers WHERE report_id = $1", id.Bytes()),
	}
}

// Supporters come along, each citizen once, and so do followers and reporters; every report tells of it.
func TestMerge(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	budi, siti, ani := coretest.Citizen("budi"), coretest.Citizen("siti"), coretest.Citizen("ani")
	into := o.File(coretest.By(ani)).ID
	first, second := o.File(coretest.At(coretest.Monday.Add(-time.Hour))).ID, o.File(coretest.By(siti), coretest.Visibility(civic.Private)).ID
	for id, citizens := range map[civic.ReportID][]civic.Principal{into: {budi, siti}, first: {siti, ani}} {
		for _, citizen := range citizens {
			done[*civic.Report](t)(o.desk.Upvote(t.Context(), citizen, id, true))
			done[*civic.Report](t)(o.desk.Follow(t.Context(), citizen, id, true))
		}
	}
	earlier := o.Report(first).Clock
	o.ticking()
	before := o.traces()
	merged := done[*civic.Report](t)(o.desk.Merge(t.Context(), o.Officer("jalan"), into, []civic.ReportID{first, second}))
	after := o.traces()
	if after.timeline-before.timeline != 3 || after.audit-before.audit != 3 || after.outbox-before.outbox != 3 {
		t.Errorf("%+v became %+v", before, after)
	}
	stored := o.Report(into)
	if merged.Upvotes != 3 || stored.Upvotes != 3 || o.supports(into) != [2]int{3, 3} {
		t.Errorf("%d and %d upvotes, %v", merged.Upvotes, stored.Upvotes, o.supports(into))
	}
	if !stored.Open() || !stored.Clock.ResponseDue.Equal(earlier.ResponseDue) || !stored.Clock.NextDue.Equal(*earlier.NextDue) {
		t.Errorf("merging won time: %+v", stored.Clock)
	}
	for _, id := range []civic.ReportID{first, second} {
		if r := o.Report(id); r.Status != civic.Merged || r.ClosedAt == nil || r.Clock.NextDue != nil {
			t.Errorf("%+v", r)
		}
		if got := o.history(t, id); got != "SUBMITTED MERGED" {
			t.Errorf("history: %s", got)
		}
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'MERGED' AND event->>'status' = 'MERGED' AND event->>'previousStatus' = 'RECEIVED'"); n != 2 {
		t.Errorf("%d events of what was merged", n)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE action = 'merge' AND detail->>'other' = $1", into.String()); n != 2 {
		t.Errorf("%d lines tell where to", n)
	}
	if n := o.Count("SELECT count(*) FROM timeline WHERE message <> ''"); n != 0 {
		t.Error("a history tells what was merged")
	}
}

// Whoever sees what was merged knows how that goes on, whoever moves it; what went on as it goes on with it.
func TestWhatWasMergedGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	a, b, c := o.File().ID, o.File().ID, o.File().ID
	status := func() (statuses []string) {
		t.Helper()
		found := done[map[civic.ReportID]civic.Merge](t)(o.rows.Merges(t.Context(), civic.Scope{}, []civic.ReportID{a, b}))
		for _, id := range []civic.ReportID{a, b} {
			if merge := found[id]; !merge.Into.IsZero() {
				statuses = append(statuses, map[civic.ReportID]string{b: "b ", c: "c "}[merge.Into]+string(merge.Status))
			}
		}
		return statuses
	}
	wants := func(want ...string) {
		t.Helper()
		if got := status(); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	done[*civic.Report](t)(o.desk.Merge(t.Context(), officer, b, []civic.ReportID{a}))
	wants("b RECEIVED")
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, b, civic.InProgress, ""))
	wants("b IN_PROGRESS")
	done[*civic.Report](t)(o.desk.Transfer(t.Context(), officer, b, demo.DepartmentID("drainase"), "saluran"))
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("drainase"), b, civic.AwaitingReporter, ""))
	wants("b AWAITING_REPORTER")
	// Its department, which cannot see the first one any more, leads both on.
	done[*civic.Report](t)(o.desk.Transfer(t.Context(), officer, c, demo.DepartmentID("drainase"), "saluran"))
	done[*civic.Report](t)(o.desk.Merge(t.Context(), o.Officer("drainase"), c, []civic.ReportID{b}))
	wants("c RECEIVED", "c RECEIVED")
	// The clockwork and the reporter move it, too.
	late := o.Report(c).Clock.NextDue.Add(time.Minute)
	o.SetClock(func() time.Time { return late })
	if climbed, err := o.Desk(o.Store(roles.Escalator), casework.Config{}).Climb(t.Context(), c); climbed != 1 || err != nil {
		t.Fatal(climbed, err)
	}
	wants("c ESCALATED", "c ESCALATED")
	done[*civic.Report](t)(o.desk.Withdraw(t.Context(), coretest.Citizen("budi"), c, ""))
	wants("c WITHDRAWN", "c WITHDRAWN")
}

// What cannot be merged is refused whole, and says why.
func TestWhatCannotBeMerged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	into, fine, private, foreign := o.File().ID, o.File().ID, o.File(coretest.Visibility(civic.Private)).ID, o.File(o.Of("wabah")).ID
	gone, closed := o.File().ID, o.File().ID
	done[*civic.Report](t)(o.desk.Merge(t.Context(), officer, into, []civic.ReportID{gone}))
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, closed, civic.Rejected, ""))
	none := civic.ReportID{UUID: civic.NamedUUID("none")}
	many := make([]civic.ReportID, civic.MaxMerge+1)
	for i := range many {
		many[i].UUID = civic.NewUUIDv4(rand.Reader)
	}
	before := o.traces()
	for what, c := range map[string]struct {
		into    civic.ReportID
		reports []civic.ReportID
		code    civic.Code
		field   string
	}{
		"into itself":               {into, []civic.ReportID{fine, into}, civic.CodeInvalidInput, "reports"},
		"twice":                     {into, []civic.ReportID{fine, fine}, civic.CodeInvalidInput, "reports"},
		"nothing":                   {into, nil, civic.CodeInvalidInput, "reports"},
		"too many":                  {into, many, civic.CodeInvalidInput, "reports"},
		"into what was merged":      {gone, []civic.ReportID{fine}, civic.CodeConflict, "into"},
		"a ring":                    {gone, []civic.ReportID{into}, civic.CodeConflict, "into"},
		"into what is closed":       {closed, []civic.ReportID{fine}, civic.CodeConflict, "into"},
		"what was merged":           {into, []civic.ReportID{fine, gone}, civic.CodeConflict, "reports"},
		"what is closed":            {into, []civic.ReportID{fine, closed}, civic.CodeConflict, "reports"},
		"another's":                 {into, []civic.ReportID{fine, foreign}, civic.CodeNotFound, "reports"},
		"into another's":            {foreign, []civic.ReportID{fine}, civic.CodeNotFound, ""},
		"what is not there":         {into, []civic.ReportID{fine, none}, civic.CodeNotFound, "reports"},
		"into what is not there":    {none, []civic.ReportID{fine}, civic.CodeNotFound, ""},
		"a public one out of sight": {private, []civic.ReportID{fine}, civic.CodeConflict, "into"},
	} {
		_, err := o.desk.Merge(t.Context(), officer, c.into, c.reports)
		refused(t, what, err, c.code, c.field)
	}
	if after := o.traces(); after != before || o.Report(fine).Status != civic.Received {
		t.Errorf("something half done: %+v, then %+v", before, after)
	}
}

// Two who merge each into the other: one of them finds that it is no longer so.
func TestMergingInARing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	a, b := o.File().ID, o.File().ID
	errs := make([]error, 2)
	var all sync.WaitGroup
	for i, way := range [][2]civic.ReportID{{a, b}, {b, a}} {
		all.Go(func() { _, errs[i] = o.desk.Merge(t.Context(), officer, way[0], []civic.ReportID{way[1]}) })
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v", errs)
	}
	refused(t, "the second", errors.Join(errs...), civic.CodeConflict, "into")
	if o.Report(a).Open() == o.Report(b).Open() {
		t.Error("not exactly one goes on")
	}
}
