-- name: AddComment :exec
INSERT INTO comments (id, report_id, body, author_kind, author_id, department_id, created_at)
VALUES (@id, @report_id, @body, @author_kind, @author_id, @department_id, @created_at);

-- name: ListComments :many
SELECT c.id, c.report_id, c.body, c.author_kind, c.department_id, c.created_at
FROM unnest(@reports::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT comments.id, comments.report_id, comments.body, comments.author_kind, comments.department_id, comments.created_at
    FROM comments
    WHERE comments.report_id = wanted.id AND (comments.created_at, comments.id) > (@after_at::timestamptz, @after_id::uuid)
    ORDER BY comments.created_at, comments.id
    LIMIT @most
) AS c
ORDER BY c.report_id, c.created_at, c.id;

-- name: FindComment :many
SELECT id, report_id, body, author_kind, department_id, created_at FROM comments WHERE id = @id ORDER BY id;
