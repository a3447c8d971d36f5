package casework

import (
	"context"
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// TaskDraft is what another department is asked to do.
type TaskDraft struct {
	Department civic.DepartmentID
	Title      string
	Body       string
	Hours      *int // of working time until it is due; nil: whenever
}

// CreateTask asks another department to do something for a report. That department sees the task alone: its words, the report's number and
// its place. The reporter's history tells nothing of it; the case's own department talks with the reporter.
func (d *Desk) CreateTask(ctx context.Context, p civic.Principal, id civic.ReportID, draft TaskDraft) (*civic.Task, error) {
	draft, err := checkTask(draft)
	if err != nil {
		return nil, err
	}
	task := &civic.Task{Report: id, Department: draft.Department, Title: draft.Title, Body: draft.Body, State: civic.TaskOpen}
	_, err = d.inside(ctx, p, id, "create_task", true, d.handles, func(a *act) error {
		switch {
		case a.city.ActiveDepartment(draft.Department) == nil:
			return civic.Invalid("department", "department.unknown")
		case draft.Department == a.report.Department:
			return civic.Invalid("department", "task.own_department")
		case !a.report.Open():
			return civic.Conflict("report.not_open")
		}
		task.ID, task.Number, task.Place, task.CreatedAt = civic.TaskID{UUID: a.newID()}, a.report.Number, a.report.Place, a.now
		if draft.Hours != nil {
			task.DueAt = new(a.city.Calendar.Add(a.now, time.Duration(*draft.Hours)*time.Hour).Truncate(time.Microsecond))
		}
		if err := a.tx.AddTask(a.ctx, task); err != nil {
			return err
		}
		return a.tellOfTask(task)
	})
	if err != nil {
		return nil, err
	}
	return task, nil
}

// tellOfTask writes the event that the live screens of both departments get: the report's, and the task's, which hears of the task alone.
func (a *act) tellOfTask(task *civic.Task) error {
	event := a.event(civic.EventTaskChanged)
	event.Task = &civic.TaskStep{ID: task.ID, Department: task.Department, State: task.State}
	return a.tx.AddEvent(a.ctx, event)
}

func checkTask(draft TaskDraft) (_ TaskDraft, err error) {
	if draft.Title, err = civic.CheckText("title", draft.Title, civic.MaxTitle); err != nil {
		return draft, err
	}
	if draft.Body, err = civic.CheckText("body", draft.Body, civic.MaxMessage); err != nil {
		return draft, err
	}
	if draft.Hours != nil && (*draft.Hours < 1 || *draft.Hours > civic.MaxTaskHours) {
		return draft, civic.Invalid("dueInHours", "task.hours", "max", strconv.Itoa(civic.MaxTaskHours))
	}
	return draft, nil
}

// handles is the right of the department that is responsible for a report.
func (d *Desk) handles(city *civic.City, p civic.Principal, r *civic.Report) bool {
	return d.cfg.Guard(city, p, r.Department)
}
