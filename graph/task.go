package graph

import (
	"context"
	"errors"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

type tasksKey struct{}

var errTaskNotFound = civic.NotFound("task.not_found")

// tasks are what other departments are to do for a report, for its own department.
func (r *Resolver) tasks(ctx context.Context, report *model.Report) ([]*model.Task, error) {
	all, err := model.Load(report.Batch, tasksKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.Task, error) {
		return r.Reader.Tasks(ctx, report.Batch.Scope, ids)
	})
	return showTasks(report.View, all[report.ID]), err
}

func showTasks(view *model.View, tasks []*civic.Task) []*model.Task {
	return shown(tasks, func(t *civic.Task) *model.Task { return &model.Task{Task: t, View: view} })
}

// departmentTasks is a page of what a department and all below it have to do.
func (r *Resolver) departmentTasks(ctx context.Context, department civic.DepartmentID, state *civic.TaskState, page civic.PageRequest) (*model.TaskConnection, error) {
	found, err := r.Reader.DepartmentTasks(ctx, r.scope(ctx), r.City().Below(department), state, page)
	if err != nil {
		return nil, err
	}
	return &model.TaskConnection{
		Nodes: showTasks(r.view(ctx), found.Items), PageInfo: model.NewPageInfo(found.Cursors, found.HasNext, found.HasPrev),
	}, nil
}

func (r *Resolver) showTask(ctx context.Context, task *civic.Task, err error) (*model.Task, error) {
	if err != nil {
		return nil, err
	}
	return &model.Task{Task: task, View: r.view(ctx)}, nil
}

// taskNode shows a task to the department that it is for and to the report's.
func (r *Resolver) taskNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseTaskID("id", text)
	if err != nil {
		return nil, err
	}
	task, err := r.Reader.OneTask(ctx, r.scope(ctx), id)
	if err == nil && !r.City().Handles(auth.From(ctx), task.Department) {
		err = r.mayHandle(ctx, task.Report)
	}
	if err != nil {
		return nil, errNodeNotFound
	}
	return asNode(r.showTask(ctx, task, nil))
}

func taskDraft(department, title, body string, hours *int) (casework.TaskDraft, error) {
	to, err := civic.ParseDepartmentID("department", department)
	return casework.TaskDraft{Department: to, Title: title, Body: body, Hours: hours}, err
}

// watchTasks follows the tasks of departments until ctx ends. Of the report it tells nothing; like watch, it asks for the right again at
// each event, and its last event tells why it broke off.
func (r *Resolver) watchTasks(ctx context.Context, departments []civic.DepartmentID, after *string) (<-chan *model.TaskEvent, error) {
	watching, err := r.Feed.Watch(ctx, civic.Topic{Tasks: departments}, value(after))
	if err != nil {
		return nil, err
	}
	scope, out := r.scope(ctx), make(chan *model.TaskEvent)
	go func() {
		defer close(out)
		for event := range watching.Events() {
			task, err := r.taskOf(ctx, event, scope)
			if err != nil {
				handOn(ctx, out, model.NewBrokenTaskEvent(err))
				return
			}
			if task != nil && !handOn(ctx, out, model.NewTaskEvent(event, &model.Task{Task: task, View: r.view(ctx)})) {
				return
			}
		}
		if err := watching.Err(); err != nil {
			handOn(ctx, out, model.NewBrokenTaskEvent(err))
		}
	}()
	return out, nil
}

// taskOf is an event's task as the event left it; nil where there is none for the watcher to see.
func (r *Resolver) taskOf(ctx context.Context, event *civic.Event, scope civic.Scope) (*civic.Task, error) {
	if event.Task == nil {
		return nil, nil
	}
	task, err := patiently(ctx, func(ctx context.Context) (*civic.Task, error) { return r.Reader.OneTask(ctx, scope, event.Task.ID) })
	var known *civic.Error
	switch {
	case errors.As(err, &known) && known.Code == civic.CodeNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case !r.City().Handles(auth.From(ctx), task.Department):
		return nil, nil
	}
	return event.Task.LaidOver(task), nil
}
