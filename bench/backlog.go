package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
)

// openUp adds n reports that somebody still has to act on, numbered from first, all of them due at the same moment. Their departments have
// been told that time is short where that moment is near.
func openUp(ctx context.Context, writer *pgxpool.Pool, first, n int, due time.Time) error {
	const near = time.Hour
	_, err := writer.Exec(ctx, `
		WITH kinds AS (SELECT id, department_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many FROM categories),
		     areas AS (SELECT id, latitude, longitude, row_number() OVER (ORDER BY name) - 1 AS place, count(*) OVER () AS many FROM districts)
		INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude, cell,
			address, district_id, reporter_id, answers, created_at, updated_at, response_due_at, resolution_due_at, next_due_at, warn_at, salt)
		SELECT gen_random_uuid(), 'OP-' || substr(lpad(upper(to_hex(n)), 8, '0'), 1, 4) || '-' || substr(lpad(upper(to_hex(n)), 8, '0'), 5),
			'Lampu jalan padam nomor ' || n,
			'Sudah ' || n % 30 || ' hari lampu jalan di depan sekolah padam dan anak-anak pulang dalam gelap. Mohon segera diperbaiki.',
			(ARRAY['PUBLIC', 'PRIVATE'])[1 + n % 2], 'RECEIVED', 'NORMAL', kinds.id, kinds.department_id,
			areas.latitude + (n % 100) * 0.0001, areas.longitude + (n % 97) * 0.0001, n * 7919::bigint, 'Jalan Contoh ' || n % 500, areas.id,
			gen_random_uuid(), '[]', now() - interval '3 days' - n * interval '10 milliseconds', now() - interval '1 minute',
			$3::timestamptz, $3::timestamptz + interval '20 days', $3::timestamptz,
			CASE WHEN $4 THEN NULL ELSE $3::timestamptz - interval '6 hours' END, sha256(n::text::bytea)
		FROM generate_series($1::int, $1::int + $2::int - 1) AS n
		JOIN kinds ON kinds.place = n % kinds.many
		JOIN areas ON areas.place = n % areas.many`, first, n, due, time.Until(due) < near)
	return err
}

// dueAt are the reports that are due at a moment.
func dueAt(ctx context.Context, reader *pgxpool.Pool, moment time.Time) ([]civic.UUID, error) {
	rows, err := reader.Query(ctx, `SELECT id FROM reports WHERE next_due_at = $1 ORDER BY id`, moment)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (id civic.UUID, err error) {
		err = row.Scan((*[16]byte)(&id))
		return id, err
	})
}

// The baseline of a step: the report's own row and nothing else, as many in one statement as anybody would, on two connections.
const (
	rawBatch   = 500
	rawWorkers = 2
)

const rawClimb = `UPDATE reports SET status = 'ESCALATED', updated_at = now(), next_due_at = $2, escalation_level = escalation_level + 1,
	escalated_to = department_id, escalated_since = now() WHERE id = ANY ($1::uuid[])`

func climbRaw(ctx context.Context, climber *pgxpool.Pool, ids []civic.UUID, next time.Time) error {
	plain := make([][16]byte, len(ids))
	for i, id := range ids {
		plain[i] = id
	}
	work := make(chan [][16]byte)
	failed := make(chan error, rawWorkers)
	var working sync.WaitGroup
	for range rawWorkers {
		working.Go(func() {
			var err error
			for batch := range work {
				if err == nil {
					_, err = climber.Exec(ctx, rawClimb, batch, next)
				}
			}
			failed <- err
		})
	}
	for batch := range slices.Chunk(plain, rawBatch) {
		work <- batch
	}
	close(work)
	working.Wait()
	for range rawWorkers {
		if err := <-failed; err != nil {
			return err
		}
	}
	return nil
}
