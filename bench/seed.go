package main

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// seed fills the core database with n reports of the last two years, as the role that takes reports in. Text, place, category, status and
// what figures are made of vary; one in 16 is private and one in 16 anonymous. The newest is a minute old.
func seed(ctx context.Context, writer string, n int) error {
	conn, err := pgx.Connect(ctx, writer)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `
		WITH kinds AS (SELECT id, department_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many FROM categories),
		     areas AS (SELECT id, latitude, longitude, row_number() OVER (ORDER BY name) - 1 AS place, count(*) OVER () AS many FROM districts),
		     staff AS (SELECT DISTINCT ON (department_id) department_id, id FROM officers ORDER BY department_id, id)
		INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id,
			latitude, longitude, address, district_id, answers, created_at, updated_at, upvotes,
			answered_at, resolved_at, closed_at, response_due_at, resolution_due_at, assignee_id, escalation_level, reopened)
		SELECT gen_random_uuid(), 'JW-' || substr(lpad(upper(to_hex(n)), 8, '0'), 1, 4) || '-' || substr(lpad(upper(to_hex(n)), 8, '0'), 5),
			'Lampu jalan padam nomor ' || n,
			'Sudah ' || n % 30 || ' hari lampu jalan di depan sekolah padam dan anak-anak pulang dalam gelap. Mohon segera diperbaiki.',
			CASE n % 16 WHEN 3 THEN 'PRIVATE' WHEN 5 THEN 'ANONYMOUS' ELSE 'PUBLIC' END, (ARRAY['RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'RESOLVED', 'CLOSED'])[1 + n % 5], 'NORMAL', kinds.id, kinds.department_id,
			areas.latitude + (n % 100) * 0.0001, areas.longitude + (n % 97) * 0.0001, 'Jalan Contoh ' || n % 500, areas.id, '[]',
			filed, now() - interval '1 minute', n % 40, filed + n % 5000 * interval '1 minute',
			CASE WHEN n % 5 > 2 THEN least(filed + n % 40009 * interval '1 minute', now()) END,
			CASE WHEN n % 5 = 4 THEN least(filed + n % 40009 * interval '2 minutes', now()) END, filed + interval '1 day', filed + interval '14 days', staff.id,
			n % 11 / 9, n % 13 / 12
		FROM (SELECT n, now() - interval '1 minute' - n::float8 / $1::int * interval '730 days' AS filed FROM generate_series(1, $1::int) AS n) AS reports
		JOIN kinds ON kinds.place = n % kinds.many
		JOIN areas ON areas.place = n % areas.many
		LEFT JOIN staff ON staff.department_id = kinds.department_id`, n)
	return err
}

// numbers are some of the seeded reports, spread over all of them.
func numbers(ctx context.Context, reader string, n int) ([]string, error) {
	conn, err := pgx.Connect(ctx, reader)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `SELECT number FROM reports WHERE title LIKE 'Lampu jalan padam nomor %' ORDER BY md5(number), number LIMIT $1`, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
