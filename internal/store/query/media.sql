-- name: ListMedia :many
SELECT id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail, resolution_id
FROM media
WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, purpose, position;

-- name: FindMedia :many
SELECT id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail, resolution_id
FROM media
WHERE id = @id
ORDER BY id;

-- name: BlobIsSeen :one
SELECT (EXISTS (SELECT 1 FROM media AS body WHERE body.blob = @name) OR EXISTS (SELECT 1 FROM media AS small WHERE small.thumbnail = @name))::boolean AS seen;

-- name: BlobsInUse :many
SELECT body.blob AS name FROM media AS body WHERE body.blob = ANY (@names::text[])
UNION ALL
SELECT small.thumbnail::text AS name FROM media AS small WHERE small.thumbnail = ANY (@names::text[])
UNION ALL
SELECT paper.blob AS name FROM attachments AS paper WHERE paper.blob = ANY (@names::text[])
ORDER BY name;
