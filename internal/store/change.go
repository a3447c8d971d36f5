package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Tx is one transaction of a casework verb.
type Tx struct {
	tx    pgx.Tx
	q     *db.Queries
	scope civic.Scope
	now   func() time.Time
}

// Change runs act in one transaction that sees the rows of scope alone; it may run again when the database asks for it.
func (s *Store) Change(ctx context.Context, scope civic.Scope, act func(ctx context.Context, tx *Tx) error) error {
	return s.write(ctx, scope, func(tx pgx.Tx) error {
		return act(ctx, &Tx{tx, db.New(tx), scope, s.now})
	})
}

// Report finds one, locked until the end of the transaction if lock is set; NOT_FOUND outside the scope.
func (t *Tx) Report(ctx context.Context, id civic.ReportID, lock bool) (*civic.Report, error) {
	sql := "-- name: ReportToChange\nSELECT " + changeColumns + " FROM reports WHERE id = $1"
	if lock {
		sql += " FOR UPDATE"
	}
	return only(collectChanging(t.tx.Query(ctx, sql, id.UUID)))
}

// ReportByReceipt finds the anonymous report with this receipt hash, locked until the end of the transaction.
func (t *Tx) ReportByReceipt(ctx context.Context, hash []byte) (*civic.Report, error) {
	return only(collectChanging(t.tx.Query(ctx, "-- name: ReportToChangeByReceipt\nSELECT "+changeColumns+" FROM reports WHERE receipt_hash = $1 FOR UPDATE", hash)))
}

// LastStep is when the latest step of the history was; the zero time without any.
func (t *Tx) LastStep(ctx context.Context, id civic.ReportID) (time.Time, error) {
	steps, err := t.q.LastStep(ctx, id.UUID)
	if err != nil || len(steps) == 0 {
		return time.Time{}, err
	}
	return steps[0], nil
}

// Widen adds a department to what the rest of the transaction sees.
func (t *Tx) Widen(ctx context.Context, department civic.DepartmentID) error {
	t.scope.Departments = append(t.scope.Departments[:len(t.scope.Departments):len(t.scope.Departments)], department)
	_, err := t.tx.Exec(ctx, "-- name: Widen\nSELECT set_config('app.departments', $1, true)", joined(uuids(t.scope.Departments)))
	return err
}

// SaveReport writes what verbs may change, but for the text.
func (t *Tx) SaveReport(ctx context.Context, r *civic.Report) error {
	return oneRow(t.q.SaveReport(ctx, db.SaveReportParams{
		ID: r.ID.UUID, Status: string(r.Status), Priority: string(r.Priority), CategoryID: r.Category.UUID, Hidden: r.Hidden,
		DepartmentID: r.Department.UUID, AssigneeID: plain(r.Assignee), UpdatedAt: r.UpdatedAt, ResolvedAt: r.ResolvedAt,
		ClosedAt: r.ClosedAt, AnsweredAt: r.Clock.AnsweredAt, ClockStoppedAt: r.Clock.StoppedAt,
		ClockStood: r.Clock.Stood.Microseconds(), ClockFrom: r.Clock.From, ResponseDueAt: optional(r.Clock.ResponseDue),
		ResolutionDueAt: optional(r.Clock.ResolutionDue), NextDueAt: r.Clock.NextDue, WarnAt: r.Clock.WarnAt,
		WarnedDueAt: r.Clock.Warned, ClosesAt: r.Clock.ClosesAt, Reopened: int32(r.Reopened),
		EscalationLevel: int32(r.Escalation.Level), EscalatedTo: plain(r.Escalation.To), EscalatedSince: r.Escalation.Since,
		EscalationAnsweredAt: r.Escalation.AnsweredAt, CauseID: plain(r.Cause),
	}))
}

// oneRow turns "no row was yours to change" into what the caller may know of it.
func oneRow(rows int64, err error) error {
	if err == nil && rows == 0 {
		return civic.NotFound("report.not_found")
	}
	return err
}

// AddTimeline writes one step of the history.
func (t *Tx) AddTimeline(ctx context.Context, id civic.UUID, e civic.TimelineEntry) error {
	params := db.AddTimelineParams{
		ID: id, ReportID: e.Report.UUID, Kind: string(e.Kind), At: e.At, Status: string(e.Status),
		DepartmentID: plain(e.Department), Message: e.Message,
	}
	if e.Level != nil {
		level := int32(*e.Level)
		params.Level = &level
	}
	return t.q.AddTimeline(ctx, params)
}

// AddComment writes a comment; author is a citizen or an officer, zero for an anonymous reporter.
func (t *Tx) AddComment(ctx context.Context, c civic.Comment, author civic.UUID) error {
	params := db.AddCommentParams{
		ID: c.ID.UUID, ReportID: c.Report.UUID, Body: c.Body, AuthorKind: string(c.Kind), DepartmentID: plain(c.Department),
		CreatedAt: c.CreatedAt,
	}
	if !author.IsZero() {
		params.AuthorID = &author
	}
	return t.q.AddComment(ctx, params)
}

// AddNote writes an internal note.
func (t *Tx) AddNote(ctx context.Context, n civic.Note) error {
	return t.q.AddNote(ctx, db.AddNoteParams{
		ID: n.ID.UUID, ReportID: n.Report.UUID, Body: n.Body, AuthorID: n.Author.UUID, CreatedAt: n.CreatedAt,
	})
}

// AddAudit writes the act down for good.
func (t *Tx) AddAudit(ctx context.Context, line civic.AuditLine) error {
	detail, err := json.Marshal(auditDetail(line))
	if err != nil {
		return err
	}
	params := db.AddAuditParams{ID: line.ID, At: line.At, Actor: line.Actor, Action: line.Action, Detail: detail}
	if !line.Report.IsZero() {
		params.ReportID = plain(&line.Report)
	}
	return t.q.AddAudit(ctx, params)
}

// AddEvent leaves an event for the relay. The row has the present time, by which the relay's delay is measured, and is gone once the
// event is told; the event's own time may be coarser.
func (t *Tx) AddEvent(ctx context.Context, event civic.Event) error {
	encoded, err := json.Marshal(event)
	if err != nil {
		return err
	}
	return t.q.AddEvent(ctx, db.AddEventParams{Event: encoded, CreatedAt: t.now()})
}

type auditDetailRow struct {
	Status     civic.Status           `json:"status"`
	Department civic.DepartmentID     `json:"department"`
	Filing     *civic.Filing          `json:"filing,omitempty"`
	Other      *civic.ReportID        `json:"other,omitempty"`
	Flags      []civic.ResolutionFlag `json:"flags,omitempty"`
	Office     *civic.OfficeChange    `json:"office,omitempty"`
	Cause      *civic.CauseID         `json:"cause,omitempty"`
}

func auditDetail(line civic.AuditLine) auditDetailRow {
	return auditDetailRow{Status: line.Status, Department: line.Department, Filing: line.Filing, Other: line.Other, Flags: line.Flags, Office: line.Office, Cause: line.Cause}
}
