package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/golang/geo/s2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// reportColumns is what a report is read from, in the order that scanReport takes.
const reportColumns = `id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude,
 address, district_id, reporter_id, answers, created_at, updated_at, resolved_at, closed_at, hidden, upvotes, assignee_id,
 response_due_at, resolution_due_at, answered_at, clock_stopped_at, next_due_at, escalation_level, escalated_to, cause_id`

// changeColumns are read besides by who is going to change a report.
const changeColumns = reportColumns + `, clock_stood, clock_from, reopened, escalated_since, escalation_answered_at, warn_at, warned_due_at, closes_at`

// scanChanging reads reportColumns and changeColumns.
func scanChanging(row pgx.CollectableRow) (*civic.Report, error) {
	var (
		stood                                         int64
		reopened                                      int
		from, since, answered, warnAt, warned, closes pgtype.Timestamptz
	)
	r, err := scanReport(row, &stood, &from, &reopened, &since, &answered, &warnAt, &warned, &closes)
	if err != nil {
		return nil, err
	}
	r.Reopened, r.Escalation.Since, r.Escalation.AnsweredAt = reopened, timeOf(since), timeOf(answered)
	r.Clock.Stood, r.Clock.WarnAt, r.Clock.Warned = time.Duration(stood)*time.Microsecond, timeOf(warnAt), timeOf(warned)
	r.Clock.ClosesAt, r.Clock.From = timeOf(closes), timeOf(from)
	return r, nil
}

// scanReport reads into the types that pgx knows by heart: looking up how to read into ours would cost as much as reading.
// What more columns hold goes to more.
func scanReport(row pgx.Row, more ...any) (*civic.Report, error) {
	var (
		r                                                                        civic.Report
		latitude, longitude                                                      pgtype.Float8
		address                                                                  pgtype.Text
		district, reporter, assignee, climbed, cause                             pgtype.UUID
		answers                                                                  []byte
		resolved, closed, responseDue, resolutionDue, answered, stopped, nextDue pgtype.Timestamptz
	)
	err := row.Scan(append([]any{(*[16]byte)(&r.ID.UUID), &r.Number, &r.Title, &r.Body, (*string)(&r.Visibility), (*string)(&r.Status),
		(*string)(&r.Priority), (*[16]byte)(&r.Category.UUID), (*[16]byte)(&r.Department.UUID), &latitude, &longitude, &address,
		&district, &reporter, &answers, &r.CreatedAt, &r.UpdatedAt, &resolved, &closed, &r.Hidden, &r.Upvotes, &assignee,
		&responseDue, &resolutionDue, &answered, &stopped, &nextDue, &r.Escalation.Level, &climbed, &cause}, more...)...)
	if err != nil {
		return nil, err
	}
	if latitude.Valid && longitude.Valid {
		r.Place = &civic.Place{Latitude: latitude.Float64, Longitude: longitude.Float64, Address: address.String}
		if district.Valid {
			r.Place.District = &civic.DistrictID{UUID: district.Bytes}
		}
	}
	if reporter.Valid {
		r.Reporter = &civic.CitizenID{UUID: reporter.Bytes}
	}
	if assignee.Valid {
		r.Assignee = &civic.OfficerID{UUID: assignee.Bytes}
	}
	if climbed.Valid {
		r.Escalation.To = &civic.DepartmentID{UUID: climbed.Bytes}
	}
	if cause.Valid {
		r.Cause = &civic.CauseID{UUID: cause.Bytes}
	}
	if responseDue.Valid && resolutionDue.Valid {
		r.Clock.ResponseDue, r.Clock.ResolutionDue = responseDue.Time, resolutionDue.Time
	}
	r.ResolvedAt, r.ClosedAt = timeOf(resolved), timeOf(closed)
	r.Clock.AnsweredAt, r.Clock.StoppedAt, r.Clock.NextDue = timeOf(answered), timeOf(stopped), timeOf(nextDue)
	if len(answers) > len("[]") {
		if err := json.Unmarshal(answers, &r.Answers); err != nil {
			return nil, fmt.Errorf("answers of a report: %w", err)
		}
	}
	return &r, nil
}

func timeOf(t pgtype.Timestamptz) *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time
}

func collectReports(rows pgx.Rows, err error) ([]*civic.Report, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*civic.Report, error) { return scanReport(row) })
}

// collectChanging reads rows of changeColumns.
func collectChanging(rows pgx.Rows, err error) ([]*civic.Report, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanChanging)
}

// Reports finds those of ids that scope may see, in no particular order.
func (s *Store) Reports(ctx context.Context, scope civic.Scope, ids []civic.ReportID) (found []*civic.Report, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		found, err = collectReports(tx.Query(ctx, "-- name: Reports\nSELECT "+reportColumns+" FROM reports WHERE id = ANY ($1) ORDER BY id",
			uuids(ids)))
		return err
	})
	return found, err
}

// ReportByNumber finds one that scope may see; NOT_FOUND otherwise.
func (s *Store) ReportByNumber(ctx context.Context, scope civic.Scope, number string) (*civic.Report, error) {
	return s.one(ctx, scope, "-- name: ReportByNumber\nSELECT "+reportColumns+" FROM reports WHERE number = $1", number)
}

// ReportByReceipt finds the anonymous report with this receipt hash; NOT_FOUND otherwise.
func (s *Store) ReportByReceipt(ctx context.Context, hash []byte) (*civic.Report, error) {
	return s.one(ctx, civic.Scope{Receipt: hash}, "-- name: ReportByReceipt\nSELECT "+reportColumns+" FROM reports WHERE receipt_hash = $1", hash)
}

func (s *Store) one(ctx context.Context, scope civic.Scope, sql string, arg any) (report *civic.Report, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		report, err = oneReport(tx.Query(ctx, sql, arg))
		return err
	})
	return report, err
}

// oneReport is the only one that was looked for; NOT_FOUND without.
func oneReport(rows pgx.Rows, err error) (*civic.Report, error) {
	return only(collectReports(rows, err))
}

func only(found []*civic.Report, err error) (*civic.Report, error) {
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, civic.NotFound("report.not_found")
	}
	return found[0], nil
}

// cellOf is the S2 leaf cell of a place. A cell id is unsigned and a bigint is not; a box of the map is asked for as ranges of
// cells turned the same way, and no range crosses the sign because the sign bit is the cube face's.
func cellOf(p *civic.Place) *int64 {
	if p == nil {
		return nil
	}
	cell := int64(s2.CellIDFromLatLng(s2.LatLngFromDegrees(p.Latitude, p.Longitude)))
	return &cell
}
