package ledger

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/jagawarga/jagawarga/civic"
)

// Source is the database as a checker sees it.
type Source interface {
	// LedgerSnapshot lets look see one state that does not change meanwhile, whoever writes.
	LedgerSnapshot(ctx context.Context, look func(Snapshot) error) error
}

// Snapshot is read in pages of at most most rows, in order. A page that is shorter is the last.
type Snapshot interface {
	// Verifier is the key that the database names; empty for none.
	Verifier(ctx context.Context) (string, error)
	// LeavesFrom are the leaves from an index on, each with its audit line.
	LeavesFrom(ctx context.Context, index int64, most int) ([]KeptLeaf, error)
	// HashesFrom are the rows of stored hashes from a start on.
	HashesFrom(ctx context.Context, start int64, most int) ([]KeptHashes, error)
	// CheckpointsFrom are those of at least that size.
	CheckpointsFrom(ctx context.Context, size int64, most int) ([]KeptCheckpoint, error)
	// Stray is the first audit line that neither stands in the tree nor waits for it; nil for none.
	Stray(ctx context.Context) (*Line, error)
	// Waiting counts the lines that wait, and tells one that waits without being in the audit; nil for none.
	Waiting(ctx context.Context) (n int, lost *civic.UUID, err error)
	// TextsAfter are the reports after one in the order of ids, with the last line that says what each one's text is.
	TextsAfter(ctx context.Context, report civic.UUID, most int) ([]KeptText, error)
	// Bereft is the first line that gave a report its text, where the report is gone and no line tells of its erasure; nil for none.
	Bereft(ctx context.Context) (*Line, error)
}

// KeptLeaf is a row of leaves; Line is nil where the audit has no such row any more.
type KeptLeaf struct {
	Leaf
	Line *Line
}

// KeptHashes is a row of stored hashes.
type KeptHashes struct {
	Start  int64
	Hashes []tlog.Hash
}

// KeptCheckpoint is a row of checkpoints.
type KeptCheckpoint struct {
	Size   int64
	Signed string
}

// KeptText is a report's text and what the audit says of it.
type KeptText struct {
	Report      civic.UUID
	Number      string
	Title, Body string
	Salt        []byte
	Filing      *civic.Filing // the latest; nil where no line commits to a text
	Filed       bool          // some line tells of the filing, if without a commitment
	Erased      bool          // some line tells of the text's erasure
}

// ActionErase is the audit's word for the erasure of a report's text and salt when their time has come: the commitment need not open any
// more.
const ActionErase = civic.ActionEraseText

// rows hands out the rows of a list one by one, reading them in pages.
type rows[T any] struct {
	read func() ([]T, error) // the next page
	most int
	page []T
	last bool
}

// peek is the next row, or nil after the last.
func (r *rows[T]) peek() (*T, error) {
	if len(r.page) == 0 && !r.last {
		page, err := r.read()
		if err != nil {
			return nil, err
		}
		r.page, r.last = page, len(page) < r.most
	}
	if len(r.page) == 0 {
		return nil, nil
	}
	return &r.page[0], nil
}

// next is the next row, which is then behind; nil after the last.
func (r *rows[T]) next() (*T, error) {
	row, err := r.peek()
	if row != nil {
		r.page = r.page[1:]
	}
	return row, err
}
