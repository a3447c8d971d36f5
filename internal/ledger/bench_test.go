package ledger_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// BenchmarkLedger sequences and verifies a hundred thousand lines: ten thousand reports of which each has had nine acts more.
func BenchmarkLedger(b *testing.B) {
	book := newBook(b)
	const reports, acts = 10_000, 9
	desk := book.Desk(book.rows, casework.Config{})
	for range reports / 500 {
		batch := make([]civic.Submission, 500)
		for i := range batch {
			batch[i] = book.Submission(coretest.Visibility([]civic.Visibility{civic.Public, civic.Private, civic.Anonymous}[i%3]))
		}
		if _, err := book.rows.TakeIn(context.Background(), desk.TakeIn(batch)); err != nil {
			b.Fatal(err)
		}
	}
	book.Exec(`INSERT INTO audit SELECT gen_random_uuid(), now(), 'officer:' || gen_random_uuid(), 'change_status', report_id, detail - 'filing'
		FROM audit, generate_series(1, $1)`, acts)
	book.Exec("INSERT INTO audit_pending (lines) SELECT ARRAY[id] FROM audit WHERE action = 'change_status'")
	began := time.Now()
	book.drain()
	sequenced := float64(reports*(acts+1)) / time.Since(began).Seconds()
	book.Exec("ANALYZE")

	for b.Loop() {
		if summary := book.wantSound(); summary.Checkpoint.Size != reports*(acts+1) || summary.Reports != reports {
			b.Fatalf("%+v", summary)
		}
	}
	b.ReportMetric(sequenced, "sequenced/s")
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapAlloc)/1e6, "live-MB")
	b.ReportMetric(float64(memory.HeapSys)/1e6, "heap-MB")
}
