-- name: AddResolution :one
INSERT INTO resolutions (id, report_id, round, message, department_id, resolved_at)
VALUES (@id, @report_id, (SELECT coalesce(max(earlier.round), 0) + 1 FROM resolutions AS earlier WHERE earlier.report_id = @report_id),
    @message, @department_id, @resolved_at)
RETURNING round;

-- AddPhotos writes the photos of a resolution with all that is kept of them; many rows travel as one JSON value for each table.
-- name: AddPhotos :exec
WITH pictures AS (
    INSERT INTO media (id, report_id, purpose, position, kind, content_type, width, height, byte_size, blob, thumbnail, resolution_id)
    SELECT m.id, m.report_id, 'RESOLUTION', m.position, m.kind, m.content_type, m.width, m.height, m.byte_size, m.blob, m.thumbnail, @resolution_id::uuid
    FROM jsonb_to_recordset(@media::jsonb) AS m (id uuid, report_id uuid, position integer, kind text, content_type text,
        width integer, height integer, byte_size bigint, blob text, thumbnail text)
), checks AS (
    INSERT INTO photo_checks (media_id, resolution_id, report_id, facts, flags, reused_from)
    SELECT c.media_id, @resolution_id::uuid, c.report_id, c.facts, c.flags, c.reused_from
    FROM jsonb_to_recordset(@checks::jsonb) AS c (media_id uuid, report_id uuid, facts jsonb, flags text[], reused_from uuid)
)
INSERT INTO photo_prints (media_id, report_id, words, print)
SELECT p.media_id, p.report_id, p.words, decode(p.print, 'hex')
FROM jsonb_to_recordset(@prints::jsonb) AS p (media_id uuid, report_id uuid, words integer[], print text);

-- name: AnswerResolution :exec
UPDATE resolutions SET confirmed = @confirmed
WHERE resolutions.report_id = @report_id AND resolutions.confirmed IS NULL
  AND resolutions.round = (SELECT max(latest.round) FROM resolutions AS latest WHERE latest.report_id = @report_id);

-- name: ListResolutions :many
SELECT DISTINCT ON (report_id) id, report_id, round, message, department_id, resolved_at, confirmed
FROM resolutions
WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, round DESC;

-- name: ListPhotoChecks :many
SELECT media_id, resolution_id, report_id, facts, flags, reused_from
FROM photo_checks
WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, media_id;

-- name: TakePrintTurn :exec
SELECT one FROM print_turn FOR UPDATE;

-- ListLikePrints asks for the words one by one, and for the rows at once: for words && probes, or the ids first, PostgreSQL would read the
-- whole table.
-- name: ListLikePrints :many
SELECT DISTINCT ON (found.media_id) found.report_id, found.print
FROM unnest(@probes::integer[]) AS probe JOIN photo_prints AS found ON found.words @> ARRAY[probe]
ORDER BY found.media_id;
