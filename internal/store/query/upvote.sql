-- name: ListUpvoted :many
SELECT report_id FROM upvotes WHERE citizen_id = @citizen AND report_id = ANY (@reports::uuid[]) ORDER BY report_id;

-- name: LockPublicReports :many
SELECT id FROM reports
WHERE id = ANY (@reports::uuid[]) AND visibility = 'PUBLIC' AND NOT hidden
ORDER BY id
FOR UPDATE;

-- name: GiveUpvotes :many
INSERT INTO upvotes (report_id, citizen_id, created_at)
SELECT unnest(@reports::uuid[]), unnest(@citizens::uuid[]), @at::timestamptz
ON CONFLICT (report_id, citizen_id) DO NOTHING
RETURNING report_id, citizen_id;

-- name: TakeBackUpvotes :many
DELETE FROM upvotes
WHERE (report_id, citizen_id) IN (SELECT unnest(@reports::uuid[]), unnest(@citizens::uuid[]))
RETURNING report_id, citizen_id;

-- name: CountUpvotes :exec
UPDATE reports SET upvotes = reports.upvotes + change.delta
FROM (SELECT unnest(@reports::uuid[]) AS report_id, unnest(@deltas::int[]) AS delta) AS change
WHERE reports.id = change.report_id;
