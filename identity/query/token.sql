-- Appends a day's key, later than all before it. Nothing happens if the day has one, or if another process appends at the same moment.
-- name: AppendTokenKey :exec
INSERT INTO token_keys (position, day, key_id)
SELECT count(*), @day::date, @key_id::text FROM token_keys HAVING coalesce(max(day) < @day::date, true)
ON CONFLICT DO NOTHING;

-- name: TokenKeys :many
SELECT day, key_id FROM token_keys ORDER BY position;

-- Counts what a citizen draws, unless it is more than the quota leaves: then there is no row, and nothing is counted.
-- name: CountTokens :one
INSERT INTO token_counts (day, account_id, issued)
SELECT @day::date, accounts.id, @count::integer FROM accounts
WHERE accounts.id = @account_id AND accounts.role = 'CITIZEN' AND @count::integer <= @quota::integer
ON CONFLICT (day, account_id) DO UPDATE SET issued = token_counts.issued + excluded.issued
WHERE token_counts.issued + excluded.issued <= @quota::integer
RETURNING issued;

-- name: TokensIssued :one
SELECT coalesce(sum(issued), 0)::integer FROM token_counts WHERE day = @day AND account_id = @account_id;

-- name: DeleteOldTokenCounts :execrows
DELETE FROM token_counts WHERE day < @oldest;

-- name: DeleteTokenCountsOf :exec
DELETE FROM token_counts WHERE account_id = @account_id;

-- name: TokenCountsOf :many
SELECT day, issued FROM token_counts WHERE account_id = @account_id ORDER BY day;
