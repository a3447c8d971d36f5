-- name: KeepKeyCheck :exec
INSERT INTO key_checks (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;

-- name: KeyCheck :one
SELECT value FROM key_checks WHERE name = @name;
