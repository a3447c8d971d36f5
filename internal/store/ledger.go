package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// beginTurn opens a transaction that ends by itself when its holder falls silent, so that a frozen sequencer holds up no other. Between two
// statements lines are hashed and reports counted, thousands of them, which may take a busy machine a while.
const beginTurn = "begin; set local idle_in_transaction_session_timeout = '2min'"

// Sequence adds what grow makes of the waiting lines to the ledger; see ledger.Records.
func (s *Store) Sequence(ctx context.Context, verifier string, most int, grow func(ledger.Head, []ledger.Line) (*ledger.Growth, error)) (n int, err error) {
	if work, err := db.New(s.own).LedgerHasWork(ctx); err != nil || !work {
		return 0, border(err)
	}
	err = pgx.BeginTxFunc(ctx, s.own, pgx.TxOptions{BeginQuery: beginTurn}, func(tx pgx.Tx) error {
		n = 0
		q := db.New(tx)
		if turn, err := q.TakeLedgerTurn(ctx); err != nil || len(turn) == 0 {
			return err // without a row somebody else is at it
		}
		head, err := ledgerHead(ctx, q)
		if err != nil {
			return err
		}
		rows, err := q.ListWaitingLines(ctx, int32(most))
		if err != nil || len(rows) == 0 && head.Signed != "" {
			return err
		}
		lines, waiting := make([]ledger.Line, len(rows)), make([]int64, len(rows))
		for i, row := range rows {
			waiting[i] = row.PendingID
			line := keptLine(row.AuditID, row.At, row.Actor, row.Action, row.ReportID, row.Detail)
			if line == nil {
				return fmt.Errorf("%w: audit row %s was deleted before its turn", ledger.ErrBroken, row.AuditID.UUIDString())
			}
			lines[i] = *line
		}
		growth, err := grow(head, lines)
		if err != nil || growth == nil {
			return err
		}
		n = len(lines)
		return errors.Join(q.BeginLedger(ctx, verifier), addGrowth(ctx, tx, growth), q.DropWaitingLines(ctx, slices.Compact(waiting)))
	})
	if err != nil {
		return 0, border(err)
	}
	return n, nil
}

func ledgerHead(ctx context.Context, q *db.Queries) (head ledger.Head, err error) {
	keys, err := q.LedgerVerifier(ctx)
	if err != nil {
		return head, err
	}
	if len(keys) > 0 {
		head.Verifier = keys[0]
	}
	last, err := q.LastCheckpoint(ctx)
	if err != nil || len(last) == 0 {
		return head, err
	}
	head.Size, head.Signed = last[0].Size, last[0].Signed
	head.Peaks, err = hashesAt(ctx, q, ledger.FrontierIndexes(head.Size))
	return head, err
}

// addGrowth appends to the four tables of the tree.
func addGrowth(ctx context.Context, tx pgx.Tx, growth *ledger.Growth) error {
	q := db.New(tx)
	if len(growth.Leaves) > 0 {
		leaf := func(i int) ([]any, error) {
			l := growth.Leaves[i]
			return []any{l.Index, l.Hash[:], l.Audit, l.Number, l.Record}, nil
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"ledger_leaves"}, []string{"leaf", "hash", "audit_id", "number", "record"},
			pgx.CopyFromSlice(len(growth.Leaves), leaf)); err != nil {
			return err
		}
		hashes := make([]byte, 0, len(growth.Stored)*tlog.HashSize)
		for _, hash := range growth.Stored {
			hashes = append(hashes, hash[:]...)
		}
		if err := q.AddLedgerHashes(ctx, db.AddLedgerHashesParams{Start: growth.Start, Hashes: hashes}); err != nil {
			return err
		}
	}
	return q.AddCheckpoint(ctx, db.AddCheckpointParams{Size: growth.Size, Signed: growth.Signed})
}

// hashesAt reads stored hashes of the tree, in the order of indexes.
func hashesAt(ctx context.Context, q *db.Queries, indexes []int64) ([]tlog.Hash, error) {
	rows, err := q.ListLedgerHashes(ctx, indexes)
	if err != nil {
		return nil, err
	}
	found := make(map[int64][]byte, len(rows))
	for _, row := range rows {
		found[row.Index] = row.Hash
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if len(found[index]) != tlog.HashSize {
			return nil, fmt.Errorf("%w: there is no stored hash %d", ledger.ErrBroken, index)
		}
		hashes[i] = tlog.Hash(found[index])
	}
	return hashes, nil
}

// LedgerCheckpoint is the last signed state of the ledger; empty before the first.
func (s *Store) LedgerCheckpoint(ctx context.Context) (string, error) {
	last, err := db.New(s.everybody()).LastCheckpoint(ctx)
	if err != nil || len(last) == 0 {
		return "", border(err)
	}
	return last[0].Signed, nil
}

// LedgerVerifier is the ledger's public key; empty before the first checkpoint.
func (s *Store) LedgerVerifier(ctx context.Context) (string, error) {
	keys, err := db.New(s.everybody()).LedgerVerifier(ctx)
	if err != nil || len(keys) == 0 {
		return "", border(err)
	}
	return keys[0], nil
}

// LedgerProof proves the filing of the report with that number, without opening it; nil where the ledger has none.
func (s *Store) LedgerProof(ctx context.Context, number string) (*ledger.Proof, error) {
	q := db.New(s.everybody())
	leaves, err := q.FindFilingLeaf(ctx, &number)
	if err != nil || len(leaves) == 0 || leaves[0].Record == nil {
		return nil, border(err)
	}
	last, err := q.LastCheckpoint(ctx) // read after the leaf, so it covers it
	if err != nil || len(last) == 0 {
		return nil, border(err)
	}
	path, err := tlog.ProveRecord(last[0].Size, leaves[0].Leaf, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		return hashesAt(ctx, q, indexes)
	}))
	if err != nil {
		return nil, border(err)
	}
	return &ledger.Proof{Index: leaves[0].Leaf, Record: *leaves[0].Record, Path: path, Checkpoint: last[0].Signed}, nil
}

// everybody is a pool that may read what everybody may.
func (s *Store) everybody() db.DBTX {
	if s.public != nil {
		return s.public
	}
	return s.own
}

// hashesOf cuts a row of stored hashes into hashes; a broken one gives none.
func hashesOf(row []byte) []tlog.Hash {
	if len(row)%tlog.HashSize != 0 {
		return nil
	}
	hashes := make([]tlog.Hash, 0, len(row)/tlog.HashSize)
	for hash := range slices.Chunk(row, tlog.HashSize) {
		hashes = append(hashes, tlog.Hash(hash))
	}
	return hashes
}

var _ ledger.Records = (*Store)(nil)
