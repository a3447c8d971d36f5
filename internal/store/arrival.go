package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// TakeIn writes arrivals in one transaction and tells which of them were new; a report that is there already is left as it is,
// with everything that hangs on it. An error means that none was written.
func (s *Store) TakeIn(ctx context.Context, arrivals []civic.Arrival) (fresh []bool, err error) {
	batch, err := newArrivalBatch(arrivals, s.now())
	if err != nil {
		return nil, err
	}
	var taken []civic.UUID
	err = s.statement(ctx, func(tx db.DBTX) error {
		taken, err = db.New(tx).TakeIn(ctx, batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	isNew := make(map[civic.UUID]bool, len(taken))
	for _, id := range taken {
		isNew[id] = true
	}
	fresh = make([]bool, len(arrivals))
	for i, arrival := range arrivals {
		// Twice in one batch: the first is the one that was written.
		fresh[i] = isNew[arrival.Report.ID.UUID]
		delete(isNew, arrival.Report.ID.UUID)
	}
	return fresh, nil
}

// newArrivalBatch lays out the rows, each report once.
func newArrivalBatch(arrivals []civic.Arrival, now time.Time) (batch db.TakeInParams, err error) {
	reports, timeline, audit, events := []reportRow{}, []timelineRow{}, []auditRow{}, []eventRow{}
	seen := make(map[civic.UUID]bool, len(arrivals))
	for i, arrival := range arrivals {
		if seen[arrival.Report.ID.UUID] {
			continue
		}
		seen[arrival.Report.ID.UUID] = true
		reports = append(reports, newReportRow(arrival))
		for _, row := range arrival.Timeline {
			timeline = append(timeline, timelineRow{
				ID: row.ID.UUIDString(), Report: row.Entry.Report.UUIDString(), Kind: row.Entry.Kind, At: row.Entry.At,
				Status: row.Entry.Status, Department: text(plain(row.Entry.Department)), Message: row.Entry.Message,
			})
		}
		line := arrival.Audit
		audit = append(audit, auditRow{
			ID: line.ID.UUIDString(), At: line.At, Actor: line.Actor, Action: line.Action, Report: line.Report.UUIDString(),
			Detail: auditDetail(line),
		})
		if arrival.Event != nil {
			events = append(events, eventRow{i, arrival.Report.ID.UUIDString(), arrival.Event})
		}
	}
	batch.CreatedAt = now
	for into, rows := range map[*[]byte]any{
		&batch.Arrivals: reports, &batch.Entries: timeline, &batch.Lines: audit, &batch.Events: events,
	} {
		if *into, err = json.Marshal(rows); err != nil {
			return batch, err
		}
	}
	return batch, nil
}

// The rows as jsonb_to_recordset names them; ids are plain uuids here.
type reportRow struct {
	ID            string         `json:"id"`
	Number        string         `json:"number"`
	Title         string         `json:"title"`
	Body          string         `json:"body"`
	Visibility    string         `json:"visibility"`
	Status        string         `json:"status"`
	Priority      string         `json:"priority"`
	Category      string         `json:"category_id"`
	Department    string         `json:"department_id"`
	Latitude      *float64       `json:"latitude"`
	Longitude     *float64       `json:"longitude"`
	Cell          *int64         `json:"cell"`
	Address       *string        `json:"address"`
	District      *string        `json:"district_id"`
	Reporter      *string        `json:"reporter_id"`
	Receipt       *string        `json:"receipt_hash"`
	Answers       []civic.Answer `json:"answers"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
	ResolvedAt    *time.Time     `json:"resolved_at"`
	ClosedAt      *time.Time     `json:"closed_at"`
	ResponseDue   *time.Time     `json:"response_due_at"`
	ResolutionDue *time.Time     `json:"resolution_due_at"`
	NextDue       *time.Time     `json:"next_due_at"`
}

type timelineRow struct {
	ID         string             `json:"id"`
	Report     string             `json:"report_id"`
	Kind       civic.TimelineKind `json:"kind"`
	At         time.Time          `json:"at"`
	Status     civic.Status       `json:"status"`
	Department *string            `json:"department_id"`
	Message    string             `json:"message"`
}

type auditRow struct {
	ID     string         `json:"id"`
	At     time.Time      `json:"at"`
	Actor  string         `json:"actor"`
	Action string         `json:"action"`
	Report string         `json:"report_id"`
	Detail auditDetailRow `json:"detail"`
}

type eventRow struct {
	Position int          `json:"position"`
	Report   string       `json:"report_id"`
	Event    *civic.Event `json:"event"`
}

func newReportRow(arrival civic.Arrival) reportRow {
	r := arrival.Report
	row := reportRow{
		ID: r.ID.UUIDString(), Number: r.Number, Title: r.Title, Body: r.Body, Visibility: string(r.Visibility),
		Status: string(r.Status), Priority: string(r.Priority), Category: r.Category.UUIDString(),
		Department: r.Department.UUIDString(), Cell: cellOf(r.Place), Reporter: text(plain(r.Reporter)),
		Answers: r.Answers, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, ResolvedAt: r.ResolvedAt, ClosedAt: r.ClosedAt,
		ResponseDue: optional(r.Clock.ResponseDue), ResolutionDue: optional(r.Clock.ResolutionDue), NextDue: r.Clock.NextDue,
	}
	if row.Answers == nil {
		row.Answers = []civic.Answer{}
	}
	if r.Place != nil {
		row.Latitude, row.Longitude, row.District = &r.Place.Latitude, &r.Place.Longitude, text(plain(r.Place.District))
		row.Address = &r.Place.Address
	}
	if arrival.ReceiptHash != nil {
		row.Receipt = new(hex.EncodeToString(arrival.ReceiptHash))
	}
	return row
}

func text(id *civic.UUID) *string {
	if id == nil {
		return nil
	}
	t := id.UUIDString()
	return &t
}

// optional is NULL for the zero time.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
