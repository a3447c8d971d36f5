-- name: AddTask :exec
INSERT INTO tasks (id, report_id, number, department_id, title, body, latitude, longitude, address, district_id, state, due_at, created_at)
VALUES (@id, @report_id, @number, @department_id, @title, @body, @latitude, @longitude, @address, @district_id, @state, @due_at, @created_at);

-- name: LockTask :many
SELECT id, report_id, number, department_id, title, body, latitude, longitude, address, district_id, state, answer, due_at, created_at, ended_at
FROM tasks WHERE id = @id ORDER BY id FOR UPDATE;

-- name: EndTask :execrows
UPDATE tasks SET state = @state, answer = @answer, ended_at = @ended_at WHERE id = @id;

-- name: FindTask :many
SELECT id, report_id, number, department_id, title, body, latitude, longitude, address, district_id, state, answer, due_at, created_at, ended_at
FROM tasks WHERE id = @id ORDER BY id;

-- name: ListTasks :many
SELECT id, report_id, number, department_id, title, body, latitude, longitude, address, district_id, state, answer, due_at, created_at, ended_at
FROM tasks WHERE report_id = ANY (@reports::uuid[])
ORDER BY report_id, created_at, id;

-- name: ListTasksOfDepartments :many
SELECT id, report_id, number, department_id, title, body, latitude, longitude, address, district_id, state, answer, due_at, created_at, ended_at
FROM tasks
WHERE department_id = ANY (@departments::uuid[]) AND (@state::text = '' OR state = @state::text)
  AND (created_at, id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY created_at, id
LIMIT @most;
