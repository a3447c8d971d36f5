package ledger

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	leavesPage      = 2000
	hashesPage      = 64 // rows of up to batch lines
	checkpointsPage = 1000
	textsPage       = 200 // texts may have 40 KB each
)

// Options says what Verify holds the rows against.
type Options struct {
	Key   string      // the ledger's verifier key
	Saved *Checkpoint // an earlier checkpoint that somebody kept, checked already; nil for none
}

// Summary is what was found in order.
type Summary struct {
	Checkpoint  Checkpoint // the last
	Checkpoints int
	Reports     int
	Erased      int // of these, texts that were erased when their time had come
	Early       int // of these, filed before there was a ledger: no commitment to hold them against
	Waiting     int // lines that are not in the tree yet
}

// Tampered says, in words, which row is the first that is not what was signed.
type Tampered struct{ Sentence string }

// Error is the sentence.
func (t *Tampered) Error() string { return t.Sentence }

func tampered(format string, args ...any) error { return &Tampered{fmt.Sprintf(format, args...)} }

// Verify works the whole tree out again from the audit's rows, in one pass and constant memory, and holds it against leaves, stored hashes,
// checkpoints and texts. Its error is a *Tampered where they differ.
func Verify(ctx context.Context, source Source, options Options) (Summary, error) {
	var v *verification
	err := source.LedgerSnapshot(ctx, func(s Snapshot) error {
		v = newVerification(ctx, s, options)
		for _, check := range []func() error{v.tree, v.savedCheckpoint, v.strays, v.texts} {
			if err := check(); err != nil {
				return err
			}
		}
		return nil
	})
	if v == nil {
		return Summary{}, err
	}
	return v.summary, err
}

// verification is one pass.
type verification struct {
	ctx     context.Context
	from    Snapshot
	options Options
	summary Summary

	leaves      rows[KeptLeaf]
	hashes      rows[KeptHashes]
	checkpoints rows[KeptCheckpoint]

	frontier *Frontier
	added    []tlog.Hash // what the last leaf adds to the stored hashes
	kept     []tlog.Hash // what is stored in that place
	sound    int64       // the size that the last good checkpoint vouches for
	first    string      // the first line after that, in words
	suspect  *suspicion
	row      *KeptHashes // where the stored hashes are being read
	offset   int         // how many of row are behind
}

// suspicion is a line that does not fit the stored hash of its place. Which of the two was changed, the next checkpoint tells.
type suspicion struct {
	index int64
	line  string
}

func newVerification(ctx context.Context, s Snapshot, options Options) *verification {
	v := &verification{ctx: ctx, from: s, options: options, frontier: NewFrontier(0, nil)}
	var leaf, hash, checkpoint int64 // where the next page begins
	v.leaves = rows[KeptLeaf]{most: leavesPage, read: func() ([]KeptLeaf, error) {
		page, err := s.LeavesFrom(ctx, leaf, leavesPage)
		if len(page) > 0 {
			leaf = page[len(page)-1].Index + 1
		}
		return page, err
	}}
	v.hashes = rows[KeptHashes]{most: hashesPage, read: func() ([]KeptHashes, error) {
		page, err := s.HashesFrom(ctx, hash, hashesPage)
		if len(page) > 0 {
			hash = page[len(page)-1].Start + 1
		}
		return page, err
	}}
	v.checkpoints = rows[KeptCheckpoint]{most: checkpointsPage, read: func() ([]KeptCheckpoint, error) {
		page, err := s.CheckpointsFrom(ctx, checkpoint, checkpointsPage)
		if len(page) > 0 {
			checkpoint = page[len(page)-1].Size + 1
		}
		return page, err
	}}
	return v
}

// tree holds lines, leaves, stored hashes and checkpoints against each other.
func (v *verification) tree() error {
	if err := v.key(); err != nil {
		return err
	}
	for {
		kept, err := v.checkpoints.next()
		if err != nil {
			return err
		}
		if kept == nil {
			break
		}
		if err := v.upTo(kept.Size); err != nil {
			return err
		}
		if err := v.checkpoint(kept); err != nil {
			return err
		}
	}
	if leaf, err := v.leaves.next(); err != nil || leaf != nil {
		if err == nil {
			err = tampered("line %d (%s) stands in the tree, and no checkpoint covers it: the checkpoints end at %d lines", leaf.Index, words(leaf), v.sound)
		}
		return err
	}
	return v.noHashesLeft()
}

func (v *verification) key() error {
	named, err := v.from.Verifier(v.ctx)
	if err == nil && named != "" && named != v.options.Key {
		return tampered("the database names another key for this ledger: %s", named)
	}
	return err
}

// upTo adds lines until the tree has that size.
func (v *verification) upTo(size int64) error {
	for v.frontier.Size() < size {
		index := v.frontier.Size()
		leaf, err := v.leaves.next()
		if err != nil {
			return err
		}
		if leaf == nil || leaf.Index != index {
			return tampered("line %d is missing from the ledger's leaves: a row was deleted or its number changed; the checkpoints cover %d lines", index, size)
		}
		if index == v.sound {
			v.first = words(leaf)
		}
		if err := v.line(leaf); err != nil {
			return err
		}
		if saved := v.options.Saved; saved != nil && saved.Size == v.frontier.Size() && *saved != v.frontier.Checkpoint() {
			return tampered("the saved checkpoint of %d lines does not fit this ledger: its lines were written anew since that checkpoint was kept", saved.Size)
		}
	}
	return nil
}

// line holds one line against its leaf and the stored hashes.
func (v *verification) line(kept *KeptLeaf) error {
	if kept.Line == nil {
		return tampered("line %d: the audit row %s was deleted", kept.Index, kept.Audit.UUIDString())
	}
	right, err := leafOf(kept.Index, kept.Line)
	if err != nil {
		return err
	}
	v.added = v.frontier.Push(kept.Hash, v.added)
	stored, err := v.stored(len(v.added))
	if err != nil {
		return err
	}
	switch {
	case right.Hash != kept.Hash && right.Hash == stored[0]:
		return tampered("line %d (%s): the ledger's leaf of this line was changed", kept.Index, words(kept))
	case right.Hash != kept.Hash:
		return tampered("line %d (%s): the audit row was changed after it was written", kept.Index, words(kept))
	case !same(right.Number, kept.Number) || !same(right.Record, kept.Record):
		return tampered("line %d (%s): what the ledger's leaf shows of this filing was changed", kept.Index, words(kept))
	case v.suspect != nil:
		return nil // what follows from it cannot fit either
	case stored[0] != kept.Hash:
		v.suspect = &suspicion{kept.Index, words(kept)}
	}
	for i := range v.added {
		if v.suspect == nil && stored[i] != v.added[i] {
			return tampered("a stored hash of the tree, of those that came with line %d (%s), was changed", kept.Index, words(kept))
		}
	}
	return nil
}

// stored reads the next n stored hashes; they hold until the next call.
func (v *verification) stored(n int) ([]tlog.Hash, error) {
	out := v.kept[:0]
	for len(out) < n {
		if v.row != nil && v.offset < len(v.row.Hashes) {
			out = append(out, v.row.Hashes[v.offset])
			v.offset++
			continue
		}
		want := int64(0)
		if v.row != nil {
			want = v.row.Start + int64(len(v.row.Hashes))
		}
		row, err := v.hashes.next()
		if err != nil {
			return nil, err
		}
		if row == nil || row.Start != want || len(row.Hashes) == 0 {
			return nil, tampered("stored hashes of the tree from index %d on (line %d) are missing", want, v.frontier.Size()-1)
		}
		kept := *row
		v.row, v.offset = &kept, 0
	}
	v.kept = out
	return out, nil
}

func (v *verification) noHashesLeft() error {
	row, err := v.hashes.next()
	if err != nil {
		return err
	}
	if row != nil || v.row != nil && v.offset < len(v.row.Hashes) {
		return tampered("there are stored hashes beyond the last line of the tree: lines at its end, from %d on, were deleted", v.frontier.Size())
	}
	return nil
}

// checkpoint holds the tree so far against a checkpoint of its size.
func (v *verification) checkpoint(kept *KeptCheckpoint) error {
	signed, err := OpenCheckpoint(kept.Signed, v.options.Key)
	if err != nil {
		return tampered("the checkpoint of %d lines is not signed with the ledger's key: %v", kept.Size, err)
	}
	fits := signed == v.frontier.Checkpoint()
	switch {
	case signed.Size != kept.Size:
		return tampered("the checkpoint in the row of %d lines is one of %d lines", kept.Size, signed.Size)
	case fits && v.suspect != nil:
		return tampered("the stored hash of line %d (%s) was changed", v.suspect.index, v.suspect.line)
	case v.suspect != nil:
		return tampered("line %d (%s) does not stand where it was written: lines were inserted, reordered or exchanged from here on", v.suspect.index, v.suspect.line)
	case !fits && v.sound == kept.Size:
		return tampered("the checkpoint of %d lines does not fit the tree", kept.Size)
	case !fits:
		return tampered("the lines from %d (%s) to %d are not those that the checkpoint of %d lines was signed for: they were rewritten, with their hashes",
			v.sound, v.first, kept.Size-1, kept.Size)
	}
	v.sound, v.summary.Checkpoint = kept.Size, signed
	v.summary.Checkpoints++
	return nil
}

func (v *verification) savedCheckpoint() error {
	saved := v.options.Saved
	switch {
	case saved == nil:
		return nil
	case saved.Size > v.sound:
		return tampered("the saved checkpoint has %d lines and this ledger %d: lines at its end, from %d on, were deleted", saved.Size, v.sound, v.sound)
	case saved.Size == 0 && *saved != NewFrontier(0, nil).Checkpoint():
		return tampered("the saved checkpoint of 0 lines is none of an empty ledger")
	}
	return nil
}

// words says which line it is, without who acted.
func words(leaf *KeptLeaf) string {
	if leaf.Line == nil {
		return "audit row " + leaf.Audit.UUIDString()
	}
	return "audit row " + leaf.Audit.UUIDString() + ", " + lineWords(leaf.Line)
}

func lineWords(l *Line) string {
	return l.Action + " at " + l.At.UTC().Format("2006-01-02 15:04:05")
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
