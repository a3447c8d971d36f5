-- name: ListCauses :many
SELECT id, code, name_id, name_en, category_id, retired_at FROM causes ORDER BY code;

-- name: SaveCause :exec
INSERT INTO causes (id, code, name_id, name_en, category_id)
VALUES (@id, @code, @name_id, @name_en, @category_id)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name_id = excluded.name_id, name_en = excluded.name_en,
    category_id = excluded.category_id;

-- name: RetireCause :exec
UPDATE causes SET retired_at = @at WHERE id = @id AND retired_at IS NULL;
