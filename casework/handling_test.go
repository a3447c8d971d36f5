package casework_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// ticking lets a second pass between any two acts, so that the history has an order.
func (o office) ticking() {
	now := coretest.Monday
	o.SetClock(func() time.Time { now = now.Add(time.Second); return now })
}

// "Bukan wewenang": the second refusal ends at the secretariat, whose word is final.
func TestARefusedReportEndsAtTheTray(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.File(coretest.Visibility(civic.Private)).ID
	due := *o.Report(id).Clock.NextDue
	o.ticking()
	transfer := func(by, to string) (*civic.Report, error) {
		return o.desk.Transfer(t.Context(), o.Officer(by), id, demo.DepartmentID(to), "bukan wewenang kami")
	}
	done[*civic.Report](t)(transfer("jalan", "kesehatan"))
	_, err := transfer("kesehatan", "jalan")
	refused(t, "back to who refused it", err, civic.CodeConflict, "")
	atTray := done[*civic.Report](t)(transfer("kesehatan", "sosial"))
	if atTray.Department != demo.DepartmentID("sekda") || !atTray.Clock.NextDue.Equal(due) {
		t.Errorf("refused twice it is at %s, due %s", o.City.Department(atTray.Department).Code, atTray.Clock.NextDue)
	}
	decided := done[*civic.Report](t)(transfer("sekda", "jalan"))
	if decided.Department != demo.DepartmentID("jalan") {
		t.Error("the secretariat cannot decide")
	}
	for _, to := range []string{"kesehatan", "sosial", "infrastruktur"} {
		_, err = transfer("jalan", to)
		refused(t, "refused after the decision to "+to, err, civic.CodeConflict, "")
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("jalan"), id, civic.InProgress, ""))
	if got := o.history(t, id); got != "SUBMITTED TRANSFERRED TRANSFERRED TRANSFERRED STATUS_CHANGED" {
		t.Errorf("history: %s", got)
	}
	if n := o.Count("SELECT count(*) FROM refusals WHERE report_id = $1", id.Bytes()); n != 2 {
		t.Errorf("%d refusals", n)
	}
}

// The due times become the category's, from when the report came; the report goes where the category belongs.
func TestRecategorize(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	id := o.File().ID
	o.ticking()
	stays := done[*civic.Report](t)(o.desk.Recategorize(t.Context(), officer, id, demo.CategoryID("jembatan")))
	bridge := o.City.Category(demo.CategoryID("jembatan"))
	_, resolution := o.City.Promise(bridge, coretest.Monday)
	if stays.Department != demo.DepartmentID("jalan") || stays.Category != bridge.ID || !stays.Clock.ResolutionDue.Equal(resolution) {
		t.Errorf("%+v", stays)
	}
	done[*civic.Report](t)(o.desk.Assign(t.Context(), officer, id, officer.Officer))
	goes := done[*civic.Report](t)(o.desk.Recategorize(t.Context(), officer, id, demo.CategoryID("banjir")))
	flood := o.City.Category(demo.CategoryID("banjir"))
	response, resolution := o.City.Promise(flood, coretest.Monday)
	stored := o.Report(id)
	if goes.Department != demo.DepartmentID("drainase") || goes.Assignee != nil || !stored.Clock.ResolutionDue.Equal(resolution) ||
		!stored.Clock.ResponseDue.Equal(response) || !stored.Clock.NextDue.Equal(response) || stored.Category != flood.ID {
		t.Errorf("%+v", stored)
	}
	if got := o.history(t, id); got != "SUBMITTED EDITED ASSIGNED TRANSFERRED" {
		t.Errorf("history: %s", got)
	}
	// It is no way round the rule of transfers.
	_, err := o.desk.Recategorize(t.Context(), o.Officer("drainase"), id, demo.CategoryID("trotoar"))
	refused(t, "back to who refused it", err, civic.CodeConflict, "")
	if o.Report(id).Category != flood.ID {
		t.Error("a refused act changed the category")
	}
	for what, c := range map[string]civic.CategoryID{"the same": flood.ID, "none": {UUID: civic.NamedUUID("none")}} {
		_, err := o.desk.Recategorize(t.Context(), o.Officer("drainase"), id, c)
		refused(t, what, err, civic.CodeInvalidInput, "category")
	}
	// What a unit was handed down stays with it as long as the category is its house's.
	below := o.File(o.Of("sampah")).ID
	done[*civic.Report](t)(o.desk.Transfer(t.Context(), o.Officer("kebersihan"), below, demo.DepartmentID("kebersihan-utara"), "wilayah utara"))
	kept := done[*civic.Report](t)(o.desk.Recategorize(t.Context(), o.Officer("kebersihan-utara"), below, demo.CategoryID("sampah-liar")))
	if kept.Department != demo.DepartmentID("kebersihan-utara") {
		t.Error("the unit lost what it was handed down")
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("drainase"), id, civic.Rejected, ""))
	_, err = o.desk.Recategorize(t.Context(), o.Officer("drainase"), id, demo.CategoryID("saluran-mampet"))
	refused(t, "of a rejected report", err, civic.CodeConflict, "")
}

func TestPrioritize(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.File().ID
	done[*civic.Report](t)(o.desk.Prioritize(t.Context(), o.Officer("jalan"), id, civic.PriorityUrgent))
	if o.Report(id).Priority != civic.PriorityUrgent {
		t.Error("the priority is not stored")
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'EDITED' AND event->>'priority' = 'URGENT'"); n != 1 {
		t.Errorf("%d events", n)
	}
	if got := o.history(t, id); got != "SUBMITTED" {
		t.Errorf("the reporter's history tells of it: %s", got)
	}
	_, err := o.desk.Prioritize(t.Context(), o.Officer("jalan"), id, "SOON")
	refused(t, "no priority", err, civic.CodeInvalidInput, "priority")
}

// Hidden, a report is gone for everybody but its reporter and its department; shown again, it is back.
func TestHide(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, officer := o.File().ID, o.Officer("jalan")
	sees := func(p civic.Principal) bool {
		found, err := o.rows.Reports(t.Context(), o.City.ScopeOf(p), []civic.ReportID{id})
		if err != nil {
			t.Fatal(err)
		}
		return len(found) == 1
	}
	for _, hidden := range []bool{true, false} {
		done[*civic.Report](t)(o.desk.Hide(t.Context(), officer, id, hidden, "menyebut nama anak"))
		if sees(civic.Principal{}) == hidden || sees(coretest.Citizen("siti")) == hidden || sees(o.Officer("kesehatan")) == hidden {
			t.Errorf("hidden %v: others see otherwise", hidden)
		}
		if !sees(coretest.Citizen("budi")) || !sees(officer) {
			t.Errorf("hidden %v: its own people do not see it", hidden)
		}
		_, err := o.desk.Hide(t.Context(), officer, id, hidden, "lagi")
		refused(t, "twice", err, civic.CodeConflict, "")
	}
	_, err := o.desk.Hide(t.Context(), officer, id, true, " ")
	refused(t, "without a reason", err, civic.CodeInvalidInput, "reason")
	if n := o.Count("SELECT count(*) FROM audit WHERE action IN ('hide', 'show') AND report_id = $1", id.Bytes()); n != 2 {
		t.Errorf("%d audit lines", n)
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event::text LIKE '%menyebut%'"); n != 0 {
		t.Error("an event carries the reason")
	}
}

// Of many, each is moved or not for itself.
func TestChangeStatuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	fine, rejected, foreign := o.File().ID, o.File().ID, o.File(o.Of("wabah"), coretest.Visibility(civic.Private)).ID
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, rejected, civic.Rejected, ""))
	changes, err := o.desk.ChangeStatuses(t.Context(), officer, []civic.ReportID{fine, rejected, foreign, fine}, civic.Verified, "diterima")
	if err != nil || len(changes) != 4 || changes[0].Err != nil {
		t.Fatalf("%+v, %v", changes, err)
	}
	refused(t, "from REJECTED", changes[1].Err, civic.CodeConflict, "to")
	refused(t, "another department's", changes[2].Err, civic.CodeNotFound, "")
	refused(t, "named twice", changes[3].Err, civic.CodeConflict, "to")
	if o.Report(fine).Status != civic.Verified || o.Report(rejected).Status != civic.Rejected || o.Report(foreign).Status != civic.Received {
		t.Error("the wrong ones were moved")
	}
	for what, ids := range map[string][]civic.ReportID{"none": nil, "too many": make([]civic.ReportID, casework.MaxBulk+1)} {
		_, err := o.desk.ChangeStatuses(t.Context(), officer, ids, civic.Verified, "")
		refused(t, what, err, civic.CodeInvalidInput, "reports")
	}
	_, err = o.desk.ChangeStatuses(t.Context(), officer, []civic.ReportID{fine}, civic.InProgress, "\x00")
	refused(t, "a NUL byte", err, civic.CodeInvalidInput, "message")
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	data := done[*demo.Data](t)(demo.Load())
	var people []civic.Principal // of the roads unit: its head first
	for _, officer := range data.Officers {
		if officer.Department == "jalan" {
			people = append(people, civic.Principal{Role: officer.Role, Officer: officer.ID(), Department: demo.DepartmentID("jalan")})
		}
	}
	head, from, to := people[0], people[1], people[2]
	var open []civic.ReportID
	for range 3 {
		open = append(open, o.File().ID)
	}
	over := o.File().ID
	for _, id := range append(slices.Clone(open), over) {
		done[*civic.Report](t)(o.desk.Assign(t.Context(), head, id, from.Officer))
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), head, over, civic.Rejected, ""))
	before := o.traces()
	if n := done[int](t)(o.desk.HandOver(t.Context(), head, from.Officer, to.Officer)); n != 3 {
		t.Errorf("%d were handed over", n)
	}
	for _, id := range open {
		if got := o.Report(id).Assignee; got == nil || *got != to.Officer {
			t.Errorf("on the desk of %v", got)
		}
	}
	if got := o.Report(over).Assignee; *got != from.Officer {
		t.Error("a closed report changed hands")
	}
	if got := o.traces(); got.audit != before.audit+3 || got.outbox != before.outbox+3 || got.timeline != before.timeline+3 {
		t.Errorf("traces %+v after %+v", got, before)
	}
	_, err := o.desk.HandOver(t.Context(), from, to.Officer, from.Officer)
	refused(t, "by an officer", err, civic.CodeForbidden, "")
	_, err = o.desk.HandOver(t.Context(), o.Officer("kesehatan"), to.Officer, from.Officer)
	refused(t, "by another department's head", err, civic.CodeNotFound, "")
	_, err = o.desk.HandOver(t.Context(), head, to.Officer, o.Officer("kesehatan").Officer)
	refused(t, "to another department's", err, civic.CodeNotFound, "")
	_, err = o.desk.HandOver(t.Context(), head, to.Officer, to.Officer)
	refused(t, "to the same", err, civic.CodeInvalidInput, "to")
	// The head of the house above may, but nobody gets what they cannot see; then nothing is moved at all.
	_, err = o.desk.HandOver(t.Context(), o.Officer("infrastruktur"), to.Officer, o.Officer("drainase").Officer)
	refused(t, "to the unit beside", err, civic.CodeInvalidInput, "to")
	if got := o.Report(open[0]).Assignee; *got != to.Officer {
		t.Error("half of it was done")
	}
}

func TestSaveTemplate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, jalan := o.Officer("jalan"), demo.DepartmentID("jalan")
	draft := civic.Template{Department: jalan, Title: "Diterima", Body: "Laporan {number} kami terima.", Status: new(civic.Verified)}
	saved := done[*civic.Template](t)(o.desk.SaveTemplate(t.Context(), officer, draft))
	other := *saved
	other.Body, other.Status = "Terima kasih.", nil
	done[*civic.Template](t)(o.desk.SaveTemplate(t.Context(), o.Officer("infrastruktur"), other))
	list, err := o.rows.Templates(t.Context(), o.City.ScopeOf(officer), jalan)
	if err != nil || len(list) != 1 || list[0].Body != "Terima kasih." || list[0].Status != nil || list[0].ID != saved.ID {
		t.Errorf("%+v, %v", list, err)
	}
	for _, stranger := range []civic.Principal{o.Officer("drainase"), coretest.Citizen("budi"), {}} {
		if list, err := o.rows.Templates(t.Context(), o.City.ScopeOf(stranger), jalan); err != nil || len(list) != 0 {
			t.Errorf("%s sees %d, %v", stranger.Role, len(list), err)
		}
		_, err := o.desk.SaveTemplate(t.Context(), stranger, draft)
		refused(t, "by a stranger", err, civic.CodeNotFound, "")
	}
	// Nobody gets hold of another department's by naming it as their own.
	stolen := civic.Template{ID: saved.ID, Department: demo.DepartmentID("kesehatan"), Title: "x", Body: "x"}
	_, err = o.desk.SaveTemplate(t.Context(), o.Officer("kesehatan"), stolen)
	refused(t, "another department's", err, civic.CodeNotFound, "")
	stolen.Department = demo.DepartmentID("infrastruktur")
	_, err = o.desk.SaveTemplate(t.Context(), o.Officer("infrastruktur"), stolen)
	refused(t, "into another department", err, civic.CodeNotFound, "")
	for field, broken := range map[string]civic.Template{
		"title": {Department: jalan, Title: " ", Body: "x"}, "body": {Department: jalan, Title: "x", Body: "{nomor}"},
		"category": {Department: jalan, Title: "x", Body: "x", Category: &civic.CategoryID{UUID: civic.NamedUUID("none")}},
	} {
		_, err := o.desk.SaveTemplate(t.Context(), officer, broken)
		refused(t, "a broken "+field, err, civic.CodeInvalidInput, field)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE action IN ('save_template', 'change_template') AND report_id IS NULL"); n != 2 {
		t.Errorf("%d audit lines", n)
	}
}

// taken is an intake that ends in the database at once.
type taken struct{ *coretest.Core }

func (t taken) Submit(_ context.Context, s civic.Submission) (civic.SubmissionState, bool, error) {
	return civic.Stored, !t.TakeIn(s)[0], nil
}

// At the counter: no reporter, the officer in the audit, the contact in the notes of who deals with it.
func TestFileAtCounter(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desk := casework.New(casework.Config{Now: func() time.Time { return coretest.Monday }}, casework.Ports{
		City: func() *civic.City { return o.City }, Intake: taken{o.Core},
	})
	officer, sampah := o.Officer("kesehatan"), demo.CategoryID("sampah")
	draft := casework.Draft{ClientKey: "k", Title: "Sampah", Body: "Menumpuk", Visibility: civic.Private, Category: &sampah}
	s, state, duplicate, err := desk.FileAtCounter(t.Context(), officer, draft, "Bu Ani, 0812")
	if err != nil || state != civic.Stored || duplicate {
		t.Fatalf("%s %v %v", state, duplicate, err)
	}
	if r := o.Report(s.Report); r.Reporter != nil || r.Department != demo.DepartmentID("kebersihan") || r.Visibility != civic.Private {
		t.Errorf("%+v", r)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE action = 'file_at_counter' AND actor = $1", "officer:"+officer.Officer.UUIDString()); n != 1 {
		t.Errorf("%d audit lines name the officer", n)
	}
	notes, err := o.rows.Notes(t.Context(), o.City.ScopeOf(o.Officer("kebersihan")), []civic.ReportID{s.Report})
	if err != nil || len(notes[s.Report]) != 1 || notes[s.Report][0].Body != "Bu Ani, 0812" || notes[s.Report][0].Author != officer.Officer {
		t.Errorf("%+v, %v", notes, err)
	}
	if again, _, duplicate, err := desk.FileAtCounter(t.Context(), officer, draft, ""); err != nil || !duplicate || again.Report != s.Report {
		t.Errorf("a retry is %v %v", duplicate, err)
	}
	_, _, _, err = desk.FileAtCounter(t.Context(), coretest.Citizen("budi"), draft, "")
	refused(t, "by a citizen", err, civic.CodeForbidden, "")
	draft.Visibility = civic.Anonymous
	_, _, _, err = desk.FileAtCounter(t.Context(), officer, draft, "")
	refused(t, "anonymously", err, civic.CodeInvalidInput, "visibility")
}

// A hand that escalates does what the clock does, and says why; whoever it reached ends it by acting.
func TestEscalate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, officer := o.File().ID, o.Officer("jalan")
	for level := 1; level <= 3; level++ {
		up := done[*civic.Report](t)(o.desk.Escalate(t.Context(), officer, id, fmt.Sprint("alasan ", level)))
		if up.Status != civic.Escalated || up.Escalation.Level != level || up.Department != demo.DepartmentID("jalan") {
			t.Errorf("level %d: %s %+v", level, up.Status, up.Escalation)
		}
	}
	_, err := o.desk.Escalate(t.Context(), officer, id, "lagi")
	refused(t, "above the top", err, civic.CodeConflict, "")
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, civic.InProgress, ""))
	if n := o.Count("SELECT count(*) FROM timeline WHERE kind = 'ESCALATED' AND message LIKE 'alasan%' AND level BETWEEN 1 AND 3"); n != 3 {
		t.Errorf("%d steps in the chain", n)
	}
	acted := o.File().ID
	done[*civic.Report](t)(o.desk.Escalate(t.Context(), officer, acted, "mendesak"))
	done[*civic.Comment](t)(o.desk.Comment(t.Context(), o.Officer("infrastruktur"), acted, "kami ambil alih"))
	if r := o.Report(acted); r.Clock.NextDue == nil || !r.Clock.NextDue.Equal(r.Clock.ResolutionDue) || r.Escalation.Level != 1 {
		t.Errorf("after an act above it climbs at %v", r.Clock.NextDue)
	}
}

// What silence closes, the escalator's role can write, and nothing is told to the public of a warning.
func TestClockwork(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	now := coretest.Monday
	o.SetClock(func() time.Time { return now })
	clock := o.Desk(o.Store(roles.Escalator), casework.Config{})
	id, officer := o.File(o.Of("pelayanan-puskesmas")).ID, o.Officer("puskesmas")
	now = o.City.WarnAt(*o.Report(id).Clock.NextDue, 24*time.Hour)
	for i, want := range []int{1, 0} {
		if got := done[int](t)(clock.Warn(t.Context(), id)); got != want {
			t.Errorf("time %d: warned %d", i+1, got)
		}
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'DUE_SOON'"); n != 1 || o.history(t, id) != "SUBMITTED" {
		t.Errorf("%d warnings, history %s", n, o.history(t, id))
	}
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, civic.InProgress, ""))
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, id, civic.Resolved, ""))
	now = now.AddDate(0, 0, 7).Add(-time.Microsecond)
	if done[int](t)(clock.CloseSilent(t.Context(), id)) != 0 {
		t.Error("closed too early")
	}
	now = now.Add(time.Microsecond)
	for i, want := range []int{1, 0} {
		if got := done[int](t)(clock.CloseSilent(t.Context(), id)); got != want {
			t.Errorf("time %d: closed %d", i+1, got)
		}
	}
	if r := o.Report(id); r.Status != civic.Closed || r.ClosedAt == nil {
		t.Errorf("%s", r.Status)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE actor = 'system' AND action IN ('warn', 'close')"); n != 2 {
		t.Errorf("%d audit lines", n)
	}
}

// A holiday told late moves what is promised behind it; the act stands in the audit, and strangers cannot do it.
func TestSaveHoliday(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var moving []civic.ReportID
	for range 3 {
		moving = append(moving, o.File(coretest.Visibility(civic.Private)).ID)
	}
	due := *o.Report(moving[0]).Clock.NextDue
	over := o.File().ID
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), o.Officer("jalan"), over, civic.Rejected, ""))
	admin := civic.Principal{Role: civic.RoleAdmin, Officer: o.Officer("sekda").Officer, Department: demo.DepartmentID("sekda")}
	if n := done[int](t)(o.desk.SaveHoliday(t.Context(), admin, "2026-11-24", "Pilkada")); n != len(moving) {
		t.Errorf("%d moved", n)
	}
	for _, id := range moving {
		r := o.Report(id)
		if got := *r.Clock.NextDue; !got.Equal(due.AddDate(0, 0, 1)) || !r.Clock.ResponseDue.Equal(got) {
			t.Errorf("due at %s, was %s", got, due)
		}
	}
	if n := done[int](t)(o.desk.SaveHoliday(t.Context(), admin, "2026-11-24", "Hari Pilkada")); n != 0 {
		t.Errorf("told twice it moved %d once more", n)
	}
	if city := done[*civic.City](t)(o.rows.City(t.Context(), 1)); city.Calendar.Holidays[civic.Date{Year: 2026, Month: 11, Day: 24}] != "Hari Pilkada" {
		t.Error("the calendar does not know the day")
	}
	for _, p := range []civic.Principal{o.Officer("kesehatan"), o.Officer("walikota"), coretest.Citizen("budi"), {}} {
		_, err := o.desk.SaveHoliday(t.Context(), p, "2026-11-26", "x")
		refused(t, string(p.Role), err, civic.CodeForbidden, "")
	}
	for field, in := range map[string][2]string{"date": {"26-11-2026", "x"}, "name": {"2026-11-26", ""}} {
		_, err := o.desk.SaveHoliday(t.Context(), admin, in[0], in[1])
		refused(t, field, err, civic.CodeInvalidInput, field)
	}
}
