-- name: AddPartner :exec
INSERT INTO partners (id, name, key_hash, created_at) VALUES (@id, @name, @key_hash, @created_at);

-- name: ListPartners :many
SELECT id, name, created_at, revoked_at FROM partners ORDER BY created_at, id;

-- name: PartnerOfKey :many
SELECT id, name FROM partners WHERE key_hash = @key_hash AND revoked_at IS NULL ORDER BY id;

-- name: RevokePartner :execrows
UPDATE partners SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL;

-- What happened to reports that the scope sees: the steps of their histories, and what departments said. Of a comment the history only knows
-- that there was one, and how the report stood then. Each half is cut by its own index before the two are put together.
-- name: ListUpdates :many
SELECT u.id, reports.number, u.at, coalesce(u.status, reports.status)::text AS status, u.body
FROM (
    (SELECT timeline.id, timeline.report_id, timeline.at, timeline.status, timeline.message AS body
    FROM timeline
    WHERE timeline.at >= @from_at::timestamptz AND timeline.at <= @to_at::timestamptz AND timeline.kind NOT IN ('SUBMITTED', 'COMMENTED')
        AND (@number::text = '' OR timeline.report_id IN (SELECT one.id FROM reports AS one WHERE one.number = @number::text))
    ORDER BY timeline.at, timeline.id
    LIMIT @until_row)
    UNION ALL
    (SELECT comments.id, comments.report_id, comments.created_at,
        (SELECT step.status FROM timeline AS step WHERE step.report_id = comments.report_id AND step.at = comments.created_at ORDER BY step.id LIMIT 1),
        comments.body
    FROM comments
    WHERE comments.created_at >= @from_at::timestamptz AND comments.created_at <= @to_at::timestamptz AND comments.author_kind = 'DEPARTMENT'
        AND (@number::text = '' OR comments.report_id IN (SELECT one.id FROM reports AS one WHERE one.number = @number::text))
    ORDER BY comments.created_at, comments.id
    LIMIT @until_row)
) AS u
JOIN reports ON reports.id = u.report_id
ORDER BY u.at, u.id
LIMIT @most OFFSET @skip;
