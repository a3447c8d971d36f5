-- What suggestions of categories are learned from: public reports. The pages are short, so that a reader may take its time between them.

-- name: ExampleBefore :one
SELECT created_at, id FROM reports
WHERE visibility = 'PUBLIC' AND NOT hidden
ORDER BY created_at DESC, id DESC
OFFSET @passed LIMIT 1;

-- name: ListExamples :many
SELECT created_at, id, category_id, left(title || ' ' || body, 2000)::text AS words FROM reports
WHERE visibility = 'PUBLIC' AND NOT hidden AND (created_at, id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY created_at, id
LIMIT 200;
