-- Reading reports is in report_rows.go: one column list for every way of finding them.

-- name: SaveReport :execrows
UPDATE reports
SET status = @status, department_id = @department_id, assignee_id = @assignee_id, updated_at = @updated_at,
    resolved_at = @resolved_at, closed_at = @closed_at, answered_at = @answered_at, clock_stopped_at = @clock_stopped_at,
    response_due_at = @response_due_at, resolution_due_at = @resolution_due_at, next_due_at = @next_due_at,
    escalation_level = @escalation_level, escalated_to = @escalated_to
WHERE id = @id;

-- name: SaveEscalation :execrows
UPDATE reports
SET status = @status, updated_at = @updated_at, next_due_at = @next_due_at, escalation_level = @escalation_level,
    escalated_to = @escalated_to
WHERE id = @id;

-- name: ListDue :many
SELECT id FROM reports
WHERE next_due_at <= @now AND NOT id = ANY (@skip::uuid[])
ORDER BY next_due_at, id
LIMIT @most;

