package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/suggest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// Examples are the newest of what everybody may see, the oldest of them first, whatever the number of pages.
func TestExamples(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	submissions := crowd(c, 700)
	hidden := map[string]bool{}
	for _, s := range submissions {
		hidden[s.Number] = c.Report(s.Report).Hidden
	}
	var want []civic.Submission
	for _, s := range submissions {
		if s.Visibility == civic.Public && !hidden[s.Number] {
			want = append(want, s)
		}
	}
	slices.SortFunc(want, func(a, b civic.Submission) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return slices.Compare(a.Report.UUID[:], b.Report.UUID[:])
	})
	if len(want) < 450 || len(want) == len(submissions) {
		t.Fatalf("%d examples make no three pages, or nothing is left out", len(want))
	}
	rows := c.Store(roles.Server)
	for _, newest := range []int{1_000_000, len(want), len(want) - 1, 230, 1} {
		expected := want[max(0, len(want)-newest):]
		var got []suggest.Example
		for example, err := range rows.Examples(t.Context(), newest) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, example)
		}
		if !slices.EqualFunc(got, expected, func(e suggest.Example, s civic.Submission) bool {
			return e.Text == s.Title+" "+s.Body && e.Category == s.Category
		}) {
			t.Errorf("the newest %d: %d that are not the %d wanted", newest, len(got), len(expected))
		}
	}
	ended, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	errs := 0
	for _, err := range rows.Examples(ended, 10) {
		if errs++; err == nil {
			t.Error("it goes on after its end")
		}
	}
	if errs != 1 {
		t.Errorf("%d errors after its end, want 1", errs)
	}
	for range rows.Examples(t.Context(), 500) {
		break // and nothing is left behind: the store closes
	}
}
