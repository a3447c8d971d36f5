-- name: GatherUpvotes :one
WITH came AS (
    INSERT INTO upvotes (report_id, citizen_id, created_at)
    SELECT @into_id::uuid, given.citizen_id, min(given.created_at) FROM upvotes AS given
    WHERE given.report_id = ANY (@reports::uuid[])
    GROUP BY given.citizen_id
    ON CONFLICT (report_id, citizen_id) DO NOTHING
    RETURNING citizen_id
)
SELECT count(*) FROM came;

-- name: RaiseUpvotes :exec
UPDATE reports SET upvotes = upvotes + @more WHERE id = @id;

-- Who reported what was merged follows it from now on, too.

-- name: GatherFollowers :exec
INSERT INTO followers (report_id, citizen_id, created_at)
SELECT @into_id::uuid, gathered.citizen_id, @at::timestamptz
FROM (
    SELECT f.citizen_id FROM followers AS f WHERE f.report_id = ANY (@reports::uuid[])
    UNION
    SELECT r.reporter_id FROM reports AS r WHERE r.id = ANY (@reports::uuid[]) AND r.reporter_id IS NOT NULL
) AS gathered
ON CONFLICT (report_id, citizen_id) DO NOTHING;

-- What went on as the report goes on as the other one now, so that there are no chains.

-- name: LeadOn :exec
UPDATE merges SET into_id = @into_id, status = @status WHERE into_id = @report_id;

-- name: AddMerge :exec
INSERT INTO merges (report_id, into_id, status, merged_at) VALUES (@report_id, @into_id, @status, @merged_at);

-- name: ListMerges :many
SELECT report_id, into_id, status FROM merges WHERE report_id = ANY (@reports::uuid[]) ORDER BY report_id;

-- name: AddPart :exec
WITH counted AS (
    INSERT INTO rollup_pending (reports) VALUES (ARRAY[@id::uuid])
)
INSERT INTO reports (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude, cell, address,
    district_id, reporter_id, origin_receipt, answers, created_at, updated_at, hidden, assignee_id, response_due_at, resolution_due_at,
    answered_at, next_due_at, warn_at, clock_stood, clock_from, salt)
SELECT @id, @number, @title, @body, o.visibility, @status, @priority, @category_id, @department_id, o.latitude, o.longitude, o.cell, o.address,
    o.district_id, o.reporter_id, coalesce(o.receipt_hash, o.origin_receipt), @answers, o.created_at, @updated_at, o.hidden, @assignee_id,
    @response_due_at, @resolution_due_at, @answered_at, @next_due_at, @warn_at, @clock_stood, @clock_from, @salt
FROM reports AS o WHERE o.id = @origin_id;

-- name: LinkPart :exec
INSERT INTO parts (part_id, origin_id, position)
SELECT @part_id, @origin_id::uuid, (SELECT count(*) FROM parts AS p WHERE p.origin_id = @origin_id::uuid)::integer;

-- name: ListParts :many
SELECT part_id, origin_id FROM parts WHERE origin_id = ANY (@reports::uuid[]) ORDER BY origin_id, position, part_id;

-- name: ListOrigins :many
SELECT part_id, origin_id FROM parts WHERE part_id = ANY (@reports::uuid[]) ORDER BY part_id;
