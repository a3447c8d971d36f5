package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// LedgerSnapshot lets a checker read all of audit, ledger and reports, as they stand at one moment. The role must see them all: ingest's.
func (s *Store) LedgerSnapshot(ctx context.Context, look func(ledger.Snapshot) error) error {
	return border(pgx.BeginTxFunc(ctx, s.own, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return look(snapshot{db.New(tx)})
	}))
}

type snapshot struct{ q *db.Queries }

// Verifier is the key that the database names.
func (s snapshot) Verifier(ctx context.Context) (string, error) {
	keys, err := s.q.LedgerVerifier(ctx)
	if err != nil || len(keys) == 0 {
		return "", err
	}
	return keys[0], nil
}

// LeavesFrom reads a page of leaves with their lines.
func (s snapshot) LeavesFrom(ctx context.Context, index int64, most int) ([]ledger.KeptLeaf, error) {
	rows, err := s.q.PageOfLeaves(ctx, db.PageOfLeavesParams{Leaf: index, Most: int32(most)})
	if err != nil {
		return nil, err
	}
	page := make([]ledger.KeptLeaf, len(rows))
	for i, row := range rows {
		page[i].Leaf = ledger.Leaf{Index: row.Leaf, Audit: row.AuditID, Number: row.Number, Record: row.Record}
		if len(row.Hash) == tlog.HashSize { // a hash of another length fits no line
			page[i].Hash = tlog.Hash(row.Hash)
		}
		page[i].Line = keptLine(row.AuditID, row.At, row.Actor, row.Action, row.ReportID, row.Detail)
	}
	return page, nil
}

// HashesFrom reads a page of stored hashes.
func (s snapshot) HashesFrom(ctx context.Context, start int64, most int) ([]ledger.KeptHashes, error) {
	rows, err := s.q.PageOfHashes(ctx, db.PageOfHashesParams{Start: start, Most: int32(most)})
	if err != nil {
		return nil, err
	}
	page := make([]ledger.KeptHashes, len(rows))
	for i, row := range rows {
		page[i] = ledger.KeptHashes{Start: row.Start, Hashes: hashesOf(row.Hashes)}
	}
	return page, nil
}

// CheckpointsFrom reads a page of checkpoints.
func (s snapshot) CheckpointsFrom(ctx context.Context, size int64, most int) ([]ledger.KeptCheckpoint, error) {
	rows, err := s.q.PageOfCheckpoints(ctx, db.PageOfCheckpointsParams{Size: size, Most: int32(most)})
	if err != nil {
		return nil, err
	}
	page := make([]ledger.KeptCheckpoint, len(rows))
	for i, row := range rows {
		page[i] = ledger.KeptCheckpoint(row)
	}
	return page, nil
}

// Stray finds a line that is neither in the tree nor on its way.
func (s snapshot) Stray(ctx context.Context) (*ledger.Line, error) {
	rows, err := s.q.FindStrayLine(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	line := lineOf(rows[0])
	return &line, nil
}

// Waiting counts the lines that wait, and finds one that is gone.
func (s snapshot) Waiting(ctx context.Context) (int, *civic.UUID, error) {
	n, err := s.q.CountWaitingLines(ctx)
	if err != nil {
		return 0, nil, err
	}
	lost, err := s.q.FindLostLine(ctx)
	if err != nil || len(lost) == 0 {
		return int(n), nil, err
	}
	return int(n), &lost[0], nil
}

// TextsAfter reads a page of texts with their commitments.
func (s snapshot) TextsAfter(ctx context.Context, report civic.UUID, most int) ([]ledger.KeptText, error) {
	rows, err := s.q.PageOfTexts(ctx, db.PageOfTextsParams{After: report, Most: int32(most), Erased: ledger.ActionErase})
	if err != nil {
		return nil, err
	}
	page := make([]ledger.KeptText, len(rows))
	for i, row := range rows {
		page[i] = ledger.KeptText{
			Report: row.ID, Number: row.Number, Title: row.Title, Body: row.Body, Salt: row.Salt, Filed: row.Filed, Erased: row.Erased,
			Filing: (&ledger.Line{Detail: row.Detail}).Filing(),
		}
	}
	return page, nil
}

// Bereft finds a line whose report is gone.
func (s snapshot) Bereft(ctx context.Context) (*ledger.Line, error) {
	rows, err := s.q.FindBereftLine(ctx, ledger.ActionErase)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	line := lineOf(rows[0])
	return &line, nil
}

// keptLine is a line that was looked for by its id; nil where the audit does not have it.
func keptLine(id civic.UUID, at *time.Time, actor, action *string, report *civic.UUID, detail []byte) *ledger.Line {
	if at == nil || actor == nil || action == nil {
		return nil
	}
	return &ledger.Line{ID: id, At: *at, Actor: *actor, Action: *action, Report: report, Detail: detail}
}

func lineOf(row db.Audit) ledger.Line {
	return ledger.Line{ID: row.ID, At: row.At, Actor: row.Actor, Action: row.Action, Report: row.ReportID, Detail: row.Detail}
}

var _ ledger.Source = (*Store)(nil)
