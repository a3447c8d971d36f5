-- name: AddAudit :exec
INSERT INTO audit (id, at, actor, action, report_id, detail)
VALUES (@id, @at, @actor, @action, @report_id, @detail);
