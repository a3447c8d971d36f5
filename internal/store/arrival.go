package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// TakeIn writes arrivals in one transaction and tells which of them were new; a report that is there already is left as it is,
// with everything that hangs on it. An error means that none was written.
func (s *Store) TakeIn(ctx context.Context, arrivals []civic.Arrival) (fresh []bool, err error) {
	rows, err := arrivalRows(arrivals)
	if err != nil {
		return nil, err
	}
	fresh = make([]bool, len(arrivals))
	err = s.write(ctx, civic.Scope{}, func(tx pgx.Tx) error {
		q := db.New(tx)
		inserted, err := q.InsertReports(ctx, rows)
		if err != nil {
			return err
		}
		isNew := make(map[civic.UUID]bool, len(inserted))
		for _, id := range inserted {
			isNew[id] = true
		}
		var taken []civic.Arrival
		for i, arrival := range arrivals {
			// Twice in one batch: the first is the one that was written.
			if fresh[i] = isNew[arrival.Report.ID.UUID]; fresh[i] {
				taken = append(taken, arrival)
				delete(isNew, arrival.Report.ID.UUID)
			}
		}
		return writeTraces(ctx, q, taken, s.now())
	})
	if err != nil {
		return nil, err
	}
	return fresh, nil
}

// writeTraces writes what hangs on new reports: history, audit and events.
func writeTraces(ctx context.Context, q *db.Queries, taken []civic.Arrival, now time.Time) error {
	if len(taken) == 0 {
		return nil
	}
	var timeline []timelineRow
	var audit []auditRow
	var events []*civic.Event
	for _, arrival := range taken {
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
			events = append(events, arrival.Event)
		}
	}
	if err := writeJSON(timeline, func(rows []byte) error { return q.InsertTimelines(ctx, rows) }); err != nil {
		return err
	}
	if err := writeJSON(audit, func(rows []byte) error { return q.InsertAudit(ctx, rows) }); err != nil {
		return err
	}
	if len(events) == 0 {
		return nil
	}
	return writeJSON(events, func(rows []byte) error {
		return q.InsertEvents(ctx, db.InsertEventsParams{Events: rows, CreatedAt: now})
	})
}

func writeJSON(rows any, write func([]byte) error) error {
	encoded, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return write(encoded)
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

func arrivalRows(arrivals []civic.Arrival) ([]byte, error) {
	rows := make([]reportRow, len(arrivals))
	for i, arrival := range arrivals {
		r := arrival.Report
		rows[i] = reportRow{
			ID: r.ID.UUIDString(), Number: r.Number, Title: r.Title, Body: r.Body, Visibility: string(r.Visibility),
			Status: string(r.Status), Priority: string(r.Priority), Category: r.Category.UUIDString(),
			Department: r.Department.UUIDString(), Cell: cellOf(r.Place), Reporter: text(plain(r.Reporter)),
			Answers: r.Answers, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, ResolvedAt: r.ResolvedAt, ClosedAt: r.ClosedAt,
			ResponseDue: optional(r.Clock.ResponseDue), ResolutionDue: optional(r.Clock.ResolutionDue), NextDue: r.Clock.NextDue,
		}
		if rows[i].Answers == nil {
			rows[i].Answers = []civic.Answer{}
		}
		if r.Place != nil {
			rows[i].Latitude, rows[i].Longitude, rows[i].District = &r.Place.Latitude, &r.Place.Longitude, text(plain(r.Place.District))
			rows[i].Address = &r.Place.Address
		}
		if arrival.ReceiptHash != nil {
			receipt := hex.EncodeToString(arrival.ReceiptHash)
			rows[i].Receipt = &receipt
		}
	}
	return json.Marshal(rows)
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
