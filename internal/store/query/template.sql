-- name: SaveTemplate :execrows
INSERT INTO response_templates (id, department_id, title, body, status, category_id, updated_at)
VALUES (@id, @department_id, @title, @body, @status, @category_id, @updated_at)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body, status = excluded.status,
    category_id = excluded.category_id, updated_at = excluded.updated_at
WHERE response_templates.department_id = excluded.department_id;

-- name: ListTemplates :many
SELECT id, department_id, title, body, status, category_id, updated_at FROM response_templates
WHERE department_id = @department_id
ORDER BY title, id;

-- name: FindTemplate :many
SELECT id, department_id, title, body, status, category_id, updated_at FROM response_templates WHERE id = @id ORDER BY id;
