-- name: AddNote :exec
INSERT INTO internal_notes (id, report_id, body, author_id, created_at)
VALUES (@id, @report_id, @body, @author_id, @created_at);

-- name: ListNotes :many
SELECT id, report_id, body, author_id, created_at FROM internal_notes
WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, created_at, id;

-- name: FindNote :many
SELECT id, report_id, body, author_id, created_at FROM internal_notes WHERE id = @id ORDER BY id;
