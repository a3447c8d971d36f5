-- Reading reports is in report_rows.go: one column list for every way of finding them.

-- What was merged into a report is told how that goes on (merges), with the same statement. Every statement that changes what is counted of
-- a report leaves word of it (rollup_pending).

-- name: SaveReport :execrows
WITH told AS (
    UPDATE merges SET status = @status WHERE merges.into_id = @id AND merges.status <> @status
), counted AS (
    INSERT INTO rollup_pending (reports) VALUES (ARRAY[@id::uuid])
)
UPDATE reports
SET status = @status, priority = @priority, category_id = @category_id, hidden = @hidden, department_id = @department_id,
    assignee_id = @assignee_id, updated_at = @updated_at, resolved_at = @resolved_at, closed_at = @closed_at,
    answered_at = @answered_at, clock_stopped_at = @clock_stopped_at, clock_stood = @clock_stood, clock_from = @clock_from,
    response_due_at = @response_due_at, resolution_due_at = @resolution_due_at, next_due_at = @next_due_at, warn_at = @warn_at,
    warned_due_at = @warned_due_at, closes_at = @closes_at, reopened = @reopened, escalation_level = @escalation_level,
    escalated_to = @escalated_to, escalated_since = @escalated_since, escalation_answered_at = @escalation_answered_at,
    cause_id = @cause_id
WHERE reports.id = @id;

-- name: SaveText :execrows
WITH counted AS (
    INSERT INTO rollup_pending (reports) VALUES (ARRAY[@id::uuid])
)
UPDATE reports
SET title = @title, body = @body, latitude = @latitude, longitude = @longitude, cell = @cell, address = @address,
    district_id = @district_id, salt = @salt, updated_at = @updated_at
WHERE reports.id = @id;

-- name: ListDue :many
SELECT id FROM reports
WHERE next_due_at <= @now AND NOT id = ANY (@skip::uuid[])
ORDER BY next_due_at, id
LIMIT @most;

-- name: ListToWarn :many
SELECT id FROM reports
WHERE warn_at <= @now AND NOT id = ANY (@skip::uuid[])
ORDER BY warn_at, id
LIMIT @most;

-- name: ListToClose :many
SELECT id FROM reports
WHERE closes_at <= @now AND NOT id = ANY (@skip::uuid[])
ORDER BY closes_at, id
LIMIT @most;
