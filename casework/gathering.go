package casework

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
)

// gathering is a transaction that keeps what a step tells, so that the steps of many reports can be written at once.
type gathering struct {
	Tx
	steps civic.Steps
}

// AddTimeline keeps a step of the history.
func (g *gathering) AddTimeline(_ context.Context, id civic.UUID, entry civic.TimelineEntry) error {
	g.steps.Timeline = append(g.steps.Timeline, civic.TimelineRow{ID: id, Entry: entry})
	return nil
}

// AddAudit keeps a line of the audit.
func (g *gathering) AddAudit(_ context.Context, line civic.AuditLine) error {
	g.steps.Audit = append(g.steps.Audit, line)
	return nil
}

// AddEvent keeps an event.
func (g *gathering) AddEvent(_ context.Context, event civic.Event) error {
	g.steps.Events = append(g.steps.Events, event)
	return nil
}
