package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
)

// FinishTask says that a task is done, as the department that it was for. message, for the case's own department, may be empty.
func (d *Desk) FinishTask(ctx context.Context, p civic.Principal, id civic.TaskID, message string) (*civic.Task, error) {
	message, err := civic.CheckOptionalText("message", message, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.endTask(ctx, p, id, civic.TaskDone, message, "finish_task")
}

// DeclineTask says why a task will not be done.
func (d *Desk) DeclineTask(ctx context.Context, p civic.Principal, id civic.TaskID, reason string) (*civic.Task, error) {
	reason, err := civic.CheckText("reason", reason, civic.MaxMessage)
	if err != nil {
		return nil, err
	}
	return d.endTask(ctx, p, id, civic.TaskDeclined, reason, "decline_task")
}

// endTask ends a task once. The report, which whoever ends the task may not see, is looked at for the traces alone: the event goes to the
// department that has it now, and what it tells of the task to the task's own.
func (d *Desk) endTask(ctx context.Context, p civic.Principal, id civic.TaskID, state civic.TaskState, answer, name string) (*civic.Task, error) {
	city, now := d.ports.City(), d.now()
	var task *civic.Task
	err := d.ports.Records.Change(ctx, city.ScopeOf(p), func(ctx context.Context, tx Tx) (err error) {
		if task, err = tx.Task(ctx, id); err != nil {
			return err
		}
		if !d.cfg.Guard(city, p, task.Department) {
			return civic.NotFound("task.not_found")
		}
		if task.State != civic.TaskOpen {
			return civic.Conflict("task.ended")
		}
		task.State, task.Answer, task.EndedAt = state, answer, &now
		if err := tx.EndTask(ctx, task); err != nil {
			return err
		}
		report, err := tx.ReportOfTask(ctx, task)
		if err != nil {
			return err
		}
		a := &act{ctx: ctx, tx: tx, city: city, actor: actorOf(p), doer: p, now: now, counts: now, report: report, newID: d.newID}
		if err := a.tellOfTask(task); err != nil {
			return err
		}
		return a.audit(name)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d.ports.Poke()
	return task, nil
}
