-- AddMessages makes messages, or lets what is new come along with what waits for the same account, channel and report.
-- name: AddMessages :exec
INSERT INTO messages (id, account_id, officer, channel, report_id, notifications, state, due_at, created_at)
SELECT m.id, m.account_id, m.officer, m.channel, m.report_id, m.notifications, 'WAITING', m.due_at, @now
FROM jsonb_to_recordset(@messages::jsonb) AS m (position bigint, id uuid, account_id uuid, officer boolean, channel text, report_id uuid,
    notifications uuid[], due_at timestamptz)
WHERE m.report_id IS NULL OR EXISTS (SELECT 1 FROM reports WHERE reports.id = m.report_id)
ORDER BY m.position
ON CONFLICT (account_id, channel, report_id) WHERE state = 'WAITING' AND attempts = 0
DO UPDATE SET notifications = messages.notifications || excluded.notifications;

-- TakeMessages takes what is due, for as long as the lease; of several about one report the first comes first.
-- name: TakeMessages :many
UPDATE messages SET attempts = attempts + 1, due_at = @lease
WHERE messages.place IN (
    SELECT due.place FROM messages AS due
    WHERE due.state = 'WAITING' AND due.due_at <= @now AND due.channel = ANY (@channels::text[])
      AND NOT EXISTS (SELECT 1 FROM messages AS earlier WHERE earlier.state = 'WAITING' AND earlier.account_id = due.account_id
          AND earlier.channel = due.channel AND earlier.report_id = due.report_id AND earlier.place < due.place)
    ORDER BY due.due_at, due.place
    LIMIT @most
    FOR UPDATE SKIP LOCKED)
RETURNING place, id, account_id, officer, channel, report_id, notifications, done, state, due_at, attempts, error, created_at, ended_at;

-- name: MessageNotifications :many
SELECT place, id, account_id, kind, report_id, detail, created_at, read_at FROM notifications WHERE id = ANY (@ids::uuid[]) ORDER BY place;

-- name: EndMessage :exec
UPDATE messages SET state = @state, error = @error, ended_at = @at WHERE id = @id AND state = 'WAITING';

-- name: RetryMessage :exec
UPDATE messages SET due_at = @due_at, error = @error, done = @done WHERE id = @id AND state = 'WAITING';

-- name: ListFailedMessages :many
SELECT place, id, account_id, officer, channel, report_id, notifications, done, state, due_at, attempts, error, created_at, ended_at
FROM messages WHERE state = 'FAILED' AND place < @before::bigint
ORDER BY place DESC
LIMIT @most;

-- name: ResendMessage :many
UPDATE messages SET state = 'WAITING', attempts = 1, due_at = @at, error = '', ended_at = NULL
WHERE id = @id AND state = 'FAILED'
RETURNING place, id, account_id, officer, channel, report_id, notifications, done, state, due_at, attempts, error, created_at, ended_at;

-- name: MessageState :one
SELECT count(*) AS waiting, coalesce(min(due_at), now())::timestamptz AS oldest FROM messages WHERE state = 'WAITING';

-- name: ForgetOldMessages :execrows
DELETE FROM messages WHERE ended_at < @before;

-- name: TakeDigestDay :execrows
UPDATE notifier_desk SET digest_day = @day::date WHERE one AND (digest_day IS NULL OR digest_day < @day::date);

-- DigestFigures are what a department's morning begins with.
-- name: DigestFigures :many
SELECT department_id, count(*) FILTER (WHERE created_at >= @since::timestamptz) AS fresh,
    count(*) FILTER (WHERE next_due_at < @now::timestamptz) AS overdue
FROM reports
WHERE closed_at IS NULL AND status NOT IN ('RESOLVED', 'CLOSED', 'REJECTED', 'WITHDRAWN', 'MERGED')
GROUP BY department_id
ORDER BY department_id;
