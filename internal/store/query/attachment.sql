-- name: AddAttachment :exec
INSERT INTO attachments (id, report_id, name, content_type, byte_size, blob, author_id, created_at)
VALUES (@id, @report_id, @name, @content_type, @byte_size, @blob, @author_id, @created_at);

-- name: CountAttachments :one
SELECT count(*) FROM attachments WHERE report_id = @report_id;

-- name: ListAttachments :many
SELECT id, report_id, name, content_type, byte_size, blob, author_id, created_at FROM attachments
WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, created_at, id;

-- name: FindAttachment :many
SELECT id, report_id, name, content_type, byte_size, blob, author_id, created_at FROM attachments WHERE id = @id ORDER BY id;
