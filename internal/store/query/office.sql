-- AddMedia writes pictures and films that come later, behind those that the report has; many rows travel as one JSON value.
-- name: AddMedia :execrows
INSERT INTO media (id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail)
SELECT m.id, m.report_id, m.purpose, m.position, m.kind, m.content_type, m.width, m.height, m.byte_size, m.blob, m.thumbnail
FROM jsonb_to_recordset(@media::jsonb) AS m (id uuid, report_id uuid, purpose text, position integer, kind text, content_type text,
    width integer, height integer, byte_size bigint, blob text, thumbnail text);

-- name: RemoveHoliday :exec
DELETE FROM holidays WHERE day = @day;

-- name: TakeOfficeTurn :exec
SELECT one FROM office_turn FOR UPDATE;

-- name: RetireDepartment :exec
UPDATE departments SET retired_at = @at WHERE id = @id AND retired_at IS NULL;

-- name: RetireCategory :exec
UPDATE categories SET retired_at = @at WHERE id = @id AND retired_at IS NULL;

-- name: RetireOfficer :exec
UPDATE officers SET retired_at = @at WHERE id = @id AND retired_at IS NULL;

-- name: OpenReportsOf :one
SELECT count(*) FROM reports WHERE department_id = @department_id AND status = ANY (@open::text[]);
