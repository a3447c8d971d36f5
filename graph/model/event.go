package model

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// ReportEvent is an event with the report as the watcher may see it.
type ReportEvent struct {
	event  civic.Event
	Report *Report
}

// NewReportEvent shows event; report is in the state that the event left it in.
func NewReportEvent(event civic.Event, report *Report) *ReportEvent { return &ReportEvent{event, report} }

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
