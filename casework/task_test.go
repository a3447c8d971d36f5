package casework_test

import (
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// The other department sees its task and not the report, ends it once, and the case's department is told of each move.
func TestTask(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, helper, stranger := o.Officer("jalan"), o.Officer("drainase"), o.Officer("kesehatan")
	report := o.File(coretest.Visibility(civic.Private), func(s *civic.Submission) {
		s.Place = &civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "depan pasar"}
	})
	draft := casework.TaskDraft{Department: demo.DepartmentID("drainase"), Title: "Sedot air", Body: "Sebelum ditambal.", Hours: new(8)}
	before := o.traces()
	task := done[*civic.Task](t)(o.desk.CreateTask(t.Context(), officer, report.ID, draft))
	if task.Number != report.Number || *task.Place != *report.Place || !task.DueAt.Equal(o.City.Calendar.Add(coretest.Monday, 8*time.Hour)) {
		t.Errorf("%+v", task)
	}
	scope := o.City.ScopeOf(helper)
	if found := done[[]*civic.Report](t)(o.rows.Reports(t.Context(), scope, []civic.ReportID{report.ID})); len(found) != 0 {
		t.Error("the other department sees the report")
	}
	seen := done[*civic.Task](t)(o.rows.OneTask(t.Context(), scope, task.ID))
	if seen.Title != draft.Title || seen.State != civic.TaskOpen {
		t.Errorf("%+v", seen)
	}
	_, err := o.rows.OneTask(t.Context(), o.City.ScopeOf(stranger), task.ID)
	refused(t, "a third department", err, civic.CodeNotFound, "")
	for who, p := range map[string]civic.Principal{"the case's department": officer, "a stranger": stranger, "a citizen": coretest.Citizen("budi")} {
		_, err := o.desk.FinishTask(t.Context(), p, task.ID, "")
		refused(t, who+" ends it", err, civic.CodeNotFound, "")
	}
	ended := done[*civic.Task](t)(o.desk.DeclineTask(t.Context(), helper, task.ID, "pompa rusak"))
	if ended.State != civic.TaskDeclined || ended.Answer != "pompa rusak" || ended.EndedAt == nil {
		t.Errorf("%+v", ended)
	}
	_, err = o.desk.FinishTask(t.Context(), helper, task.ID, "")
	refused(t, "ended twice", err, civic.CodeConflict, "")
	after := o.traces()
	if after.timeline != before.timeline || after.audit-before.audit != 2 || after.outbox-before.outbox != 2 {
		t.Errorf("%+v became %+v", before, after)
	}
	if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'TASK_CHANGED' AND event->>'department' = $1", report.Department.String()); n != 2 {
		t.Errorf("%d events for the case's department", n)
	}
	// The report went to another department: that one sees the tasks now, and is told.
	second := done[*civic.Task](t)(o.desk.CreateTask(t.Context(), officer, report.ID, draft))
	done[*civic.Report](t)(o.desk.Transfer(t.Context(), officer, report.ID, demo.DepartmentID("kesehatan"), "x"))
	done[*civic.Task](t)(o.desk.FinishTask(t.Context(), helper, second.ID, ""))
	tasks := done[map[civic.ReportID][]*civic.Task](t)(o.rows.Tasks(t.Context(), o.City.ScopeOf(stranger), []civic.ReportID{report.ID}))[report.ID]
	if len(tasks) != 2 || o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'TASK_CHANGED' AND event->>'department' = $1", demo.DepartmentID("kesehatan").String()) != 1 {
		t.Errorf("the new department sees %d tasks", len(tasks))
	}
	if left := done[map[civic.ReportID][]*civic.Task](t)(o.rows.Tasks(t.Context(), o.City.ScopeOf(officer), []civic.ReportID{report.ID})); len(left) != 0 {
		t.Error("the former department still sees them")
	}
}

func TestWhatIsNoTask(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	id, foreign, closed := o.File().ID, o.File(o.Of("wabah")).ID, o.File().ID
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, closed, civic.Rejected, ""))
	fine := casework.TaskDraft{Department: demo.DepartmentID("drainase"), Title: "x", Body: "x"}
	with := func(change func(*casework.TaskDraft)) casework.TaskDraft {
		draft := fine
		change(&draft)
		return draft
	}
	before := o.traces()
	for what, c := range map[string]struct {
		id    civic.ReportID
		draft casework.TaskDraft
		code  civic.Code
		field string
	}{
		"no department":  {id, with(func(d *casework.TaskDraft) { d.Department.UUID = civic.NamedUUID("none") }), civic.CodeInvalidInput, "department"},
		"its own":        {id, with(func(d *casework.TaskDraft) { d.Department = demo.DepartmentID("jalan") }), civic.CodeInvalidInput, "department"},
		"no title":       {id, with(func(d *casework.TaskDraft) { d.Title = " " }), civic.CodeInvalidInput, "title"},
		"no body":        {id, with(func(d *casework.TaskDraft) { d.Body = "" }), civic.CodeInvalidInput, "body"},
		"no time":        {id, with(func(d *casework.TaskDraft) { d.Hours = new(0) }), civic.CodeInvalidInput, "dueInHours"},
		"for ever":       {id, with(func(d *casework.TaskDraft) { d.Hours = new(civic.MaxTaskHours + 1) }), civic.CodeInvalidInput, "dueInHours"},
		"another's":      {foreign, fine, civic.CodeNotFound, ""},
		"what is closed": {closed, fine, civic.CodeConflict, ""},
	} {
		_, err := o.desk.CreateTask(t.Context(), officer, c.id, c.draft)
		refused(t, what, err, c.code, c.field)
	}
	_, err := o.desk.FinishTask(t.Context(), officer, civic.TaskID{UUID: civic.NamedUUID("none")}, "")
	refused(t, "no such task", err, civic.CodeNotFound, "")
	if after := o.traces(); after != before || o.Count("SELECT count(*) FROM tasks") != 0 {
		t.Errorf("something half done: %+v, then %+v", before, after)
	}
}
