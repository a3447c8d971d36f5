-- What is counted of reports (package rollups keeps it, internal/insight knows what it means). Reports are read in rollup.go and figures.go.

-- name: TakeRollupTurn :one
SELECT version, rules FROM rollup_turn FOR UPDATE;

-- name: EndRollupTurn :exec
UPDATE rollup_turn SET version = @version, rules = @rules;

-- name: RollupsHaveWork :one
SELECT (EXISTS (SELECT 1 FROM rollup_pending)
    OR coalesce((SELECT min(turns_at) FROM rollup_facts WHERE turns_at IS NOT NULL) <= @now::timestamptz, false)
    OR EXISTS (SELECT 1 FROM rollup_turn WHERE rules <> @rules))::boolean;

-- Rows are taken until they hold enough reports.

-- name: TakePendingRollups :many
DELETE FROM rollup_pending WHERE id IN (
    SELECT q.id FROM (
        SELECT p.id, sum(cardinality(p.reports)) OVER (ORDER BY p.id) - cardinality(p.reports) AS earlier
        FROM (SELECT id, reports FROM rollup_pending ORDER BY id LIMIT @most::integer) AS p
    ) AS q WHERE q.earlier < @most::integer
)
RETURNING reports;

-- name: ListTurned :many
SELECT report_id FROM rollup_facts WHERE turns_at <= @now::timestamptz ORDER BY turns_at, report_id LIMIT @most;

-- name: ListRollupFacts :many
SELECT report_id, fact, judged_at FROM rollup_facts WHERE report_id = ANY (@reports::uuid[]) ORDER BY report_id;

-- name: SaveRollupFacts :exec
INSERT INTO rollup_facts (report_id, fact, judged_at, turns_at)
SELECT f.report_id, f.fact, @judged_at, f.turns_at
FROM jsonb_to_recordset(@facts::jsonb) AS f (report_id uuid, fact jsonb, turns_at timestamptz)
ON CONFLICT (report_id) DO UPDATE SET fact = excluded.fact, judged_at = excluded.judged_at, turns_at = excluded.turns_at;

-- name: DropRollupFacts :exec
DELETE FROM rollup_facts WHERE report_id = ANY (@reports::uuid[]);

-- Rows are found key by key, and span by span below: OFFSET 0 keeps the planner from turning the search round and reading the whole table,
-- which it does as long as it knows nothing of it.

-- name: ListRollups :many
SELECT r.department_id, r.kind, r.grain, r.period, r.key, r.received, r.anonymous, r.statuses, r.anonymous_statuses, r.overdue, r.resolved,
    r.escalated, r.reopened, r.due, r.in_time, r.ratings, r.scores, r.response_sum, r.response, r.resolution_sum, r.resolution,
    r.resolved_then, r.climbed_then
FROM jsonb_to_recordset(@keys::jsonb) AS k (department_id uuid, kind smallint, grain smallint, period date, key uuid)
CROSS JOIN LATERAL (
    SELECT * FROM rollups
    WHERE rollups.department_id = k.department_id AND rollups.kind = k.kind AND rollups.grain = k.grain AND rollups.period = k.period AND rollups.key = k.key
    OFFSET 0
) AS r
ORDER BY r.department_id, r.kind, r.grain, r.period, r.key;

-- name: SaveRollups :exec
INSERT INTO rollups (department_id, kind, grain, period, key, received, anonymous, statuses, anonymous_statuses, overdue, resolved, escalated,
    reopened, due, in_time, ratings, scores, response_sum, response, resolution_sum, resolution, resolved_then, climbed_then)
SELECT r.department_id, r.kind, r.grain, r.period, r.key, r.received, r.anonymous, r.statuses, r.anonymous_statuses, r.overdue, r.resolved,
    r.escalated, r.reopened, r.due, r.in_time, r.ratings, r.scores, r.response_sum, r.response, r.resolution_sum, r.resolution,
    r.resolved_then, r.climbed_then
FROM jsonb_to_recordset(@rows::jsonb) AS r (department_id uuid, kind smallint, grain smallint, period date, key uuid, received integer,
    anonymous integer, statuses integer[], anonymous_statuses integer[], overdue integer, resolved integer, escalated integer, reopened integer,
    due integer, in_time integer, ratings integer, scores integer, response_sum bigint, response bytea, resolution_sum bigint,
    resolution bytea, resolved_then integer, climbed_then integer)
ON CONFLICT (department_id, kind, grain, period, key) DO UPDATE SET received = excluded.received, anonymous = excluded.anonymous,
    statuses = excluded.statuses, anonymous_statuses = excluded.anonymous_statuses, overdue = excluded.overdue, resolved = excluded.resolved,
    escalated = excluded.escalated, reopened = excluded.reopened, due = excluded.due, in_time = excluded.in_time, ratings = excluded.ratings,
    scores = excluded.scores, response_sum = excluded.response_sum, response = excluded.response, resolution_sum = excluded.resolution_sum,
    resolution = excluded.resolution, resolved_then = excluded.resolved_then, climbed_then = excluded.climbed_then;

-- name: DropRollups :exec
DELETE FROM rollups AS r USING jsonb_to_recordset(@keys::jsonb) AS k (department_id uuid, kind smallint, grain smallint, period date, key uuid)
WHERE r.department_id = k.department_id AND r.kind = k.kind AND r.grain = k.grain AND r.period = k.period AND r.key = k.key;

-- name: SaveRollupChanges :exec
INSERT INTO rollup_changes (department_id, version)
SELECT d.id, @version::bigint FROM unnest(@departments::uuid[]) AS d (id)
ON CONFLICT (department_id) DO UPDATE SET version = excluded.version;

-- name: RollupVersion :one
SELECT version FROM rollup_turn;

-- name: ListRollupChanges :many
SELECT department_id, version FROM rollup_changes WHERE version > @after ORDER BY version, department_id;

-- name: ForgetRollups :exec
DELETE FROM rollups;

-- name: ForgetRollupFacts :exec
DELETE FROM rollup_facts;

-- name: ForgetRollupPending :exec
DELETE FROM rollup_pending;

-- These are added up: their order does not matter.

-- name: ReadTallies :many
SELECT s.age::integer AS age, r.department_id, r.key, r.received, r.anonymous, r.statuses, r.anonymous_statuses, r.overdue, r.resolved,
    r.escalated, r.reopened, r.due, r.in_time, r.ratings, r.scores, r.response_sum, r.response, r.resolution_sum, r.resolution,
    r.resolved_then, r.climbed_then
FROM jsonb_to_recordset(@spans::jsonb) AS s (grain smallint, first date, after date, age integer)
CROSS JOIN LATERAL (
    SELECT * FROM rollups
    WHERE rollups.department_id = ANY (@departments::uuid[]) AND rollups.kind = @kind AND rollups.grain = s.grain AND rollups.period >= s.first
        AND rollups.period < s.after
    OFFSET 0
) AS r;

-- name: SumCells :many
SELECT (CASE WHEN @kind::smallint = 0 THEN r.department_id ELSE r.key END)::uuid AS of, sum(r.received)::integer AS received,
    sum(r.anonymous)::integer AS anonymous
FROM jsonb_to_recordset(@spans::jsonb) AS s (grain smallint, first date, after date)
CROSS JOIN LATERAL (
    SELECT department_id, key, received, anonymous FROM rollups
    WHERE rollups.department_id = ANY (@departments::uuid[]) AND rollups.kind = @kind::smallint AND rollups.grain = s.grain
        AND rollups.period >= s.first AND rollups.period < s.after
    OFFSET 0
) AS r
GROUP BY 1
ORDER BY 1;

-- name: ReadDays :many
SELECT r.period, sum(r.received)::integer AS received, sum(r.resolved_then)::integer AS resolved, sum(r.climbed_then)::integer AS climbed
FROM rollups AS r
WHERE r.department_id = ANY (@departments::uuid[]) AND r.kind = 0 AND r.grain = 1 AND r.period >= @first AND r.period < @after
GROUP BY r.period
ORDER BY r.period;
