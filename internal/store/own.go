package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
)

// ownSections are what the core database holds about a citizen, each with the query that finds it as JSON. Ids stay inside.
var ownSections = []struct{ name, sql string }{
	{"reports", `SELECT jsonb_build_object('number', r.number, 'title', r.title, 'body', r.body, 'visibility', r.visibility, 'status', r.status,
		'priority', r.priority, 'category', c.code, 'department', d.code, 'latitude', r.latitude, 'longitude', r.longitude, 'address', r.address,
		'district', (SELECT districts.name FROM districts WHERE districts.id = r.district_id), 'answers', r.answers, 'createdAt', r.created_at,
		'updatedAt', r.updated_at, 'resolvedAt', r.resolved_at, 'closedAt', r.closed_at, 'hidden', r.hidden, 'upvotes', r.upvotes,
		'media', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'contentType', m.content_type, 'width', m.width,
			'height', m.height, 'byteSize', m.byte_size) ORDER BY m.position), '[]'::jsonb) FROM media AS m WHERE m.report_id = r.id AND m.purpose = 'REPORT'))
		FROM reports AS r JOIN categories AS c ON c.id = r.category_id JOIN departments AS d ON d.id = r.department_id
		WHERE r.reporter_id = $1 ORDER BY r.created_at, r.id`},
	{"comments", `SELECT jsonb_build_object('report', (SELECT r.number FROM reports AS r WHERE r.id = c.report_id), 'body', c.body, 'createdAt', c.created_at)
		FROM comments AS c WHERE c.author_id = $1 ORDER BY c.created_at, c.id`},
	{"votes", `SELECT jsonb_build_object('report', (SELECT r.number FROM reports AS r WHERE r.id = u.report_id), 'createdAt', u.created_at)
		FROM upvotes AS u WHERE u.citizen_id = $1 ORDER BY u.created_at, u.report_id`},
	{"follows", `SELECT jsonb_build_object('report', (SELECT r.number FROM reports AS r WHERE r.id = f.report_id), 'createdAt', f.created_at)
		FROM followers AS f WHERE f.citizen_id = $1 ORDER BY f.created_at, f.report_id`},
	{"ratings", `SELECT jsonb_build_object('report', r.number, 'score', g.score, 'comment', g.comment, 'ratedAt', g.rated_at)
		FROM ratings AS g JOIN reports AS r ON r.id = g.report_id WHERE r.reporter_id = $1 ORDER BY g.rated_at, r.id`},
	{"notifications", `SELECT jsonb_build_object('report', (SELECT r.number FROM reports AS r WHERE r.id = n.report_id), 'kind', n.kind, 'createdAt', n.created_at,
		'readAt', n.read_at) FROM notifications AS n WHERE n.account_id = $1 ORDER BY n.place`},
	{"notificationPreferences", `SELECT jsonb_build_object('language', p.language, 'email', p.email, 'push', p.push, 'muted', p.muted, 'quietFrom', p.quiet_from,
		'quietUntil', p.quiet_until, 'emailRefusedAt', p.email_refused_at) FROM notification_preferences AS p WHERE p.account_id = $1`},
	{"browsers", `SELECT jsonb_build_object('endpoint', b.endpoint, 'createdAt', b.created_at)
		FROM push_subscriptions AS b WHERE b.account_id = $1 ORDER BY b.created_at, b.id`},
	{"areaAlerts", `SELECT jsonb_build_object('latitude', a.latitude, 'longitude', a.longitude, 'address', a.address, 'radiusMeters', a.radius,
		'createdAt', a.created_at) FROM area_alerts AS a WHERE a.citizen_id = $1 ORDER BY a.created_at, a.id`},
}

// Own reads everything that the core database holds about a citizen, row by row: begin is called for each section, row for each of its rows.
// A slow reader holds a connection and no memory.
func (s *Store) Own(ctx context.Context, citizen civic.CitizenID, begin func(section string) error, row func(json.RawMessage) error) error {
	options := pgx.TxOptions{AccessMode: pgx.ReadOnly, BeginQuery: beginAs("begin isolation level repeatable read read only", civic.Scope{Citizen: &citizen, Account: &citizen.UUID})}
	return border(pgx.BeginTxFunc(ctx, s.own, options, func(tx pgx.Tx) error {
		for _, section := range ownSections {
			if err := begin(section.name); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, "-- name: Own "+section.name+"\n"+section.sql, citizen.UUID)
			if err != nil {
				return err
			}
			var raw json.RawMessage
			if _, err := pgx.ForEachRow(rows, []any{&raw}, func() error { return row(raw) }); err != nil {
				return err
			}
		}
		return nil
	}))
}
