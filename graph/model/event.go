package model

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// ReportEvent is an event with the report as the watcher may see it, or the word that there will be no more.
type ReportEvent struct {
	event  *civic.Event
	report *Report
	broken error
}

// NewReportEvent shows event; report is in the state that the event left it in.
func NewReportEvent(event *civic.Event, report *Report) *ReportEvent {
	return &ReportEvent{event: event, report: report}
}

// NewBrokenEvent is the last event of a watch that broke off.
func NewBrokenEvent(reason error) *ReportEvent {
	return &ReportEvent{event: &civic.Event{}, broken: reason}
}

// Report is as the watcher may see it.
func (e *ReportEvent) Report() (*Report, error) { return e.report, e.broken }

// Cursor is to go on after it.
func (e *ReportEvent) Cursor() string { return civic.EventCursor(e.event.Sequence) }

// Kind is what happened.
func (e *ReportEvent) Kind() civic.EventKind { return e.event.Kind }

// At is when.
func (e *ReportEvent) At() time.Time { return e.event.At }

// PreviousStatus is the status before, or nil.
func (e *ReportEvent) PreviousStatus() *civic.Status { return e.event.PreviousStatus }

// Message is what the department said, or nil.
func (e *ReportEvent) Message() *string { return orNil(e.event.Message) }

// TaskEvent is what happened to a task, or the word that there will be no more.
type TaskEvent struct {
	event  *civic.Event
	task   *Task
	broken error
}

// NewTaskEvent shows event; task is in the state that the event left it in.
func NewTaskEvent(event *civic.Event, task *Task) *TaskEvent {
	return &TaskEvent{event: event, task: task}
}

// NewBrokenTaskEvent is the last event of a watch that broke off.
func NewBrokenTaskEvent(reason error) *TaskEvent {
	return &TaskEvent{event: &civic.Event{}, broken: reason}
}

// Cursor is to go on after it.
func (e *TaskEvent) Cursor() string { return civic.EventCursor(e.event.Sequence) }

// At is when.
func (e *TaskEvent) At() time.Time { return e.event.At }

// Task is what it happened to.
func (e *TaskEvent) Task() (*Task, error) { return e.task, e.broken }
