-- name: AddTimeline :exec
INSERT INTO timeline (id, report_id, kind, at, status, department_id, message, level)
VALUES (@id, @report_id, @kind, @at, @status, @department_id, @message, @level);

-- name: LastStep :many
SELECT at FROM timeline WHERE report_id = @report_id ORDER BY at DESC, id DESC LIMIT 1;

-- name: ListTimelines :many
SELECT t.id, t.report_id, t.kind, t.at, t.status, t.department_id, t.message, t.level
FROM unnest(@reports::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT timeline.id, timeline.report_id, timeline.kind, timeline.at, timeline.status, timeline.department_id,
           timeline.message, timeline.level
    FROM timeline
    WHERE timeline.report_id = wanted.id AND (timeline.at, timeline.id) > (@after_at::timestamptz, @after_id::uuid)
    ORDER BY timeline.at, timeline.id
    LIMIT @most
) AS t
ORDER BY t.report_id, t.at, t.id;
