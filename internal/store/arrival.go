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
	reports, timeline, media, notes, audit, events := []reportRow{}, []timelineRow{}, []mediaRow{}, []noteRow{}, []auditRow{}, []eventRow{}
	seen := make(map[civic.UUID]bool, len(arrivals))
	for i, arrival := range arrivals {
		if seen[arrival.Report.ID.UUID] {
			continue
		}
		seen[arrival.Report.ID.UUID] = true
		reports = append(reports, newReportRow(arrival))
		for _, row := range arrival.Timeline {
			timeline = append(timeline, newTimelineRow(row))
		}
		media = append(media, newMediaRows(arrival.Report.Media)...)
		if note := arrival.Note; note != nil {
			notes = append(notes, noteRow{note.ID.UUIDString(), note.Report.UUIDString(), note.Body, note.Author.UUIDString(), note.CreatedAt})
		}
		audit = append(audit, newAuditRow(arrival.Audit))
		if arrival.Event != nil {
			events = append(events, eventRow{i, arrival.Report.ID.UUIDString(), arrival.Event})
		}
	}
	batch.CreatedAt = now
	for into, rows := range map[*[]byte]any{
		&batch.Arrivals: reports, &batch.Entries: timeline, &batch.Media: media, &batch.Notes: notes, &batch.Lines: audit, &batch.Events: events,
	} {
		if *into, err = json.Marshal(rows); err != nil {
			return batch, err
		}
	}
	return batch, nil
}

// The rows as jsonb_to_recordset names them; ids are plain uuids here, and what is left out is NULL.
type reportRow struct {
	ID            string             `json:"id"`
	Number        string             `json:"number"`
	Title         string             `json:"title"`
	Body          string             `json:"body"`
	Visibility    string             `json:"visibility"`
	Status        string             `json:"status"`
	Priority      string             `json:"priority"`
	Category      string             `json:"category_id"`
	Department    string             `json:"department_id"`
	Latitude      *float64           `json:"latitude,omitempty"`
	Longitude     *float64           `json:"longitude,omitempty"`
	Cell          *int64             `json:"cell,omitempty"`
	Address       *string            `json:"address,omitempty"`
	District      *string            `json:"district_id,omitempty"`
	Reporter      *string            `json:"reporter_id,omitempty"`
	Receipt       *string            `json:"receipt_hash,omitempty"`
	Salt          *string            `json:"salt,omitempty"`
	Answers       []civic.Answer     `json:"answers"`
	CreatedAt     time.Time          `json:"created_at"`
	UpdatedAt     time.Time          `json:"updated_at"`
	ResolvedAt    *time.Time         `json:"resolved_at,omitempty"`
	ClosedAt      *time.Time         `json:"closed_at,omitempty"`
	ResponseDue   *time.Time         `json:"response_due_at,omitempty"`
	ResolutionDue *time.Time         `json:"resolution_due_at,omitempty"`
	NextDue       *time.Time         `json:"next_due_at,omitempty"`
	WarnAt        *time.Time         `json:"warn_at,omitempty"`
	Assignee      *string            `json:"assignee_id,omitempty"`
	Partner       *string            `json:"partner_id,omitempty"`
	Said          *civic.PartnerSaid `json:"partner_said,omitempty"`
}

type timelineRow struct {
	ID         string             `json:"id"`
	Report     string             `json:"report_id"`
	Kind       civic.TimelineKind `json:"kind"`
	At         time.Time          `json:"at"`
	Status     civic.Status       `json:"status"`
	Department *string            `json:"department_id,omitempty"`
	Message    string             `json:"message"`
	Level      *int               `json:"level,omitempty"`
}

type mediaRow struct {
	ID          string             `json:"id"`
	Report      string             `json:"report_id"`
	Purpose     civic.MediaPurpose `json:"purpose"`
	Position    int                `json:"position"`
	Kind        civic.MediaKind    `json:"kind"`
	ContentType string             `json:"content_type"`
	Width       int                `json:"width"`
	Height      int                `json:"height"`
	ByteSize    int                `json:"byte_size"`
	Blob        string             `json:"blob"`
	Thumbnail   *string            `json:"thumbnail,omitempty"`
}

type noteRow struct {
	ID     string    `json:"id"`
	Report string    `json:"report_id"`
	Body   string    `json:"body"`
	Author string    `json:"author_id"`
	At     time.Time `json:"created_at"`
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
		WarnAt: r.Clock.WarnAt, Assignee: text(plain(r.Assignee)),
		Partner: text(plain(arrival.Partner)), Said: arrival.Said,
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
	if arrival.Salt != nil {
		row.Salt = new(hex.EncodeToString(arrival.Salt))
	}
	return row
}

func newTimelineRow(row civic.TimelineRow) timelineRow {
	e := row.Entry
	return timelineRow{
		ID: row.ID.UUIDString(), Report: e.Report.UUIDString(), Kind: e.Kind, At: e.At, Status: e.Status,
		Department: text(plain(e.Department)), Message: e.Message, Level: e.Level,
	}
}

func newAuditRow(line civic.AuditLine) auditRow {
	return auditRow{
		ID: line.ID.UUIDString(), At: line.At, Actor: line.Actor, Action: line.Action, Report: line.Report.UUIDString(),
		Detail: auditDetail(line),
	}
}

func newMediaRows(all []*civic.Media) []mediaRow {
	rows := make([]mediaRow, len(all))
	for i, m := range all {
		rows[i] = mediaRow{
			ID: m.ID.UUIDString(), Report: m.Report.UUIDString(), Purpose: m.Purpose, Position: m.Position, Kind: m.Kind,
			ContentType: m.ContentType, Width: m.Width, Height: m.Height, ByteSize: m.ByteSize, Blob: m.Blob,
		}
		if m.Thumbnail != "" {
			rows[i].Thumbnail = &m.Thumbnail
		}
	}
	return rows
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
