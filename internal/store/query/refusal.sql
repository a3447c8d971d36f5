-- name: ListRefusals :many
SELECT department_id FROM refusals WHERE report_id = @report_id ORDER BY at, department_id;

-- name: AddRefusal :exec
INSERT INTO refusals (report_id, department_id, at) VALUES (@report_id, @department_id, @at);
