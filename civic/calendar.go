package civic

import (
	"fmt"
	"maps"
	"math"
	"time"
)

// Date is a day in the city's own time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of an instant in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2026-12-31.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	return DateOf(t), err
}

// next is the day after. Days are counted apart from any zone, because some zones put the clock forward at midnight: there the
// first instant of a day cannot be named, and stepping from midnight to midnight would stand still.
func (d Date) next() Date { return DateOf(d.in(time.UTC, 24*time.Hour)) }

func (d Date) previous() Date { return DateOf(d.in(time.UTC, -24*time.Hour)) }

// in is a wall clock time of the day in zone, also where clocks are put back. Where they are put forward, a time that is left out is the
// moment at which that happens.
func (d Date) in(zone *time.Location, since time.Duration) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, int(since/time.Second), 0, zone)
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	from, to := t.ZoneBounds()
	switch asked := time.Date(d.Year, d.Month, d.Day, 0, 0, int(since/time.Second), 0, time.UTC); {
	case shown.Before(asked):
		return to
	case shown.After(asked):
		return from
	default:
		return t
	}
}

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Calendar is when the city works. It turns promises in working hours into instants.
type Calendar struct {
	Zone     *time.Location
	Days     [7]bool       // by time.Weekday
	Start    time.Duration // since midnight
	End      time.Duration // since midnight, after Start
	Holidays map[Date]string
	// Scale speeds the clock up for demonstrations: one working hour passes in 3600/Scale seconds. With a scale other than 1
	// nights and holidays count too. 0 means 1.
	Scale float64
}

// longest bounds how far Add looks: a calendar without working days must not spin for ever.
const longest = 50 * 366

// NewCalendar checks what administrators may have got wrong.
func NewCalendar(c Calendar) (*Calendar, error) {
	if c.Zone == nil {
		return nil, fmt.Errorf("calendar: no time zone")
	}
	if c.Start < 0 || c.End <= c.Start || c.End > 24*time.Hour {
		return nil, fmt.Errorf("calendar: working day from %s to %s", c.Start, c.End)
	}
	if c.Days == [7]bool{} {
		return nil, fmt.Errorf("calendar: no working day in the week")
	}
	if !(c.Scale >= 0) || math.IsInf(c.Scale, 0) {
		return nil, fmt.Errorf("calendar: scale %v", c.Scale)
	}
	if c.Scale == 0 {
		c.Scale = 1
	}
	return &c, nil
}

// Add returns the instant at which work hours of working time have passed since from. An instant outside working time
// counts from the next opening; a promise that ends exactly at closing time is due at closing time.
func (c *Calendar) Add(from time.Time, work time.Duration) time.Time {
	if c.scaled() {
		return from.Add(time.Duration(float64(work) / c.Scale))
	}
	day := DateOf(from.In(c.Zone))
	for range longest {
		if open, shut, works := c.hours(day); works && from.Before(shut) {
			start := later(from, open)
			left := shut.Sub(start)
			if work <= left {
				return start.Add(work)
			}
			work -= left
		}
		day = day.next()
	}
	return day.in(c.Zone, c.Start)
}

// Sub returns the instant from which work hours of working time lead to to: Add turned round. It may look back as far as Add looks ahead.
func (c *Calendar) Sub(to time.Time, work time.Duration) time.Time {
	if c.scaled() {
		return to.Add(-time.Duration(float64(work) / c.Scale))
	}
	day := DateOf(to.In(c.Zone))
	for range longest {
		if open, shut, works := c.hours(day); works && open.Before(to) {
			end := earlier(to, shut)
			left := end.Sub(open)
			if work <= left {
				return end.Add(-work)
			}
			work -= left
		}
		day = day.previous()
	}
	return day.in(c.Zone, c.Start)
}

// Wait returns the instant d later by the clock on the wall, which a demonstration speeds up like working time.
func (c *Calendar) Wait(from time.Time, d time.Duration) time.Time {
	if c.scaled() {
		return from.Add(time.Duration(float64(d) / c.Scale))
	}
	return from.Add(d)
}

// WorkingDay is how long the city works on a day.
func (c *Calendar) WorkingDay() time.Duration { return c.End - c.Start }

// With is the calendar with one more holiday; the calendar itself stays as it is.
func (c *Calendar) With(day Date, name string) *Calendar {
	changed := *c
	changed.Holidays = maps.Clone(c.Holidays)
	if changed.Holidays == nil {
		changed.Holidays = map[Date]string{}
	}
	changed.Holidays[day] = name
	return &changed
}

// Without is the calendar with one holiday less; the calendar itself stays as it is.
func (c *Calendar) Without(day Date) *Calendar {
	changed := *c
	changed.Holidays = maps.Clone(c.Holidays)
	delete(changed.Holidays, day)
	return &changed
}

// Between is the working time from one instant to a later one; 0 if the later one is not later.
func (c *Calendar) Between(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	if c.scaled() {
		return time.Duration(float64(to.Sub(from)) * c.Scale)
	}
	var total time.Duration
	for day := DateOf(from.In(c.Zone)); ; day = day.next() {
		open, shut, works := c.hours(day)
		if !open.Before(to) {
			return total
		}
		if start, end := later(from, open), earlier(to, shut); works && start.Before(end) {
			total += end.Sub(start)
		}
	}
}

// Working reports whether the city works at t.
func (c *Calendar) Working(t time.Time) bool {
	if c.scaled() {
		return true
	}
	open, shut, works := c.hours(DateOf(t.In(c.Zone)))
	return works && !t.Before(open) && t.Before(shut)
}

func (c *Calendar) scaled() bool { return c.Scale != 1 }

func (c *Calendar) hours(day Date) (open, shut time.Time, works bool) {
	_, holiday := c.Holidays[day]
	return day.in(c.Zone, c.Start), day.in(c.Zone, c.End), c.Days[day.in(time.UTC, 0).Weekday()] && !holiday
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
