package ledger_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/ledger"
	"github.com/jagawarga/jagawarga/internal/store"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// book is a city's database with a sequencer, as the ingest service has them.
type book struct {
	*coretest.Core
	t         testing.TB
	rows      *store.Store
	sequencer *ledger.Sequencer
}

func newBook(t testing.TB) *book {
	t.Helper()
	c := coretest.New(t)
	b := &book{Core: c, t: t, rows: c.Store(roles.Ingest)}
	b.sequencer = b.sequencerWith(1)
	return b
}

func (b *book) sequencerWith(seed byte) *ledger.Sequencer {
	b.t.Helper()
	s, err := ledger.NewSequencer(ledger.Config{}, bytes.Repeat([]byte{seed}, ledger.KeySize), b.rows)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *book) drain() {
	b.t.Helper()
	if err := b.sequencer.Drain(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) verify(saved *ledger.Checkpoint) (ledger.Summary, error) {
	return ledger.Verify(context.Background(), b.rows, ledger.Options{Key: b.sequencer.Verifier(), Saved: saved})
}

// wantSound wants a ledger without a fault.
func (b *book) wantSound() ledger.Summary {
	b.t.Helper()
	summary, err := b.verify(nil)
	if err != nil {
		b.t.Fatalf("the ledger is not sound: %v", err)
	}
	return summary
}

// fill makes eight lines: 0 to 2 are three filings, 3 to 5 an officer's work on the first, 6 and 7 two more filings. They came in
// batches of 1, 2, 1, 1, 1 and 2, so there are checkpoints of 0, 1, 3, 4, 5, 6 and 8 lines.
func (b *book) fill() []*civic.Report {
	b.t.Helper()
	b.drain()
	reports := []*civic.Report{b.File()}
	b.drain()
	reports = append(reports, b.File(coretest.Visibility(civic.Private)), b.File(coretest.Visibility(civic.Anonymous)))
	b.drain()
	desk, officer := b.Desk(b.Store(roles.Server), casework.Config{}), b.Officer("jalan")
	for _, to := range []civic.Status{civic.InProgress, civic.AwaitingReporter, civic.InProgress} {
		if _, err := desk.ChangeStatus(context.Background(), officer, reports[0].ID, to, "dikerjakan"); err != nil {
			b.t.Fatal(err)
		}
		b.drain()
	}
	reports = append(reports, b.File(coretest.Visibility(civic.Anonymous)), b.File())
	b.drain()
	return reports
}
