-- A line and its place in the row of those that wait for the ledger, in one statement.

-- name: AddAudit :exec
WITH line AS (
    INSERT INTO audit (id, at, actor, action, report_id, detail)
    VALUES (@id, @at, @actor, @action, @report_id, @detail)
)
INSERT INTO audit_pending (lines) VALUES (ARRAY[@id::uuid]);
