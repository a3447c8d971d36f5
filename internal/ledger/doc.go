// Package ledger makes the audit tamper-evident: every line becomes a leaf of one append-only Merkle tree (RFC 6962, as
// golang.org/x/mod/sumdb/tlog computes it), and the tree's size and root are signed as checkpoints (C2SP tlog-checkpoint) after each batch.
//
// A line is written in the transaction of its act and waits; within a second the Sequencer, of which any number may run and one at a time
// works, puts all that waits into the tree. So acts share no hot row. Verify works everything out again from the rows and names the first
// that is not what was signed. A Proof shows, offline, that a report's filing stands in the tree, and tells its number, its hour and a
// commitment to its text, and nothing else.
//
// What it cannot show: a line that was changed before it was sequenced, and a history that somebody with the database and the key has
// written anew from the beginning. Against the second helps a checkpoint that somebody else has kept.
//
// The package knows no database: Records and Source say what it needs, and internal/store has it.
package ledger
