-- Steps of the city's own clock are one statement, whatever their number, like taking reports in: many rows travel as one JSON value for
-- each table. The caller holds the lock on every report among them.

-- name: SaveSteps :execrows
WITH told AS (
    UPDATE merges SET status = s.status
    FROM jsonb_to_recordset(@steps::jsonb) AS s (id uuid, status text)
    WHERE merges.into_id = s.id AND merges.status <> s.status
), history AS (
    INSERT INTO timeline (id, report_id, kind, at, status, department_id, message, level)
    SELECT t.id, t.report_id, t.kind, t.at, t.status, t.department_id, t.message, t.level
    FROM jsonb_to_recordset(@entries::jsonb) AS t (id uuid, report_id uuid, kind text, at timestamptz, status text,
        department_id uuid, message text, level integer)
), lines AS (
    INSERT INTO audit (id, at, actor, action, report_id, detail)
    SELECT a.id, a.at, a.actor, a.action, a.report_id, a.detail
    FROM jsonb_to_recordset(@lines::jsonb) AS a (id uuid, at timestamptz, actor text, action text, report_id uuid, detail jsonb)
), waiting AS (
    INSERT INTO audit_pending (lines)
    SELECT w.lines FROM (SELECT @line_ids::uuid[] AS lines) AS w WHERE cardinality(w.lines) > 0
), counted AS (
    INSERT INTO rollup_pending (reports)
    SELECT array_agg(s.id) FROM jsonb_to_recordset(@steps::jsonb) AS s (id uuid) HAVING count(*) > 0
), news AS (
    INSERT INTO outbox (event, created_at)
    SELECT e.event, @created_at::timestamptz
    FROM jsonb_to_recordset(@events::jsonb) AS e (position bigint, event jsonb)
    ORDER BY e.position
)
UPDATE reports
SET status = s.status, updated_at = s.updated_at, closed_at = s.closed_at, next_due_at = s.next_due_at, warn_at = s.warn_at,
    warned_due_at = s.warned_due_at, closes_at = s.closes_at, escalation_level = s.escalation_level, escalated_to = s.escalated_to,
    escalated_since = s.escalated_since, escalation_answered_at = s.escalation_answered_at
FROM jsonb_to_recordset(@steps::jsonb) AS s (id uuid, status text, updated_at timestamptz, closed_at timestamptz,
    next_due_at timestamptz, warn_at timestamptz, warned_due_at timestamptz, closes_at timestamptz, escalation_level integer,
    escalated_to uuid, escalated_since timestamptz, escalation_answered_at timestamptz)
WHERE reports.id = s.id;
