-- name: ListRoutingRules :many
SELECT id, department_id, name, position, enabled, category_id, district_id, question, answer, hours, unit_id, officer_id, updated_at
FROM routing_rules ORDER BY department_id, position, id;

-- name: SaveRoutingRule :execrows
INSERT INTO routing_rules (id, department_id, name, position, enabled, category_id, district_id, question, answer, hours, unit_id,
    officer_id, updated_at)
VALUES (@id, @department_id, @name, @position, @enabled, @category_id, @district_id, @question, @answer, @hours, @unit_id,
    @officer_id, @updated_at)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position, enabled = excluded.enabled,
    category_id = excluded.category_id, district_id = excluded.district_id, question = excluded.question, answer = excluded.answer,
    hours = excluded.hours, unit_id = excluded.unit_id, officer_id = excluded.officer_id, updated_at = excluded.updated_at
WHERE routing_rules.department_id = excluded.department_id;

-- name: DropRoutingRule :many
DELETE FROM routing_rules WHERE id = @id RETURNING department_id;

-- What routing looks at of the reports that came lately, newest first.

-- name: ListToRoute :many
SELECT id, category_id, district_id, answers, created_at FROM reports
WHERE department_id = ANY (@departments::uuid[]) AND created_at >= @since
ORDER BY created_at DESC, id DESC
LIMIT @most;
