package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// AddPartner gives a partner the key of this hash. It takes the owner's role, like the next two.
func (s *Store) AddPartner(ctx context.Context, p civic.Partner, keyHash []byte) error {
	return s.statement(ctx, func(tx db.DBTX) error {
		return db.New(tx).AddPartner(ctx, db.AddPartnerParams{ID: p.ID.UUID, Name: p.Name, KeyHash: keyHash, CreatedAt: p.CreatedAt})
	})
}

// Partners lists all that there ever were.
func (s *Store) Partners(ctx context.Context) (partners []civic.Partner, err error) {
	err = s.statement(ctx, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListPartners(ctx)
		partners = make([]civic.Partner, len(rows))
		for i, row := range rows {
			partners[i] = civic.Partner{ID: civic.PartnerID{UUID: row.ID}, Name: row.Name, CreatedAt: row.CreatedAt, RevokedAt: row.RevokedAt}
		}
		return err
	})
	return partners, err
}

// RevokePartner ends a key for good; revoked tells whether there was one to end.
func (s *Store) RevokePartner(ctx context.Context, id civic.PartnerID) (revoked bool, err error) {
	err = s.statement(ctx, func(tx db.DBTX) error {
		now := s.now()
		n, err := db.New(tx).RevokePartner(ctx, db.RevokePartnerParams{ID: id.UUID, At: &now})
		revoked = n > 0
		return err
	})
	return revoked, err
}

// PartnerOfKey finds who has the key of this hash; nil if nobody has.
func (s *Store) PartnerOfKey(ctx context.Context, keyHash []byte) (partner *civic.Partner, err error) {
	err = s.statement(ctx, func(tx db.DBTX) error {
		rows, err := db.New(tx).PartnerOfKey(ctx, keyHash)
		if err == nil && len(rows) > 0 {
			partner = &civic.Partner{ID: civic.PartnerID{UUID: rows[0].ID}, Name: rows[0].Name}
		}
		return err
	})
	return partner, err
}

// requestColumns are reportColumns and what Open311 shows besides.
const requestColumns = reportColumns + `, partner_said,
 coalesce((SELECT message FROM timeline WHERE timeline.report_id = reports.id AND message <> '' ORDER BY at DESC, id DESC LIMIT 1), '')`

// ServiceRequests lists what everybody may see and, with a partner in scope, what that one filed.
func (s *Store) ServiceRequests(ctx context.Context, scope civic.Scope, asked civic.ServiceRequests) (found []civic.ServiceRequest, err error) {
	q := &pageQuery{}
	if scope.Partner == nil {
		q.where("visibility = 'PUBLIC' AND NOT hidden")
	} else {
		q.where("(visibility = 'PUBLIC' AND NOT hidden OR partner_id = " + q.arg(scope.Partner.UUID) + ")")
	}
	if asked.Numbers != nil {
		q.where("number = ANY (" + q.arg(asked.Numbers) + ")")
	} else {
		q.requests(asked, s.now())
	}
	if asked.Before != nil {
		q.where("(created_at, id) < (" + q.arg(asked.Before.CreatedAt) + ", " + q.arg(asked.Before.ID.UUID) + ")")
	}
	sql := "-- name: ListServiceRequests\nSELECT " + requestColumns + " FROM reports WHERE " + strings.Join(q.conditions, " AND ") +
		" ORDER BY " + sortings[civic.Newest].by + " LIMIT " + strconv.Itoa(asked.First) + " OFFSET " + strconv.Itoa(asked.Skip)
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := tx.Query(ctx, sql, q.args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, scanRequest)
		return err
	})
	return found, err
}

func (q *pageQuery) requests(asked civic.ServiceRequests, now time.Time) {
	q.filter(asked.Filter, now)
	if asked.UpdatedFrom != nil {
		q.where("updated_at >= " + q.arg(*asked.UpdatedFrom))
	}
	if asked.UpdatedUntil != nil {
		q.where("updated_at <= " + q.arg(*asked.UpdatedUntil))
	}
	if asked.Around != nil {
		q.around(*asked.Around)
	}
}

// around narrows to a circle: the box around it by index, and the distance on a sphere. Rounding may take what is under the root out of its range.
func (q *pageQuery) around(c civic.Circle) {
	q.within(c.Box())
	latitude, longitude := q.arg(c.Center.Latitude), q.arg(c.Center.Longitude)
	q.where("2 * 6371008.8 * asin(least(1, sqrt(greatest(0, power(sin(radians(latitude - " + latitude + "::float8) / 2), 2) + cos(radians(" + latitude +
		"::float8)) * cos(radians(latitude)) * power(sin(radians(longitude - " + longitude + "::float8) / 2), 2))))) <= " + q.arg(c.Meters) + "::float8")
}

func scanRequest(row pgx.CollectableRow) (r civic.ServiceRequest, err error) {
	var said []byte
	if r.Report, err = scanReport(row, &said, &r.Notes); err != nil || said == nil {
		return r, err
	}
	if err := json.Unmarshal(said, &r.Said); err != nil {
		return r, fmt.Errorf("what a partner said: %w", err)
	}
	return r, nil
}

// ServiceRequestUpdates lists what happened from one instant to another, oldest first, to all reports or to that of a number.
func (s *Store) ServiceRequestUpdates(ctx context.Context, scope civic.Scope, from, to time.Time, number string, skip, first int) (updates []civic.ServiceRequestUpdate, err error) {
	err = s.read(ctx, scope, func(tx db.DBTX) error {
		rows, err := db.New(tx).ListUpdates(ctx, db.ListUpdatesParams{FromAt: from, ToAt: to, Number: number, Most: int32(first), Skip: int32(skip), UntilRow: int32(skip + first)})
		updates = make([]civic.ServiceRequestUpdate, len(rows))
		for i, row := range rows {
			updates[i] = civic.ServiceRequestUpdate{ID: row.ID, Number: row.Number, At: row.At, Status: civic.Status(row.Status), Text: row.Body}
		}
		return err
	})
	return updates, err
}
