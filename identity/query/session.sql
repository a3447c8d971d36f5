-- name: CreateSession :exec
INSERT INTO sessions (id, account_id, created_at, expires_at) VALUES (@id, @account_id, @created_at, @expires_at);

-- name: CreateRefreshToken :exec
INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (@hash, @session_id, @expires_at);

-- Of several that come with the same token one gets a row.
-- name: UseRefreshToken :one
UPDATE refresh_tokens SET used_at = @now WHERE hash = @hash AND used_at IS NULL RETURNING session_id, expires_at;

-- name: SessionOfRefreshToken :one
SELECT session_id FROM refresh_tokens WHERE hash = @hash;

-- name: ContinueSession :one
UPDATE sessions SET expires_at = @expires_at WHERE sessions.id = @id AND ended_at IS NULL RETURNING account_id;

-- name: EndSession :exec
UPDATE sessions SET ended_at = @now WHERE id = @id AND ended_at IS NULL;

-- name: DeleteDeadRefreshTokens :execrows
DELETE FROM refresh_tokens WHERE expires_at < @now;

-- Their tokens have expired with them.
-- name: DeleteDeadSessions :execrows
DELETE FROM sessions WHERE expires_at < @now;

-- RevokeSessions also names those that were signed out: their access tokens live.
-- name: RevokeSessions :exec
INSERT INTO revoked_sessions (id, revoked_at)
SELECT sessions.id, @now::timestamptz FROM sessions WHERE sessions.account_id = @account_id
ON CONFLICT (id) DO NOTHING;

-- name: EndSessionsOf :exec
UPDATE sessions SET ended_at = @now WHERE account_id = @account_id AND ended_at IS NULL;

-- name: DeleteSessionsOf :exec
DELETE FROM sessions WHERE account_id = @account_id;

-- name: RevokedSince :many
SELECT id FROM revoked_sessions WHERE revoked_at >= @since ORDER BY id;

-- name: ForgetRevoked :execrows
DELETE FROM revoked_sessions WHERE revoked_at < @before;

-- name: SessionsOf :many
SELECT created_at, expires_at, ended_at FROM sessions WHERE account_id = @account_id ORDER BY created_at, id;
