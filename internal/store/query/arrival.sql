-- Taking reports in is one statement, and so one transaction and one round trip, whatever the size of the batch: many rows travel as one JSON
-- value for each table. A report that is there already leaves everything as it is, what hangs on it included.

-- name: TakeIn :many
WITH taken AS (
    INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude,
        cell, address, district_id, reporter_id, receipt_hash, answers, created_at, updated_at, resolved_at, closed_at,
        response_due_at, resolution_due_at, next_due_at, warn_at, assignee_id, salt, partner_id, partner_said)
    SELECT r.id, r.number, r.title, r.body, r.visibility, r.status, r.priority, r.category_id, r.department_id, r.latitude,
        r.longitude, r.cell, r.address, r.district_id, r.reporter_id, decode(r.receipt_hash, 'hex'), r.answers, r.created_at,
        r.updated_at, r.resolved_at, r.closed_at, r.response_due_at, r.resolution_due_at, r.next_due_at, r.warn_at,
        r.assignee_id, decode(r.salt, 'hex'), r.partner_id, r.partner_said
    FROM jsonb_to_recordset(@arrivals::jsonb) AS r (id uuid, number text, title text, body text, visibility text, status text,
        priority text, category_id uuid, department_id uuid, latitude float8, longitude float8, cell bigint, address text,
        district_id uuid, reporter_id uuid, receipt_hash text, answers jsonb, created_at timestamptz, updated_at timestamptz,
        resolved_at timestamptz, closed_at timestamptz, response_due_at timestamptz, resolution_due_at timestamptz,
        next_due_at timestamptz, warn_at timestamptz, assignee_id uuid, salt text, partner_id uuid, partner_said jsonb)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), history AS (
    INSERT INTO timeline (id, report_id, kind, at, status, department_id, message)
    SELECT t.id, t.report_id, t.kind, t.at, t.status, t.department_id, t.message
    FROM jsonb_to_recordset(@entries::jsonb) AS t (id uuid, report_id uuid, kind text, at timestamptz, status text,
        department_id uuid, message text)
    JOIN taken ON taken.id = t.report_id
), pictures AS (
    INSERT INTO media (id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail)
    SELECT m.id, m.report_id, m.purpose, m.position, m.kind, m.content_type, m.width, m.height, m.byte_size, m.blob, m.thumbnail
    FROM jsonb_to_recordset(@media::jsonb) AS m (id uuid, report_id uuid, purpose text, position integer, kind text, content_type text,
        width integer, height integer, byte_size bigint, blob text, thumbnail text)
    JOIN taken ON taken.id = m.report_id
), notes AS (
    INSERT INTO internal_notes (id, report_id, body, author_id, created_at)
    SELECT n.id, n.report_id, n.body, n.author_id, n.created_at
    FROM jsonb_to_recordset(@notes::jsonb) AS n (id uuid, report_id uuid, body text, author_id uuid, created_at timestamptz)
    JOIN taken ON taken.id = n.report_id
), lines AS (
    INSERT INTO audit (id, at, actor, action, report_id, detail)
    SELECT a.id, a.at, a.actor, a.action, a.report_id, a.detail
    FROM jsonb_to_recordset(@lines::jsonb) AS a (id uuid, at timestamptz, actor text, action text, report_id uuid, detail jsonb)
    JOIN taken ON taken.id = a.report_id
    RETURNING id
), waiting AS (
    INSERT INTO audit_pending (lines)
    SELECT array_agg(id) FROM lines HAVING count(*) > 0
), counted AS (
    INSERT INTO rollup_pending (reports)
    SELECT array_agg(id) FROM taken HAVING count(*) > 0
), news AS (
    INSERT INTO outbox (event, created_at)
    SELECT e.event, @created_at::timestamptz
    FROM jsonb_to_recordset(@events::jsonb) AS e (position bigint, report_id uuid, event jsonb)
    JOIN taken ON taken.id = e.report_id
    ORDER BY e.position
)
SELECT id FROM taken ORDER BY id;
