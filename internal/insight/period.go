package insight

import (
	"strconv"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Period is from one instant up to another, which is not part of it.
type Period struct{ From, To time.Time }

const (
	maxYears  = 10
	maxHourly = 31 * 24 * time.Hour // what is told hour by hour is counted from the rows
)

// earliest is before all reports; figures begin here whatever somebody asks for.
var earliest = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)

func notBefore(t, earliest time.Time) time.Time {
	if t.Before(earliest) {
		return earliest
	}
	return t
}

// CheckPeriod refuses what ends before it starts, and what nobody means.
func CheckPeriod(from, to time.Time) (Period, error) {
	from, to = notBefore(from, earliest), notBefore(to, earliest)
	switch {
	case to.Before(from):
		return Period{}, civic.Invalid("to", "period.backwards")
	case to.After(from.AddDate(maxYears, 0, 0)):
		return Period{}, civic.Invalid("to", "period.too_long", "max", strconv.Itoa(maxYears))
	}
	return Period{from, to}, nil
}

// Months takes a period apart into what lies in each month of a zone's calendar, the earliest first.
func (p Period) Months(zone *time.Location) (months []Period) {
	for from := p.From; from.Before(p.To); {
		to := Monthly.next(Monthly.start(from, zone), zone)
		if to.After(p.To) {
			to = p.To
		}
		months = append(months, Period{from, to})
		from = to
	}
	return months
}

// Bucket is how finely a series is told.
type Bucket string

// The buckets of the public contract.
const (
	Hourly  Bucket = "HOUR"
	Daily   Bucket = "DAY"
	Weekly  Bucket = "WEEK" // from Monday
	Monthly Bucket = "MONTH"
)

// start is when the bucket that holds an instant begins.
func (b Bucket) start(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	day := civic.DateOf(t)
	switch b {
	case Hourly:
		return time.Date(day.Year, day.Month, day.Day, t.Hour(), 0, 0, 0, zone)
	case Weekly:
		return midnight(shifted(day, -(int(t.Weekday())+6)%7), zone)
	case Monthly:
		return midnight(Month.start(day), zone)
	}
	return midnight(day, zone)
}

// next is when the bucket after the one that begins at start does.
func (b Bucket) next(start time.Time, zone *time.Location) time.Time {
	day := civic.DateOf(start.In(zone))
	switch b {
	case Hourly:
		return start.Add(time.Hour)
	case Weekly:
		return midnight(shifted(day, 7), zone)
	case Monthly:
		return midnight(Month.after(day), zone)
	}
	return midnight(shifted(day, 1), zone)
}

// Point is what happened in one bucket of a series.
type Point struct {
	At                            time.Time // when the bucket begins
	Received, Resolved, Escalated int
}
