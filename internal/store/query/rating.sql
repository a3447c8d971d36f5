-- name: SaveRating :exec
WITH counted AS (
    INSERT INTO rollup_pending (reports) VALUES (ARRAY[@report_id::uuid])
)
INSERT INTO ratings (report_id, score, comment, rated_at) VALUES (@report_id, @score, @comment, @rated_at)
ON CONFLICT (report_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, rated_at = excluded.rated_at;

-- name: ListRatings :many
SELECT report_id, score, comment, rated_at FROM ratings WHERE report_id = ANY (@reports::uuid[]) ORDER BY report_id;
