package insight

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Span is periods of one grain, from the first day of the first up to that of the one after the last.
type Span struct {
	Grain    Grain
	From, To civic.Date
	Age      int // what the days have in common besides; see ages
}

// Cover takes the days from one up to another apart into few periods: years where they are whole, then months, then days.
func Cover(from, to civic.Date) []Span { return cover(Year, from, to) }

func cover(grain Grain, from, to civic.Date) []Span {
	if !before(from, to) {
		return nil
	}
	if grain == Day {
		return []Span{{Grain: Day, From: from, To: to}}
	}
	first, last := grain.start(from), grain.start(to)
	if first != from {
		first = grain.after(first)
	}
	if !before(first, last) {
		return cover(grain-1, from, to)
	}
	spans := append(cover(grain-1, from, first), Span{Grain: grain, From: first, To: last})
	return append(spans, cover(grain-1, last, to)...)
}

// ages are from how many days on an open report belongs to a class of the backlog; today's are 0 days old.
var ages = []int{0, 1, 3, 7, 30, 90}

// ageOf is the class of what came on a day.
func ageOf(day, today civic.Date) int {
	class := 0
	for i, age := range ages {
		if !before(shifted(today, -age), day) {
			class = i
		}
	}
	return class
}

// coverByAge covers days so that each span belongs to one class of the backlog.
func coverByAge(from, to, today civic.Date) (spans []Span) {
	for before(from, to) {
		class, end := ageOf(from, today), to
		if class > 0 { // up to the day from which on reports are younger
			if younger := shifted(today, 1-ages[class]); before(younger, to) {
				end = younger
			}
		}
		for _, span := range Cover(from, end) {
			span.Age = class
			spans = append(spans, span)
		}
		from = end
	}
	return spans
}

// whole is the days that lie in a period as a whole, and what is left of it on both sides; without a whole day all of it is left.
func whole(p Period, zone *time.Location) (from, to civic.Date, rest []Period) {
	from, to = civic.DateOf(p.From.In(zone)), civic.DateOf(p.To.In(zone))
	if !midnight(from, zone).Equal(p.From) {
		from = shifted(from, 1)
	}
	if !before(from, to) {
		return from, from, []Period{p}
	}
	for _, edge := range []Period{{p.From, midnight(from, zone)}, {midnight(to, zone), p.To}} {
		if edge.From.Before(edge.To) {
			rest = append(rest, edge)
		}
	}
	return from, to, rest
}

func midnight(day civic.Date, zone *time.Location) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, zone)
}

func before(a, b civic.Date) bool {
	return midnight(a, time.UTC).Before(midnight(b, time.UTC))
}

func shifted(day civic.Date, days int) civic.Date {
	return civic.DateOf(midnight(day, time.UTC).AddDate(0, 0, days))
}
