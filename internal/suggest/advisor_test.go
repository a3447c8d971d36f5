package suggest_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

// town is a city of these categories.
func town(t *testing.T, categories ...*civic.Category) *civic.City {
	t.Helper()
	office := &civic.Department{ID: civic.DepartmentID{UUID: civic.NamedUUID("office")}, Code: "office"}
	for _, c := range categories {
		c.Department = office.ID
	}
	calendar, err := civic.NewCalendar(civic.Calendar{Zone: time.UTC, Days: [7]bool{1: true}, Start: 8 * time.Hour, End: 16 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	city, err := civic.NewCity(civic.Bounds{}, calendar, []*civic.Department{office}, categories, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return city
}

// here are copies of the categories of these tests: each test's town writes into its own.
func here(of ...*civic.Category) (copies []*civic.Category) {
	for _, c := range of {
		copied := *c
		copies = append(copies, &copied)
	}
	return copies
}

func codes(found []*civic.Category) string {
	names := make([]string, len(found))
	for i, c := range found {
		names[i] = c.Code
	}
	return strings.Join(names, " ")
}

// run runs an advisor until the test is over, and waits for its end.
func run(t *testing.T, a *suggest.Advisor) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

const odor = "odor from the catch basin" // none of it is a keyword

var smell = suggest.Example{Text: "catch basin odor near 5th street", Category: flood.ID}

// While the source makes it wait, the keywords answer; then the model does, and learns on.
func TestKeywordsAnswerUntilTheModelHasRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		city := town(t, here(all...)...)
		arrive := make(chan struct{})
		source := func(ctx context.Context, newest int) iter.Seq2[suggest.Example, error] {
			if newest != 200_000 {
				t.Errorf("it begins with %d", newest)
			}
			return func(yield func(suggest.Example, error) bool) {
				<-arrive
				examples(100, nil, smell)(yield)
			}
		}
		a := suggest.NewAdvisor(suggest.AdvisorConfig{Log: slog.New(slog.DiscardHandler)}, func() *civic.City { return city }, source)
		run(t, a)
		synctest.Wait()
		if got := codes(a.Suggest("lubang di aspal, sampah", 5)); got != "jalan-rusak sampah" {
			t.Errorf("keywords say %q", got)
		}
		if got := codes(a.Suggest("lubang di aspal, sampah", 1)); got != "jalan-rusak" {
			t.Errorf("the first is %q", got)
		}
		if got := a.Suggest(odor, 5); len(got) > 0 {
			t.Errorf("without a keyword: %s", codes(got))
		}
		if _, sure := a.Guess("lubang"); sure {
			t.Error("it is sure before it has learned")
		}
		a.Corrected("crows nest on a lamp", flood.ID, refuse.ID) // while it learns

		close(arrive)
		synctest.Wait()
		if got := codes(a.Suggest(odor, 2)); !strings.HasPrefix(got, "banjir") {
			t.Errorf("after 100 reports: %q", got)
		}
		if id, sure := a.Guess(odor); id != flood.ID || !sure {
			t.Errorf("it guesses %s, sure: %v", id, sure)
		}
		if got := codes(a.Suggest("a crows nest", 1)); got != "sampah" {
			t.Errorf("what was corrected meanwhile is forgotten: %q", got)
		}
		if got := a.Suggest("123 !?", 5); len(got) > 0 {
			t.Errorf("without a word: %s", codes(got))
		}
		a.Corrected(odor, flood.ID, refuse.ID)
		if got := codes(a.Suggest(odor, 1)); got != "sampah" {
			t.Errorf("after a correction: %q", got)
		}
		for range 10_000 { // nobody who files waits, however many do
			a.Filed(strings.Repeat("graffiti on a wall ", 1000), road.ID)
		}
		time.Sleep(time.Hour) // of the bubble's clock: the learner rests after its batches
		synctest.Wait()
		if got := codes(a.Suggest("graffiti", 1)); got != "jalan-rusak" {
			t.Errorf("after what was filed: %q", got)
		}
	})
}

// Each batch is followed by a rest, nine times as long as the work.
func TestItLearnsUnhurried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		city := town(t, here(all...)...)
		var asked atomic.Int64 // a clock by which each example takes a millisecond, on top of what passes by itself
		now := func() time.Time { return time.Now().Add(time.Duration(asked.Add(1)) * time.Millisecond) }
		var log bytes.Buffer
		a := suggest.NewAdvisor(suggest.AdvisorConfig{Now: now, Log: slog.New(slog.NewTextHandler(&log, nil))}, func() *civic.City { return city },
			func(context.Context, int) iter.Seq2[suggest.Example, error] { return examples(500, nil, smell) })
		run(t, a)
		time.Sleep(9*450*time.Millisecond + 100*time.Millisecond)
		synctest.Wait()
		if len(a.Suggest(odor, 1)) > 0 {
			t.Error("500 examples were learned without a rest")
		}
		time.Sleep(450 * time.Millisecond)
		synctest.Wait()
		if len(a.Suggest(odor, 1)) != 1 {
			t.Error("it rests for too long")
		}
		if text := log.String(); !strings.Contains(text, "reports=500") || strings.Contains(text, "basin") {
			t.Errorf("the log says %s", text)
		}
	})
}

// A source that fails is asked again; a city that has other categories is learned anew, and what went is suggested no more.
func TestItLearnsAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var city atomic.Pointer[civic.City]
		city.Store(town(t, here(all...)...))
		reads := 0
		source := func(context.Context, int) iter.Seq2[suggest.Example, error] {
			if reads++; reads == 1 {
				return examples(3, errors.New("the database is away"), smell)
			}
			return examples(100, nil, smell, suggest.Example{Text: "stray dogs bark at night", Category: civic.CategoryID{UUID: civic.NamedUUID("category:hewan")}})
		}
		a := suggest.NewAdvisor(suggest.AdvisorConfig{Log: slog.New(slog.DiscardHandler)}, city.Load, source)
		run(t, a)
		synctest.Wait()
		if len(a.Suggest(odor, 1)) > 0 {
			t.Error("a model that has not read everything is asked")
		}
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if got := codes(a.Suggest(odor, 1)); got != "banjir" || reads != 2 {
			t.Errorf("after %d reads: %q", reads, got)
		}
		city.Store(town(t, here(all...)...)) // read anew, and as it was
		time.Sleep(time.Minute)
		synctest.Wait()
		if reads != 2 {
			t.Error("it learned anew although nothing is new")
		}
		city.Store(town(t, here(road, refuse, other, category("hewan", "Hewan liar", "Stray animals"))...))
		if got := codes(a.Suggest(odor, 5)); strings.Contains(got, "banjir") {
			t.Errorf("a category that went is suggested: %q", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := codes(a.Suggest("dogs bark", 1)); got != "hewan" || reads != 3 {
			t.Errorf("after %d reads: %q", reads, got)
		}
		if id, sure := a.Guess(odor); sure && id == flood.ID {
			t.Error("a category that went is guessed")
		}
	})
}

func TestManyMayAskOneAdvisor(t *testing.T) {
	t.Parallel()
	city := town(t, here(all...)...)
	a := suggest.NewAdvisor(suggest.AdvisorConfig{Log: slog.New(slog.DiscardHandler), Look: time.Microsecond}, func() *civic.City { return city },
		func(context.Context, int) iter.Seq2[suggest.Example, error] { return examples(120, nil, smell) })
	run(t, a)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				a.Filed("pohon tumbang", refuse.ID)
				a.Corrected("got mampet", road.ID, flood.ID)
				a.Guess("lubang")
				if len(a.Suggest("lubang", 5)) == 0 {
					t.Error("nobody knows what a hole is")
				}
			}
		})
	}
	group.Wait()
}
