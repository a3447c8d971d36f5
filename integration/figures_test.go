package integration

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// figuresOf: what is kept of the reports of TestTools is all of them, a rebuild changes nothing, and a file holds them all.
func figuresOf(t *testing.T, city *System) {
	const statistics = `{ cityStatistics { received open resolved medianResolutionHours withinSla } }`
	stranger, mayor := city.Stranger(), city.Officer(t, "walikota")
	eventually(t, "the figures", func() error {
		if n := stranger.Must(t, statistics, nil).At("cityStatistics.received").Number(); n != 10_100 {
			return fmt.Errorf("%v reports are counted", n)
		}
		return nil
	})
	kept := stranger.Must(t, statistics, nil).String()
	out, said, ok := runToEnd(t, nil, "jagawarga", "rollups", "rebuild", "--data", city.Data)
	if !ok || strings.Join(out, "\n") != "counted 10100" {
		t.Errorf("rollups rebuild: %v %s", out, said)
	}
	if rebuilt := stranger.Must(t, statistics, nil).String(); rebuilt != kept {
		t.Errorf("kept %s, rebuilt %s", kept, rebuilt)
	}
	answer := mayor.Must(t, `{ analytics(from: "2017-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { total csvUrl } }`, nil)
	status, body := city.Get(t, city.URL+answer.At("analytics.csvUrl").Text())
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if status != 200 || err != nil || len(lines) == 0 {
		t.Fatalf("the file: %d, %d lines, %v", status, len(lines), err)
	}
	total := 0
	for _, line := range lines[1:] {
		var n int
		if _, err := fmt.Sscan(line[0], &n); err != nil {
			t.Fatal(err)
		}
		total += n
	}
	if want := answer.At("analytics.total").Number(); float64(total) != want || total < 100 {
		t.Errorf("the file holds %d reports of %v", total, want)
	}
}
