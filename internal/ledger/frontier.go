package ledger

import (
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Frontier is what one has to remember of a tree to add to it: the roots of its complete subtrees, largest first. It grows with the
// logarithm of the tree.
type Frontier struct {
	size  int64
	peaks []tlog.Hash
}

// FrontierIndexes says where, in the stored-hash layout of tlog, the peaks of a tree of that size stand.
func FrontierIndexes(size int64) []int64 {
	var indexes []int64
	for start := int64(0); start < size; {
		level := bits.Len64(uint64(size-start)) - 1
		indexes = append(indexes, tlog.StoredHashIndex(level, start>>level))
		start += 1 << level
	}
	return indexes
}

// NewFrontier is the frontier of a tree of that size, whose peaks stand at FrontierIndexes.
func NewFrontier(size int64, peaks []tlog.Hash) *Frontier {
	return &Frontier{size, append([]tlog.Hash(nil), peaks...)}
}

// Push adds a leaf and returns what it adds to the stored hashes, in their order: the leaf, then each subtree that it completes. They
// are written over the memory of stored, which may be nil.
func (f *Frontier) Push(leaf tlog.Hash, stored []tlog.Hash) []tlog.Hash {
	stored = append(stored[:0], leaf)
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.peaks) - 1
		leaf = tlog.NodeHash(f.peaks[last], leaf)
		f.peaks = f.peaks[:last]
		stored = append(stored, leaf)
	}
	f.peaks = append(f.peaks, leaf)
	f.size++
	return stored
}

// Size is the number of leaves.
func (f *Frontier) Size() int64 { return f.size }

// Checkpoint is the tree's size and root.
func (f *Frontier) Checkpoint() Checkpoint {
	if f.size == 0 {
		return Checkpoint{0, sha256.Sum256(nil)} // RFC 6962, 2.1
	}
	last := len(f.peaks) - 1
	root := f.peaks[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(f.peaks[i], root)
	}
	return Checkpoint{f.size, root}
}
