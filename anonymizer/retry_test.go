package anonymizer_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/anonymizer"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/anonymizerclient"
)

func reused(err error) bool {
	refusal := (*civic.Error)(nil)
	return errors.As(err, &refusal) && refusal.Code == civic.CodeConflict && refusal.Key == "client_key.reused"
}

func unavailable(err error) bool {
	refusal := (*civic.Error)(nil)
	return errors.As(err, &refusal) && refusal.Code == civic.CodeUnavailable
}

func (f *flat) file(t *testing.T, r anonymizerclient.Report) *anonymizerclient.Filed {
	t.Helper()
	filed, err := f.client.Submit(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return filed
}

// reports counts different reports in the stream; a repeat of the same report is harmless, and is one.
func (f *flat) reports(t *testing.T) int {
	ids := map[civic.ReportID]bool{}
	for _, s := range f.stored(t) {
		ids[s.Report] = true
	}
	return len(ids)
}

func TestTheSameClientKeyGivesTheSameReceipt(t *testing.T) {
	t.Parallel()
	f := open(t)
	r := report()
	r.ClientKey = "a key of the client's own"
	first := f.file(t, r)
	f.setClock(filedAt.Add(3 * time.Hour))
	r.ResponseDue = r.ResponseDue.Add(3 * time.Hour) // worked out anew by the server
	second := f.file(t, r)
	if first.Receipt != second.Receipt || first.Number != second.Number || first.Proof != second.Proof {
		t.Errorf("%+v, then %+v", first, second)
	}
	if n := f.reports(t); n != 1 {
		t.Errorf("%d reports", n)
	}
	other := report()
	if third := f.file(t, other); third.Receipt == first.Receipt || third.Number == first.Number {
		t.Error("without a client key the same receipt came out")
	}
}

func TestAClientKeyIsRefusedToOtherContent(t *testing.T) {
	t.Parallel()
	f := open(t)
	r := report()
	r.ClientKey = "key"
	f.file(t, r)
	for name, change := range map[string]func(*anonymizerclient.Report){
		"body":    func(r *anonymizerclient.Report) { r.Body = civic.NewRaw("something else") },
		"keep":    func(r *anonymizerclient.Report) { r.Keep = []string{"x"} },
		"place":   func(r *anonymizerclient.Report) { p := *r.Place; p.Latitude++; r.Place = &p },
		"exact":   func(r *anonymizerclient.Report) { r.ExactLocation = true },
		"answers": func(r *anonymizerclient.Report) { r.Answers = nil },
	} {
		changed := r
		change(&changed)
		if _, err := f.client.Submit(t.Context(), changed); !reused(err) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if n := f.reports(t); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestManyTriesAtOnceFileOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	r := report()
	r.ClientKey = "impatient"
	var mu sync.Mutex
	receipts := map[string]bool{}
	var tries sync.WaitGroup
	for range 20 {
		tries.Go(func() {
			filed, err := f.client.Submit(t.Context(), r)
			for deadline := time.Now().Add(2 * time.Minute); unavailable(err) && time.Now().Before(deadline); { // they take turns: as a client does, again
				filed, err = f.client.Submit(t.Context(), r)
			}
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				receipts[filed.Receipt] = true
			} else {
				t.Error(err)
			}
		})
	}
	tries.Wait()
	if len(receipts) != 1 || f.reports(t) != 1 {
		t.Errorf("%d receipts, %d reports", len(receipts), f.reports(t))
	}
}

func TestARetryAfterMidnightFindsTheSame(t *testing.T) {
	t.Parallel()
	f := open(t)
	r := report()
	r.ClientKey = "late"
	beforeMidnight := time.Date(2026, 11, 23, 16, 59, 59, 0, time.UTC) // 23:59:59 WIB
	f.setClock(beforeMidnight)
	first := f.file(t, r)
	f.setClock(beforeMidnight.Add(2 * time.Second))
	if second := f.file(t, r); second.Receipt != first.Receipt || second.Proof != first.Proof {
		t.Error("midnight changed the receipt")
	}
	changed := r
	changed.Title = civic.NewRaw("other")
	if _, err := f.client.Submit(t.Context(), changed); !reused(err) {
		t.Errorf("other content after midnight: %v", err)
	}
}

func TestOldDaysAreForgotten(t *testing.T) {
	t.Parallel()
	f := open(t)
	r := report()
	r.ClientKey = "old"
	f.file(t, r)
	f.setClock(filedAt.Add(48 * time.Hour))
	f.serve(t, nobody{}) // a start retires what is due
	entries, err := os.ReadDir(f.secrets)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "day-") {
			t.Errorf("%s is still there", entry.Name())
		}
	}
	if _, err := f.client.Submit(t.Context(), r); !reused(err) {
		t.Errorf("a key whose secret is gone: %v", err)
	}
}

// nobody takes nothing in: what must never be reached.
type nobody struct{ anonymizer.Intake }
