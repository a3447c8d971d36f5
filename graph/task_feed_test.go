package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// Whatever the stream says, the tasks' feed shows a task to the department that it is for and to those above it, as each event left it, and
// nothing of the report.
func TestTheFeedOfTasksShowsTasksAlone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, helper, above, stranger := c.Officer("jalan"), c.Officer("drainase"), c.Officer("infrastruktur"), c.Officer("kesehatan")
	desk := newFace(t, c, plan{}).desk
	report := c.File(coretest.Visibility(civic.Private), func(s *civic.Submission) { s.Title, s.Body = secret, secret })
	draft := casework.TaskDraft{Department: demo.DepartmentID("drainase"), Title: "Sedot air", Body: "Sebelum ditambal."}
	task := must[*civic.Task](t)(desk.CreateTask(t.Context(), own, report.ID, draft))
	draft.Department, draft.Title = demo.DepartmentID("kesehatan"), "Periksa jentik"
	other := must[*civic.Task](t)(desk.CreateTask(t.Context(), own, report.ID, draft))
	must[*civic.Task](t)(desk.DeclineTask(t.Context(), helper, task.ID, "pompa rusak"))
	var feed given
	for i, step := range []civic.TaskStep{
		{ID: task.ID, Department: task.Department, State: civic.TaskOpen}, {ID: other.ID, Department: other.Department, State: civic.TaskOpen},
		{ID: task.ID, Department: task.Department, State: civic.TaskDeclined}, {ID: civic.TaskID{UUID: civic.NamedUUID("none")}, Department: task.Department, State: civic.TaskOpen},
	} {
		event := civic.EventOf(civic.EventTaskChanged, report, coretest.Monday)
		event.Sequence, event.Task = uint64(i+1), &step
		feed = append(feed, &event)
	}
	plainly := civic.EventOf(civic.EventStatusChanged, report, coretest.Monday)
	feed = append(feed, &plainly)
	const follow = `subscription($d: ID!) { departmentTasks(department: $d) { cursor at task { id number title body state answer endedAt department { code } location { latitude } } } }`
	for _, walls := range []plan{{}, {noDirectives: true}, {noRows: true}, {noDirectives: true, noVerbs: true}} {
		walls.feed = feed
		f := newFace(t, c, walls)
		for _, w := range []struct {
			who  civic.Principal
			want string
		}{
			{helper, "Sedot air OPEN <nil>, Sedot air DECLINED pompa rusak"}, {above, "Sedot air OPEN <nil>, Sedot air DECLINED pompa rusak"},
			{stranger, "Periksa jentik OPEN <nil>"}, {own, ""}, {coretest.Citizen("budi"), ""}, {civic.Principal{}, ""},
		} {
			next := f.follow(t, t.Context(), w.who, follow, map[string]any{"d": demo.DepartmentID("drainase").String()})
			var seen []string
			code := ""
			for {
				got := next()
				if code, _ = got.refusal(); got.Data == nil {
					break
				}
				if strings.Contains(textOf(t, got), secret) {
					t.Errorf("%s is shown the report: %v", w.who.Role, got.Data)
				}
				seen = append(seen, fmt.Sprint(got.at("departmentTasks.task.title"), " ", got.at("departmentTasks.task.state"), " ", got.at("departmentTasks.task.answer")))
			}
			atTheDoor := w.who.Department != helper.Department && w.who.Department != above.Department
			if !walls.noDirectives && atTheDoor {
				if code == "" || len(seen) != 0 {
					t.Errorf("%+v: %s of %s at another's feed: %q, %v", walls, w.who.Role, w.who.Department, code, seen)
				}
				continue
			}
			if got := strings.Join(seen, ", "); got != w.want {
				t.Errorf("%+v: %s of %s sees %q, want %q", walls.noDirectives, w.who.Role, w.who.Department, got, w.want)
			}
		}
	}
}
