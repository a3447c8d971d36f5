package integration

import (
	"slices"
	"sync"
	"testing"
)

func aRetryGivesTheSameReport(t *testing.T, city *System) {
	citizen, other := city.Citizen(t, 20), city.Citizen(t, 21)
	first := citizen.Submits(t, Draft{Key: "sekali", Visibility: "PRIVATE"})
	again := citizen.Submits(t, Draft{Key: "sekali", Visibility: "PRIVATE", Title: "Judul lain"})
	if id := first.At("id").Text(); again.At("id").Text() != id || citizen.Sees(t, id).At("title").Text() != first.At("title").Text() {
		t.Errorf("first %v, then %v", first, again)
	}
	if theirs := other.Submits(t, Draft{Key: "sekali", Visibility: "PRIVATE"}); theirs.At("id").Text() == first.At("id").Text() {
		t.Error("two citizens with one key share a report")
	}

	// Fifty at once: a client that is very impatient.
	const many = 50
	ids := make([]string, many)
	var sending sync.WaitGroup
	for i := range many {
		sending.Go(func() {
			answer, err := other.Try(t.Context(), submitReport, Vars{"input": Draft{Key: "tidak-sabar"}.input(t, city)})
			if err != nil || len(answer.Errors) > 0 {
				t.Errorf("%v %v", err, answer.Errors)
			}
			ids[i] = answer.Data.At("submitReport.report.id").Text()
		})
	}
	sending.Wait()
	if slices.Sort(ids); ids[0] != ids[many-1] || ids[0] == "" {
		t.Errorf("the same key gave %v", slices.Compact(ids))
	}
	other.Stored(t, ids[0])
	if mine := other.Must(t, `{myReports(first:100){nodes{id}}}`, nil).At("myReports.nodes").Texts("id"); len(mine) != 2 {
		t.Errorf("the citizen has %v", mine)
	}
}
