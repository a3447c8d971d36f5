-- name: ListSettings :many
SELECT key, value FROM settings ORDER BY key;

-- name: ListDepartments :many
SELECT id, code, name_id, name_en, parent_id, level, retired_at FROM departments ORDER BY level DESC, code;

-- name: ListCategories :many
SELECT id, code, name_id, name_en, parent_id, department_id, response_hours, resolution_hours, questions, keywords,
       proof_required, public_on_map, sensitive, retired_at
FROM categories ORDER BY code;

-- name: ListDistricts :many
SELECT id, name, latitude, longitude, outline FROM districts ORDER BY name;

-- name: ListHolidays :many
SELECT day, name FROM holidays ORDER BY day;

-- name: ListOfficers :many
SELECT id, name, department_id, role, retired_at FROM officers ORDER BY id;

-- name: SaveSetting :exec
INSERT INTO settings (key, value) VALUES (@key, @value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: SaveDepartment :exec
INSERT INTO departments (id, code, name_id, name_en, parent_id, level)
VALUES (@id, @code, @name_id, @name_en, @parent_id, @level)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name_id = excluded.name_id, name_en = excluded.name_en,
    parent_id = excluded.parent_id, level = excluded.level;

-- name: SaveCategory :exec
INSERT INTO categories (id, code, name_id, name_en, parent_id, department_id, response_hours, resolution_hours, questions,
    keywords, proof_required, public_on_map, sensitive)
VALUES (@id, @code, @name_id, @name_en, @parent_id, @department_id, @response_hours, @resolution_hours, @questions,
    @keywords, @proof_required, @public_on_map, @sensitive)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name_id = excluded.name_id, name_en = excluded.name_en,
    parent_id = excluded.parent_id, department_id = excluded.department_id, response_hours = excluded.response_hours,
    resolution_hours = excluded.resolution_hours, questions = excluded.questions, keywords = excluded.keywords,
    proof_required = excluded.proof_required, public_on_map = excluded.public_on_map, sensitive = excluded.sensitive;

-- name: SaveDistrict :exec
INSERT INTO districts (id, name, latitude, longitude, outline)
VALUES (@id, @name, @latitude, @longitude, @outline)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude,
    outline = excluded.outline;

-- name: SaveHoliday :exec
INSERT INTO holidays (day, name) VALUES (@day, @name)
ON CONFLICT (day) DO UPDATE SET name = excluded.name;

-- name: SaveOfficer :exec
INSERT INTO officers (id, name, department_id, role) VALUES (@id, @name, @department_id, @role)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, department_id = excluded.department_id, role = excluded.role;
