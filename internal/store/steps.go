package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// LockDue finds those of ids for which something is due by now and that nobody else holds, by id, and locks them until the end of the
// transaction. What others hold is left to them: nobody waits, so any number may work side by side. Comments and votes may come in
// meanwhile.
func (t *Tx) LockDue(ctx context.Context, ids []civic.ReportID, now time.Time) ([]*civic.Report, error) {
	return collectChanging(t.tx.Query(ctx, "-- name: LockDue\nSELECT "+changeColumns+` FROM reports
WHERE id = ANY ($1) AND (next_due_at <= $2 OR warn_at <= $2 OR closes_at <= $2)
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`, uuids(ids), now))
}

// SaveSteps writes the clock's part of locked reports, and what tells of it, in one statement; the escalator's role may write no more.
func (t *Tx) SaveSteps(ctx context.Context, steps civic.Steps) error {
	params := db.SaveStepsParams{CreatedAt: t.now()}
	reports, timeline := make([]stepRow, len(steps.Reports)), make([]timelineRow, len(steps.Timeline))
	audit, events := make([]auditRow, len(steps.Audit)), make([]eventRow, len(steps.Events))
	for i, r := range steps.Reports {
		reports[i] = newStepRow(r)
	}
	for i, row := range steps.Timeline {
		timeline[i] = newTimelineRow(row)
	}
	for i, line := range steps.Audit {
		audit[i] = newAuditRow(line)
		params.LineIds = append(params.LineIds, line.ID)
	}
	for i := range steps.Events {
		events[i] = eventRow{i, steps.Events[i].Report.UUIDString(), &steps.Events[i]}
	}
	var err error
	for into, rows := range map[*[]byte]any{&params.Steps: reports, &params.Entries: timeline, &params.Lines: audit, &params.Events: events} {
		if *into, err = json.Marshal(rows); err != nil {
			return err
		}
	}
	saved, err := t.q.SaveSteps(ctx, params)
	if err == nil && saved != int64(len(reports)) {
		err = fmt.Errorf("%d of %d reports could be written", saved, len(reports))
	}
	return err
}

// stepRow is a report's clock as jsonb_to_recordset names it.
type stepRow struct {
	ID         string       `json:"id"`
	Status     civic.Status `json:"status"`
	UpdatedAt  time.Time    `json:"updated_at"`
	ClosedAt   *time.Time   `json:"closed_at,omitempty"`
	NextDue    *time.Time   `json:"next_due_at,omitempty"`
	WarnAt     *time.Time   `json:"warn_at,omitempty"`
	Warned     *time.Time   `json:"warned_due_at,omitempty"`
	ClosesAt   *time.Time   `json:"closes_at,omitempty"`
	Level      int          `json:"escalation_level"`
	To         *string      `json:"escalated_to,omitempty"`
	Since      *time.Time   `json:"escalated_since,omitempty"`
	AnsweredAt *time.Time   `json:"escalation_answered_at,omitempty"`
}

func newStepRow(r *civic.Report) stepRow {
	return stepRow{
		ID: r.ID.UUIDString(), Status: r.Status, UpdatedAt: r.UpdatedAt, ClosedAt: r.ClosedAt, NextDue: precise(r.Clock.NextDue),
		WarnAt: precise(r.Clock.WarnAt), Warned: precise(r.Clock.Warned), ClosesAt: precise(r.Clock.ClosesAt),
		Level: r.Escalation.Level, To: text(plain(r.Escalation.To)), Since: r.Escalation.Since, AnsweredAt: r.Escalation.AnsweredAt,
	}
}

// precise cuts off what the database does not keep: written as text, it would be rounded.
func precise(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.Truncate(time.Microsecond))
}
