-- name: AddEvent :exec
INSERT INTO outbox (event, created_at) VALUES (@event, @created_at);

-- name: TakeOutbox :many
SELECT id, event, created_at FROM outbox ORDER BY id LIMIT @most FOR UPDATE;

-- name: DropOutbox :exec
DELETE FROM outbox WHERE id = ANY (@ids::bigint[]);

-- name: OutboxState :one
SELECT count(*) AS waiting, coalesce(min(created_at), now())::timestamptz AS oldest FROM outbox;
