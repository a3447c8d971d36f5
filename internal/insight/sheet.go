package insight

import (
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Kind is what a tally is kept by, besides department and period.
type Kind int16

// The kinds; their numbers are in the database. By category, district and cause only how many there are is kept: there are many of those.
const (
	All Kind = iota
	ByCategory
	ByDistrict
	ByOfficer
	ByCause // of reports with one
)

// Grain is how long a period is.
type Grain int16

// The grains; their numbers are in the database.
const (
	Day Grain = iota + 1
	Month
	Year
)

// City stands for all departments together.
var City civic.UUID

// Key names one tally that is kept.
type Key struct {
	Department civic.UUID // City for all
	Kind       Kind
	Grain      Grain
	Period     civic.Date // its first day
	Of         civic.UUID // category, district, officer or cause; zero for none
}

// Sheet is tallies by their keys.
type Sheet map[Key]*Tally

func (s Sheet) at(key Key) *Tally {
	tally := s[key]
	if tally == nil {
		tally = new(Tally)
		s[key] = tally
	}
	return tally
}

// Count counts a report for a moment, n times, by days alone; Roll does the rest.
func (s Sheet) Count(f *Fact, at time.Time, zone *time.Location, n int) {
	var district civic.UUID
	if f.District != nil {
		district = f.District.UUID
	}
	for _, department := range []civic.UUID{f.Department.UUID, City} {
		on := func(kind Kind, t time.Time, of civic.UUID) *Tally {
			return s.at(Key{department, kind, Day, civic.DateOf(t.In(zone)), of})
		}
		on(All, f.Created, civic.UUID{}).Add(f, at, n)
		on(ByCategory, f.Created, f.Category.UUID).number(f, n)
		on(ByDistrict, f.Created, district).number(f, n)
		if f.Cause != nil {
			on(ByCause, f.Created, f.Cause.UUID).number(f, n)
		}
		if f.Resolved != nil {
			on(All, *f.Resolved, civic.UUID{}).ResolvedThen += n
		}
		for _, climb := range f.Climbs {
			on(All, climb, civic.UUID{}).ClimbedThen += n
		}
	}
	if f.Officer != nil {
		s.at(Key{f.Department.UUID, ByOfficer, Day, civic.DateOf(f.Created.In(zone)), f.Officer.UUID}).Add(f, at, n)
	}
}

// Settle leaves out what has not changed, and rolls.
func (s Sheet) Settle() {
	for key, tally := range s {
		if tally.Same() {
			delete(s, key)
		}
	}
	s.Roll()
}

// Roll adds the months and years to a sheet of days.
func (s Sheet) Roll() {
	longer := Sheet{}
	for key, tally := range s {
		for _, grain := range []Grain{Month, Year} {
			key.Grain, key.Period = grain, grain.start(key.Period)
			longer.at(key).Merge(tally)
		}
	}
	for key, tally := range longer {
		s[key] = tally
	}
}

// start is the first day of the period that holds the day.
func (g Grain) start(day civic.Date) civic.Date {
	switch g {
	case Year:
		return civic.Date{Year: day.Year, Month: time.January, Day: 1}
	case Month:
		return civic.Date{Year: day.Year, Month: day.Month, Day: 1}
	}
	return day
}

// after is the first day of the next period.
func (g Grain) after(start civic.Date) civic.Date {
	switch g {
	case Year:
		start.Year++
	case Month:
		return Month.start(shifted(start, 31))
	default:
		return shifted(start, 1)
	}
	return start
}
