package insight_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/insight"
)

func dayOf(n int) civic.Date {
	return civic.DateOf(time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n))
}

// A cover holds each day once, in order, in periods that begin where those of their grain do.
func TestCover(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.IntRange(0, 4000).Draw(r, "from")
		to := rapid.IntRange(from, 4400).Draw(r, "to")
		at, periods := dayOf(from), 0
		for _, span := range insight.Cover(dayOf(from), dayOf(to)) {
			if span.From != at {
				r.Fatalf("a gap before %v", span)
			}
			if span.Grain >= insight.Month && span.From.Day != 1 || span.Grain == insight.Year && span.From.Month != time.January {
				r.Fatalf("%v begins in the middle", span)
			}
			for at != span.To {
				next := time.Date(at.Year, at.Month, at.Day, 0, 0, 0, 0, time.UTC)
				switch span.Grain {
				case insight.Year:
					next = next.AddDate(1, 0, 0)
				case insight.Month:
					next = next.AddDate(0, 1, 0)
				default:
					next = next.AddDate(0, 0, 1)
				}
				at = civic.DateOf(next)
				if periods++; periods > 200 {
					r.Fatal("many periods")
				}
			}
		}
		if at != dayOf(to) {
			r.Fatalf("ends at %v", at)
		}
	})
}

// Percentiles are within the precision, and taking off what was added leaves nothing.
func TestHistogram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		times := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) time.Duration {
			drawn := time.Duration(math.Exp(rapid.Float64Range(math.Log(1e9), math.Log(1e18)).Draw(r, "time")))
			return max(drawn, time.Second) // seconds are what is counted; exp rounds below the first of them
		}), 1, 200).Draw(r, "times")
		var left, right, all insight.Histogram
		for i, d := range times {
			if i%2 == 0 {
				left.Add(d, 1)
			} else {
				right.Add(d, 1)
			}
		}
		all.MergeKept(left.Sum, left.Kept())
		all.Merge(&right)
		slices.Sort(times)
		place := 0.9 * float64(len(times)-1)
		below, above := times[int(place)], times[int(math.Ceil(place))]
		exact := (below + time.Duration((place-math.Floor(place))*float64(above-below))).Hours()
		if got := *all.Distribution().P90; math.Abs(got-exact) > insight.Precision*exact*1.0001 {
			r.Fatalf("%v, exact %v", got, exact)
		}
		for _, d := range times {
			all.Add(d, -1)
		}
		if !all.Zero() || len(all.Kept()) != 0 {
			r.Fatalf("%v is left", all)
		}
	})
}

// What is told apart holds enough anonymous reports or none, nothing is lost, and what is told together is no single secret.
func TestSlices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.MapOf(rapid.IntRange(0, 50), rapid.Custom(func(r *rapid.T) insight.Cell {
			anonymous := rapid.IntRange(0, 12).Draw(r, "anonymous")
			return insight.Cell{Count: anonymous + rapid.IntRange(1, 12).Draw(r, "named"), Anonymous: anonymous}
		})).Draw(r, "cells")
		total, hidden, left := 0, 0, len(cells)
		for _, cell := range cells {
			total, hidden = total+cell.Count, hidden+cell.Anonymous
		}
		parts, merged := insight.Slices(cells, true, cmp.Compare[int])
		for _, part := range parts {
			cell := cells[part.Key]
			if cell.Anonymous > 0 && cell.Anonymous < insight.Fewest {
				r.Fatalf("%d anonymous reports are told apart", cell.Anonymous)
			}
			total, hidden, left = total-part.Count, hidden-cell.Anonymous, left-1
		}
		if total != merged {
			r.Fatalf("%d are lost", total-merged)
		}
		if left == 1 && len(parts) > 0 || hidden > 0 && hidden < insight.Fewest && slices.ContainsFunc(parts, func(p insight.Slice[int]) bool { return cells[p.Key].Anonymous > 0 }) {
			r.Fatalf("%d together hold %d anonymous reports beside %v", left, hidden, parts)
		}
	})
}
