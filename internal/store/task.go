package store

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

var errTaskNotFound = civic.NotFound("task.not_found")

// AddTask writes a new task.
func (t *Tx) AddTask(ctx context.Context, task *civic.Task) error {
	params := db.AddTaskParams{
		ID: task.ID.UUID, ReportID: task.Report.UUID, Number: task.Number, DepartmentID: task.Department.UUID, Title: task.Title,
		Body: task.Body, State: string(task.State), DueAt: task.DueAt, CreatedAt: task.CreatedAt,
	}
	if task.Place != nil {
		params.Latitude, params.Longitude, params.DistrictID = &task.Place.Latitude, &task.Place.Longitude, plain(task.Place.District)
		params.Address = &task.Place.Address
	}
	return t.q.AddTask(ctx, params)
}

// Task finds one within the scope that its departments may end, locked until the end of the transaction; NOT_FOUND otherwise.
func (t *Tx) Task(ctx context.Context, id civic.TaskID) (*civic.Task, error) {
	return oneTask(t.q.LockTask(ctx, id.UUID))
}

// EndTask writes how a task ended.
func (t *Tx) EndTask(ctx context.Context, task *civic.Task) error {
	rows, err := t.q.EndTask(ctx, db.EndTaskParams{ID: task.ID.UUID, State: string(task.State), Answer: task.Answer, EndedAt: task.EndedAt})
	if err == nil && rows == 0 {
		return errTaskNotFound
	}
	return err
}

// ReportOfTask finds the report of a task that the transaction found before. It is for the traces of the act alone: whoever ends the task
// is not shown it.
func (t *Tx) ReportOfTask(ctx context.Context, task *civic.Task) (*civic.Report, error) {
	if _, err := t.tx.Exec(ctx, "-- name: AsTasked\nSELECT set_config('app.tasked', $1, true)", task.Report.UUIDString()); err != nil {
		return nil, err
	}
	return t.Report(ctx, task.Report, false)
}

// Tasks lists the tasks for other departments of each of the reports, oldest first.
func (s *Store) Tasks(ctx context.Context, scope civic.Scope, reports []civic.ReportID) (map[civic.ReportID][]*civic.Task, error) {
	tasks := map[civic.ReportID][]*civic.Task{}
	if isPublic(scope) {
		return tasks, nil // the public role has no right to ask
	}
	err := s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListTasks(ctx, uuids(reports))
		for _, row := range rows {
			task := taskOf(row)
			tasks[task.Report] = append(tasks[task.Report], task)
		}
		return err
	})
	return tasks, err
}

// DepartmentTasks is a page of the tasks of departments, oldest first, as far as scope may see them; nil asks for every state.
func (s *Store) DepartmentTasks(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, state *civic.TaskState, page civic.PageRequest) (found civic.Page[*civic.Task], err error) {
	after, err := parseTimeCursor(page.After)
	if err != nil || isPublic(scope) {
		return found, err
	}
	params := db.ListTasksOfDepartmentsParams{
		Departments: uuids(departments), AfterAt: after.at, AfterID: after.id, Most: int32(page.First + 1),
	}
	if state != nil {
		params.State = string(*state)
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListTasksOfDepartments(ctx, params)
		for _, row := range rows[:min(len(rows), page.First)] {
			found.Items, found.Cursors = append(found.Items, taskOf(row)), append(found.Cursors, timeCursor(row.CreatedAt, row.ID))
		}
		found.HasNext, found.HasPrev = len(rows) > page.First, page.After != ""
		return err
	})
	return found, err
}

// OneTask finds one that scope may see; NOT_FOUND otherwise.
func (s *Store) OneTask(ctx context.Context, scope civic.Scope, id civic.TaskID) (task *civic.Task, err error) {
	if isPublic(scope) {
		return nil, errTaskNotFound
	}
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		task, err = oneTask(db.New(tx).FindTask(ctx, id.UUID))
		return err
	})
	return task, err
}

func oneTask(rows []db.Task, err error) (*civic.Task, error) {
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errTaskNotFound
	}
	return taskOf(rows[0]), nil
}

func taskOf(row db.Task) *civic.Task {
	task := &civic.Task{
		ID: civic.TaskID{UUID: row.ID}, Report: civic.ReportID{UUID: row.ReportID}, Number: row.Number,
		Department: civic.DepartmentID{UUID: row.DepartmentID}, Title: row.Title, Body: row.Body, State: civic.TaskState(row.State),
		Answer: row.Answer, DueAt: row.DueAt, CreatedAt: row.CreatedAt, EndedAt: row.EndedAt,
	}
	if row.Latitude != nil && row.Longitude != nil {
		task.Place = &civic.Place{Latitude: *row.Latitude, Longitude: *row.Longitude}
		if row.Address != nil {
			task.Place.Address = *row.Address
		}
		if row.DistrictID != nil {
			task.Place.District = &civic.DistrictID{UUID: *row.DistrictID}
		}
	}
	return task
}
