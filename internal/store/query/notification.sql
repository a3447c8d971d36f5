-- name: NotifierDesk :one
SELECT place, email, push_key, digest_day FROM notifier_desk WHERE one;

-- name: LockNotifierDesk :one
SELECT place FROM notifier_desk WHERE one FOR UPDATE;

-- name: MoveNotifierDesk :exec
UPDATE notifier_desk SET place = @place WHERE one;

-- name: NoteNotifierChannels :exec
UPDATE notifier_desk SET email = @email, push_key = @push_key WHERE one AND (email <> @email OR push_key <> @push_key);

-- ReportsToTell are reports as they are now, as far as it takes to know who may be told of them.
-- name: ReportsToTell :many
SELECT id, number, visibility, hidden, status, category_id, department_id, assignee_id, reporter_id, latitude, longitude
FROM reports WHERE id = ANY (@reports::uuid[]) ORDER BY id;

-- name: FollowersToTell :many
SELECT report_id, citizen_id FROM followers WHERE report_id = ANY (@reports::uuid[]) ORDER BY report_id, citizen_id;

-- MergedToTell are the reporters of what was merged into a report, each with the own report.
-- name: MergedToTell :many
SELECT merges.into_id, reports.id AS report_id, reports.reporter_id::uuid AS reporter_id
FROM merges JOIN reports ON reports.id = merges.report_id
WHERE merges.into_id = ANY (@reports::uuid[]) AND reports.reporter_id IS NOT NULL
ORDER BY merges.into_id, reports.id;

-- SpeakersToTell are the citizens who wrote a comment at that moment: they know of it.
-- name: SpeakersToTell :many
SELECT comments.report_id, comments.created_at, comments.author_id::uuid AS author_id
FROM comments JOIN jsonb_to_recordset(@moments::jsonb) AS m (report_id uuid, at timestamptz)
    ON comments.report_id = m.report_id AND comments.created_at = m.at
WHERE comments.author_kind = 'CITIZEN' AND comments.author_id IS NOT NULL
ORDER BY comments.report_id, comments.created_at, comments.author_id;

-- AlertsToTell are the area alerts around places, a little more than those that hear of them.
-- name: AlertsToTell :many
SELECT p.report_id::uuid AS report_id, a.id, a.citizen_id, a.latitude, a.longitude, a.address, a.radius, a.categories, a.created_at
FROM jsonb_to_recordset(@places::jsonb) AS p (report_id uuid, latitude float8, longitude float8)
JOIN area_alerts AS a ON a.latitude BETWEEN p.latitude - @reach::float8 AND p.latitude + @reach::float8
    AND a.longitude BETWEEN p.longitude - 1.1 * @reach::float8 AND p.longitude + 1.1 * @reach::float8
ORDER BY p.report_id, a.citizen_id, a.id;

-- Tell writes notifications in the order in which they are given; what is there already stays.
-- name: Tell :many
INSERT INTO notifications (id, account_id, kind, report_id, detail, created_at)
SELECT n.id, n.account_id, n.kind, n.report_id, n.detail, n.created_at
FROM jsonb_to_recordset(@notifications::jsonb) AS n (position bigint, id uuid, account_id uuid, kind text, report_id uuid, detail jsonb, created_at timestamptz)
WHERE n.report_id IS NULL OR EXISTS (SELECT 1 FROM reports WHERE reports.id = n.report_id)
ORDER BY n.position
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: ListNotifications :many
SELECT place, id, account_id, kind, report_id, detail, created_at, read_at FROM notifications
WHERE account_id = @account_id AND place < @before::bigint AND (NOT @unread::boolean OR read_at IS NULL)
ORDER BY place DESC
LIMIT @most;

-- name: ListNotificationsAfter :many
SELECT place, id, account_id, kind, report_id, detail, created_at, read_at FROM notifications
WHERE account_id = @account_id AND place > @after::bigint
ORDER BY place
LIMIT @most;

-- name: FindNotification :many
SELECT place, id, account_id, kind, report_id, detail, created_at, read_at FROM notifications WHERE id = @id ORDER BY id;

-- name: LastNotification :one
SELECT coalesce(max(place), 0)::bigint AS place FROM notifications WHERE account_id = @account_id;

-- CountUnread counts no further than anybody would read.
-- name: CountUnread :one
SELECT count(*) FROM (SELECT 1 FROM notifications WHERE account_id = @account_id AND read_at IS NULL LIMIT @most) AS unread;

-- name: MarkRead :execrows
UPDATE notifications SET read_at = @at WHERE account_id = @account_id AND place <= @place AND read_at IS NULL;

-- name: ForgetNotifications :execrows
DELETE FROM notifications WHERE id IN (SELECT old.id FROM notifications AS old WHERE old.created_at < @before ORDER BY old.created_at LIMIT @most);

-- name: ListPreferences :many
SELECT account_id, officer, language, email, push, digest, muted, quiet_from, quiet_until, email_refused_at, unsubscribe
FROM notification_preferences WHERE account_id = ANY (@accounts::uuid[]) ORDER BY account_id;

-- SavePreferences keeps the secret of the link. A new address is one that nobody has refused yet.
-- name: SavePreferences :exec
INSERT INTO notification_preferences (account_id, officer, language, email, push, digest, muted, quiet_from, quiet_until, unsubscribe, updated_at)
VALUES (@account_id, @officer, @language, @email, @push, @digest, @muted, @quiet_from, @quiet_until, @unsubscribe, @at)
ON CONFLICT (account_id) DO UPDATE SET language = excluded.language, email = excluded.email, push = excluded.push, digest = excluded.digest,
    muted = excluded.muted, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, updated_at = excluded.updated_at,
    email_refused_at = CASE WHEN @new_address::boolean THEN NULL ELSE notification_preferences.email_refused_at END;

-- name: RefuseEmail :exec
UPDATE notification_preferences SET email_refused_at = @at WHERE account_id = @account_id AND email_refused_at IS NULL;

-- name: EndEmail :execrows
UPDATE notification_preferences SET email = false WHERE unsubscribe = @unsubscribe;

-- name: TakePushSubscription :exec
DELETE FROM push_subscriptions WHERE endpoint = @endpoint;

-- name: AddPushSubscription :exec
INSERT INTO push_subscriptions (id, account_id, officer, endpoint, p256dh, auth, created_at)
VALUES (@id, @account_id, @officer, @endpoint, @p256dh, @auth, @created_at);

-- name: TrimPushSubscriptions :exec
DELETE FROM push_subscriptions WHERE push_subscriptions.account_id = @account_id AND push_subscriptions.id NOT IN (SELECT newest.id
    FROM push_subscriptions AS newest WHERE newest.account_id = @account_id ORDER BY newest.created_at DESC, newest.id LIMIT @most);

-- name: ListPushSubscriptions :many
SELECT id, account_id, officer, endpoint, p256dh, auth FROM push_subscriptions WHERE account_id = @account_id ORDER BY created_at, id;

-- name: DropPushSubscription :execrows
DELETE FROM push_subscriptions WHERE id = @id;

-- name: DropPushEndpoint :execrows
DELETE FROM push_subscriptions WHERE endpoint = @endpoint AND account_id = @account_id;

-- name: CountPushSubscriptions :one
SELECT count(*) FROM push_subscriptions WHERE account_id = @account_id;

-- name: AddAreaAlert :exec
INSERT INTO area_alerts (id, citizen_id, latitude, longitude, address, radius, categories, created_at)
VALUES (@id, @citizen_id, @latitude, @longitude, @address, @radius, @categories, @created_at);

-- name: ListAreaAlerts :many
SELECT id, citizen_id, latitude, longitude, address, radius, categories, created_at FROM area_alerts
WHERE citizen_id = @citizen_id ORDER BY created_at, id;

-- name: DropAreaAlert :execrows
DELETE FROM area_alerts WHERE id = @id;

-- name: ForgetNotified :execrows
DELETE FROM notifications WHERE account_id = @citizen_id;

-- name: ForgetPreferences :execrows
DELETE FROM notification_preferences WHERE account_id = @citizen_id;

-- name: ForgetPushSubscriptions :execrows
DELETE FROM push_subscriptions WHERE account_id = @citizen_id;

-- name: ForgetMessages :execrows
DELETE FROM messages WHERE account_id = @citizen_id;

-- name: ForgetAreaAlerts :execrows
DELETE FROM area_alerts WHERE citizen_id = @citizen_id;
