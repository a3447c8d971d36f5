-- The ledger. Whoever holds the lock on ledger_turn adds to the tree; everything else only reads.

-- name: LedgerHasWork :one
SELECT (EXISTS (SELECT 1 FROM audit_pending) OR NOT EXISTS (SELECT 1 FROM ledger_checkpoints))::boolean AS has_work;

-- name: TakeLedgerTurn :many
SELECT one FROM ledger_turn FOR UPDATE SKIP LOCKED;

-- name: LedgerVerifier :many
SELECT verifier FROM ledger_key;

-- name: LastCheckpoint :many
SELECT size, signed FROM ledger_checkpoints ORDER BY size DESC LIMIT 1;

-- name: ListWaitingLines :many
SELECT p.id AS pending_id, w.audit_id::uuid AS audit_id, a.at, a.actor, a.action, a.report_id, a.detail
FROM (
    SELECT waiting.id, waiting.lines, sum(cardinality(waiting.lines)) OVER (ORDER BY waiting.id) - cardinality(waiting.lines) AS before
    FROM (SELECT audit_pending.id, audit_pending.lines FROM audit_pending ORDER BY audit_pending.id LIMIT @most) AS waiting
) AS p
CROSS JOIN LATERAL unnest(p.lines) WITH ORDINALITY AS w (audit_id, place)
LEFT JOIN audit AS a ON a.id = w.audit_id
WHERE p.before < @most
ORDER BY p.id, w.place;

-- name: DropWaitingLines :exec
DELETE FROM audit_pending WHERE id = ANY (@ids::bigint[]);

-- name: AddLedgerHashes :exec
INSERT INTO ledger_hashes (start, hashes) VALUES (@start, @hashes);

-- name: AddCheckpoint :exec
INSERT INTO ledger_checkpoints (size, signed) VALUES (@size, @signed);

-- name: BeginLedger :exec
INSERT INTO ledger_key (one, verifier) VALUES (true, @verifier) ON CONFLICT (one) DO NOTHING;

-- name: ListLedgerHashes :many
SELECT wanted.index::bigint AS index, substring(h.hashes FROM ((wanted.index - h.start) * 32 + 1)::integer FOR 32)::bytea AS hash
FROM unnest(@indexes::bigint[]) AS wanted (index)
CROSS JOIN LATERAL (
    SELECT ledger_hashes.start, ledger_hashes.hashes FROM ledger_hashes
    WHERE ledger_hashes.start <= wanted.index ORDER BY ledger_hashes.start DESC LIMIT 1
) AS h
ORDER BY wanted.index;

-- name: FindFilingLeaf :many
SELECT leaf, record FROM ledger_leaves WHERE number = @number ORDER BY leaf LIMIT 1;

-- name: FindSalt :many
SELECT salt FROM reports WHERE number = @number;

-- name: ListAudit :many
SELECT l.leaf, a.id, a.at, a.actor, a.action, a.report_id, a.detail
FROM ledger_leaves AS l JOIN audit AS a ON a.id = l.audit_id
WHERE l.leaf < @before ORDER BY l.leaf DESC LIMIT @most;

-- name: ListAuditOfReport :many
SELECT l.leaf, a.id, a.at, a.actor, a.action, a.report_id, a.detail
FROM audit AS a JOIN ledger_leaves AS l ON l.audit_id = a.id
WHERE a.report_id = @report_id AND l.leaf < @before ORDER BY l.leaf DESC LIMIT @most;

-- What a checker reads, a page at a time.

-- name: PageOfLeaves :many
SELECT l.leaf, l.hash, l.audit_id, l.number, l.record, a.at, a.actor, a.action, a.report_id, a.detail
FROM (
    SELECT ledger_leaves.leaf, ledger_leaves.hash, ledger_leaves.audit_id, ledger_leaves.number, ledger_leaves.record
    FROM ledger_leaves WHERE ledger_leaves.leaf >= @leaf ORDER BY ledger_leaves.leaf LIMIT @most
) AS l
LEFT JOIN audit AS a ON a.id = l.audit_id
ORDER BY l.leaf;

-- name: PageOfHashes :many
SELECT start, hashes FROM ledger_hashes WHERE start >= @start ORDER BY start LIMIT @most;

-- name: PageOfCheckpoints :many
SELECT size, signed FROM ledger_checkpoints WHERE size >= @size ORDER BY size LIMIT @most;

-- name: FindStrayLine :many
SELECT a.id, a.at, a.actor, a.action, a.report_id, a.detail FROM audit AS a
WHERE NOT EXISTS (SELECT 1 FROM ledger_leaves WHERE ledger_leaves.audit_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM audit_pending AS p CROSS JOIN LATERAL unnest(p.lines) AS w (audit_id) WHERE w.audit_id = a.id)
ORDER BY a.at, a.id LIMIT 1;

-- name: CountWaitingLines :one
SELECT coalesce(sum(cardinality(lines)), 0)::bigint FROM audit_pending;

-- name: FindLostLine :many
SELECT w.audit_id::uuid AS audit_id FROM audit_pending AS p CROSS JOIN LATERAL unnest(p.lines) AS w (audit_id)
WHERE NOT EXISTS (SELECT 1 FROM audit WHERE audit.id = w.audit_id) ORDER BY p.id LIMIT 1;

-- name: PageOfTexts :many
SELECT r.id, r.number, r.title, r.body, r.salt, f.detail,
    EXISTS (SELECT 1 FROM audit WHERE audit.report_id = r.id AND audit.action IN ('submit', 'import')) AS filed,
    EXISTS (SELECT 1 FROM audit WHERE audit.report_id = r.id AND audit.action = @erased) AS erased
FROM (
    SELECT reports.id, reports.number, reports.title, reports.body, reports.salt
    FROM reports WHERE reports.id > @after ORDER BY reports.id LIMIT @most
) AS r
LEFT JOIN LATERAL (
    SELECT a.detail FROM audit AS a LEFT JOIN ledger_leaves AS l ON l.audit_id = a.id
    WHERE a.report_id = r.id AND a.detail -> 'filing' IS NOT NULL
    ORDER BY l.leaf DESC NULLS FIRST LIMIT 1
) AS f ON true
ORDER BY r.id;

-- name: FindBereftLine :many
SELECT a.id, a.at, a.actor, a.action, a.report_id, a.detail FROM audit AS a
WHERE a.detail -> 'filing' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.id = a.report_id)
  AND NOT EXISTS (SELECT 1 FROM audit AS e WHERE e.report_id = a.report_id AND e.action = @erased)
ORDER BY a.at, a.id LIMIT 1;
