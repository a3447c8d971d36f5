-- name: Failures :one
SELECT failures, failed_at FROM failures WHERE login_hash = @login_hash;

-- Failures older than @forget count no more.
-- name: CountFailure :one
INSERT INTO failures (login_hash, failures, failed_at) VALUES (@login_hash, 1, @now)
ON CONFLICT (login_hash) DO UPDATE
SET failures = CASE WHEN failures.failed_at < @forget THEN 1 ELSE failures.failures + 1 END, failed_at = @now
RETURNING failures;

-- name: ForgetFailures :exec
DELETE FROM failures WHERE login_hash = @login_hash;

-- name: DeleteOldFailures :execrows
DELETE FROM failures WHERE failed_at < @forget;
