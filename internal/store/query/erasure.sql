-- name: AddDeparture :exec
INSERT INTO departures (citizen_id, asked_at) VALUES (@citizen_id, @asked_at) ON CONFLICT (citizen_id) DO NOTHING;

-- name: ListDepartures :many
SELECT citizen_id, asked_at, account_gone_at FROM departures ORDER BY asked_at, citizen_id;

-- name: AccountGone :exec
UPDATE departures SET account_gone_at = @at WHERE citizen_id = @citizen_id AND account_gone_at IS NULL;

-- name: EndDeparture :exec
DELETE FROM departures WHERE citizen_id = @citizen_id;

-- name: ForgetReporter :execrows
UPDATE reports SET reporter_id = NULL WHERE reporter_id = @citizen_id::uuid;

-- name: ForgetAuthor :execrows
UPDATE comments SET author_id = NULL WHERE author_id = @citizen_id::uuid;

-- Each vote gets a name of its own that is nobody's, so that the votes still count and do not tell of each other.
-- name: ForgetVoter :execrows
UPDATE upvotes SET citizen_id = gen_random_uuid() WHERE citizen_id = @citizen_id;

-- name: ForgetFollower :execrows
DELETE FROM followers WHERE citizen_id = @citizen_id;

-- ListToErase finds reports that are over since before, but for those that go on as one that is not. closed is what everybody could not
-- read, named whether there is anything of a person in what they could.
-- name: ListToErase :many
SELECT id, status, department_id, (visibility <> 'PUBLIC' OR hidden)::boolean AS closed,
    (reporter_id IS NOT NULL OR EXISTS (SELECT 1 FROM internal_notes WHERE internal_notes.report_id = reports.id AND internal_notes.created_at = reports.created_at))::boolean AS named
FROM reports
WHERE closed_at < @before::timestamptz AND erased_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM merges JOIN reports AS later ON later.id = merges.into_id
      WHERE merges.report_id = reports.id AND (later.closed_at IS NULL OR later.closed_at >= @before::timestamptz))
ORDER BY closed_at, id
LIMIT @most
FOR UPDATE OF reports SKIP LOCKED;

-- What an officer wrote down at the counter has the time of the report.
-- name: EraseContacts :exec
DELETE FROM internal_notes USING reports
WHERE internal_notes.report_id = reports.id AND reports.id = ANY (@ids::uuid[])
  AND (internal_notes.created_at = reports.created_at OR reports.id = ANY (@closed::uuid[]));

-- name: EraseAuthors :exec
UPDATE comments SET author_id = NULL
WHERE comments.report_id = ANY (@ids::uuid[]) AND comments.author_kind IN ('REPORTER', 'CITIZEN') AND comments.author_id IS NOT NULL;

-- name: EraseConversations :exec
DELETE FROM comments WHERE comments.report_id = ANY (@closed::uuid[]);

-- name: EraseMessages :exec
UPDATE timeline SET message = '' WHERE timeline.report_id = ANY (@closed::uuid[]);

-- name: EraseRatings :exec
UPDATE ratings SET comment = '' WHERE ratings.report_id = ANY (@closed::uuid[]);

-- name: EraseMedia :exec
DELETE FROM media WHERE media.report_id = ANY (@closed::uuid[]) AND media.purpose = 'REPORT';

-- name: ErasePlacesOfTasks :exec
UPDATE tasks SET latitude = NULL, longitude = NULL, address = NULL WHERE tasks.report_id = ANY (@closed::uuid[]);

-- name: EraseReports :execrows
UPDATE reports
SET reporter_id = NULL, receipt_hash = NULL, origin_receipt = NULL, erased_at = @at,
    title = CASE WHEN id = ANY (@closed::uuid[]) THEN @blank::text ELSE title END,
    body = CASE WHEN id = ANY (@closed::uuid[]) THEN @blank::text ELSE body END,
    salt = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE salt END,
    answers = CASE WHEN id = ANY (@closed::uuid[]) THEN '[]'::jsonb ELSE answers END,
    latitude = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE latitude END,
    longitude = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE longitude END,
    cell = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE cell END,
    address = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE address END,
    partner_said = CASE WHEN id = ANY (@closed::uuid[]) THEN NULL ELSE partner_said END
WHERE id = ANY (@ids::uuid[]);
