-- name: Follow :exec
INSERT INTO followers (report_id, citizen_id, created_at) VALUES (@report_id, @citizen_id, @created_at)
ON CONFLICT (report_id, citizen_id) DO NOTHING;

-- name: Unfollow :exec
DELETE FROM followers WHERE report_id = @report_id AND citizen_id = @citizen_id;

-- name: ListFollowed :many
SELECT report_id FROM followers WHERE citizen_id = @citizen AND report_id = ANY (@reports::uuid[]) ORDER BY report_id;
