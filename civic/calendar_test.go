package civic_test

import (
	"math"
	"testing"
	"time"
	_ "time/tzdata" // the zones below, wherever the tests run

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func calendar(t testing.TB, c civic.Calendar) *civic.Calendar {
	t.Helper()
	made, err := civic.NewCalendar(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// office is the demo city's: Monday to Friday, 8 to 16, Jakarta, with holidays of 2026.
func office(t testing.TB, scale float64) *civic.Calendar {
	return calendar(t, civic.Calendar{
		Zone: zone(t, "Asia/Jakarta"), Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, Start: 8 * time.Hour, End: 16 * time.Hour,
		Holidays: map[civic.Date]string{
			{Year: 2026, Month: time.March, Day: 19}:    "Nyepi",
			{Year: 2026, Month: time.March, Day: 20}:    "Idul Fitri",
			{Year: 2026, Month: time.August, Day: 17}:   "Hari Kemerdekaan", // a Monday
			{Year: 2026, Month: time.December, Day: 25}: "Natal",            // a Friday
		},
		Scale: scale,
	})
}

func at(t testing.TB, zoneName, clock string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04:05", clock, zone(t, zoneName))
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func TestAddByExample(t *testing.T) {
	t.Parallel()
	c := office(t, 0)
	for _, example := range []struct {
		name, from string
		work       time.Duration
		want       string
	}{
		{"within a day", "2026-11-23 09:00:00", 2 * time.Hour, "2026-11-23 11:00:00"},
		{"to closing time exactly", "2026-11-23 09:00:00", 7 * time.Hour, "2026-11-23 16:00:00"},
		{"a second over closing time", "2026-11-23 09:00:00", 7*time.Hour + time.Second, "2026-11-24 08:00:01"},
		{"a whole day from opening", "2026-11-23 08:00:00", 8 * time.Hour, "2026-11-23 16:00:00"},
		{"from before opening", "2026-11-23 05:30:00", time.Hour, "2026-11-23 09:00:00"},
		{"from closing time", "2026-11-23 16:00:00", time.Hour, "2026-11-24 09:00:00"},
		{"from the night", "2026-11-23 23:59:59", time.Hour, "2026-11-24 09:00:00"},
		{"over the weekend", "2026-11-27 15:00:00", 2 * time.Hour, "2026-11-30 09:00:00"},
		{"from a Saturday", "2026-11-28 10:00:00", time.Hour, "2026-11-30 09:00:00"},
		{"three days, 24 hours", "2026-11-23 09:00:00", 24 * time.Hour, "2026-11-26 09:00:00"},
		{"over Independence Day and the weekend before it", "2026-08-14 15:00:00", 2 * time.Hour, "2026-08-18 09:00:00"},
		{"over Nyepi, Idul Fitri and a weekend", "2026-03-18 15:00:00", 2 * time.Hour, "2026-03-23 09:00:00"},
		{"over Christmas", "2026-12-24 12:00:00", 8 * time.Hour, "2026-12-28 12:00:00"},
		{"from a holiday", "2026-12-25 10:00:00", time.Hour, "2026-12-28 09:00:00"},
		{"over New Year, which nobody entered", "2026-12-31 15:30:00", time.Hour, "2027-01-01 08:30:00"},
		{"no work while open", "2026-11-23 09:00:00", 0, "2026-11-23 09:00:00"},
		{"no work on a Saturday", "2026-11-28 10:00:00", 0, "2026-11-30 08:00:00"},
	} {
		from, want := at(t, "Asia/Jakarta", example.from), at(t, "Asia/Jakarta", example.want)
		if got := c.Add(from, example.work); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", example.name, got, want)
		}
		if got := c.Add(from.UTC(), example.work); !got.Equal(want) {
			t.Errorf("%s, asked in UTC: %s, want %s", example.name, got, want)
		}
	}
}

func TestWorkingAtTheEdges(t *testing.T) {
	t.Parallel()
	c := office(t, 1)
	for clock, want := range map[string]bool{
		"2026-11-23 07:59:59": false, "2026-11-23 08:00:00": true, "2026-11-23 15:59:59": true, "2026-11-23 16:00:00": false,
		"2026-11-28 10:00:00": false, "2026-08-17 10:00:00": false,
	} {
		if got := c.Working(at(t, "Asia/Jakarta", clock)); got != want {
			t.Errorf("%s: working %v", clock, got)
		}
	}
}

// The zones have no change of clocks, one at night, one at midnight (that midnight does not exist), one of half an hour, and a day
// that was left out altogether.
var zones = []string{"Asia/Jakarta", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia"}

func anyCalendar(t *rapid.T, outer testing.TB) *civic.Calendar {
	var days [7]bool
	for i := range days {
		days[i] = rapid.Bool().Draw(t, "works")
	}
	days[rapid.IntRange(0, 6).Draw(t, "at least")] = true
	start := rapid.IntRange(0, 23*60).Draw(t, "start")
	end := rapid.IntRange(start+30, 24*60).Draw(t, "end") // with less, the work drawn below would outlast what a calendar looks ahead
	holidays := map[civic.Date]string{}
	for range rapid.IntRange(0, 8).Draw(t, "holidays") {
		holidays[civic.DateOf(anyInstant(t))] = "holiday"
	}
	return calendar(outer, civic.Calendar{
		Zone: zone(outer, rapid.SampledFrom(zones).Draw(t, "zone")), Days: days, Holidays: holidays,
		Start: time.Duration(start) * time.Minute, End: time.Duration(end) * time.Minute,
	})
}

func anyInstant(t *rapid.T) time.Time {
	from := time.Date(2009, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(from, from+12*366*24*3600).Draw(t, "instant"), 0).UTC()
}

func anyWork(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(1, 60*3600).Draw(t, "work")) * time.Second
}

func TestBetweenUndoesAdd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c, from, work := anyCalendar(r, t), anyInstant(r), anyWork(r)
		due := c.Add(from, work)
		if got := c.Between(from, due); got != work {
			r.Fatalf("from %s, %s of work end at %s, between which lies %s", from, work, due, got)
		}
		if due.Before(from) || c.Working(due.Add(-time.Nanosecond)) != true {
			r.Fatalf("%s after %s is %s, outside working time", work, from, due)
		}
	})
}

func TestAddIsMonotonicAndAdditive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c, from, first, second := anyCalendar(r, t), anyInstant(r), anyWork(r), anyWork(r)
		early, late := c.Add(from, first), c.Add(from, first+second)
		if !early.Before(late) {
			r.Fatalf("%s is due at %s, %s at %s", first, early, first+second, late)
		}
		if then := c.Add(early, second); !then.Equal(late) {
			r.Fatalf("in two steps %s, in one %s", then, late)
		}
		if later := c.Add(from.Add(second), first); later.Before(early) {
			r.Fatalf("starting later, it is due earlier: %s before %s", later, early)
		}
	})
}

func TestBetweenAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c, from := anyCalendar(r, t), anyInstant(r)
		middle := from.Add(anyWork(r))
		to := middle.Add(anyWork(r))
		whole, parts := c.Between(from, to), c.Between(from, middle)+c.Between(middle, to)
		if whole != parts || whole < 0 || whole > to.Sub(from) {
			r.Fatalf("%s in all, %s in parts, %s by the clock on the wall", whole, parts, to.Sub(from))
		}
		if c.Between(to, from) != 0 || c.Between(from, from) != 0 {
			r.Fatal("backwards is not nothing")
		}
	})
}

func TestScaleCountsNightsAndHolidays(t *testing.T) {
	t.Parallel()
	c := office(t, 3600)
	night := at(t, "Asia/Jakarta", "2026-12-25 03:00:00")
	if got := c.Add(night, 24*time.Hour); !got.Equal(night.Add(24 * time.Second)) {
		t.Errorf("24 working hours end after %s", got.Sub(night))
	}
	if got := c.Between(night, night.Add(time.Second)); got != time.Hour {
		t.Errorf("a second is %s of work", got)
	}
	if !c.Working(night) {
		t.Error("nobody works")
	}
}

// The night on which Brazil put the clock forward at midnight: the day has no midnight to start from.
func TestADayWithoutMidnight(t *testing.T) {
	t.Parallel()
	c := calendar(t, civic.Calendar{
		Zone: zone(t, "America/Sao_Paulo"), Days: [7]bool{true, true, true, true, true, true, true}, Start: 8 * time.Hour, End: 16 * time.Hour,
	})
	from := at(t, "America/Sao_Paulo", "2018-11-03 15:00:00")
	if got, want := c.Add(from, 10*time.Hour), at(t, "America/Sao_Paulo", "2018-11-05 09:00:00"); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	if got := c.Between(from, at(t, "America/Sao_Paulo", "2018-11-06 00:00:00")); got != 17*time.Hour {
		t.Errorf("%s between", got)
	}
}

// Who works around the clock loses the hour that Cuba leaves out at midnight, and works in all the others.
func TestADayThatBeginsAnHourLate(t *testing.T) {
	t.Parallel()
	c := calendar(t, civic.Calendar{Zone: zone(t, "America/Havana"), Days: [7]bool{true, true, true, true, true, true, true}, End: 24 * time.Hour})
	from := at(t, "America/Havana", "2009-03-07 20:00:00")
	if got, want := c.Add(from, 5*time.Hour), at(t, "America/Havana", "2009-03-08 02:00:00"); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	for late := from; late.Before(from.Add(8 * time.Hour)); late = late.Add(30 * time.Minute) {
		if !c.Working(late) {
			t.Errorf("nobody works at %s", late)
		}
	}
}

// A working day over the change of clocks is as long as the clock on the wall and the sun make it together.
func TestAWorkingNightOverTheChangeOfClocks(t *testing.T) {
	t.Parallel()
	c := calendar(t, civic.Calendar{
		Zone: zone(t, "Europe/Berlin"), Days: [7]bool{true, true, true, true, true, true, true}, Start: 0, End: 6 * time.Hour,
	})
	for day, want := range map[string]time.Duration{"2026-03-29": 5 * time.Hour, "2026-10-25": 7 * time.Hour, "2026-11-01": 6 * time.Hour} {
		from := at(t, "Europe/Berlin", day+" 00:00:00")
		if got := c.Between(from, from.Add(12*time.Hour)); got != want {
			t.Errorf("%s: %s", day, got)
		}
	}
}

func TestACalendarThatIsNone(t *testing.T) {
	t.Parallel()
	good := civic.Calendar{Zone: time.UTC, Days: [7]bool{1: true}, Start: 8 * time.Hour, End: 16 * time.Hour}
	for name, spoil := range map[string]func(*civic.Calendar){
		"no zone":            func(c *civic.Calendar) { c.Zone = nil },
		"no day":             func(c *civic.Calendar) { c.Days = [7]bool{} },
		"ends as it starts":  func(c *civic.Calendar) { c.End = c.Start },
		"starts before zero": func(c *civic.Calendar) { c.Start = -time.Hour },
		"ends tomorrow":      func(c *civic.Calendar) { c.End = 25 * time.Hour },
		"runs backwards":     func(c *civic.Calendar) { c.Scale = -1 },
		"runs nowhere":       func(c *civic.Calendar) { c.Scale = math.NaN() },
		"runs infinitely":    func(c *civic.Calendar) { c.Scale = math.Inf(1) },
	} {
		spoiled := good
		spoil(&spoiled)
		if _, err := civic.NewCalendar(spoiled); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := civic.NewCalendar(good); err != nil {
		t.Error(err)
	}
}

// A calendar of holidays alone must end somewhere.
func TestACityThatNeverWorks(t *testing.T) {
	t.Parallel()
	holidays := map[civic.Date]string{}
	for day := at(t, "UTC", "2026-01-01 12:00:00"); day.Year() < 2080; day = day.AddDate(0, 0, 1) {
		holidays[civic.DateOf(day)] = "off"
	}
	c := calendar(t, civic.Calendar{Zone: time.UTC, Days: [7]bool{1: true}, Start: 8 * time.Hour, End: 16 * time.Hour, Holidays: holidays})
	if got := c.Add(at(t, "UTC", "2026-11-23 09:00:00"), time.Hour); got.Year() < 2070 {
		t.Errorf("work was found at %s", got)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	date, err := civic.ParseDate("2026-08-17")
	if want := (civic.Date{Year: 2026, Month: time.August, Day: 17}); err != nil || date != want || date.String() != "2026-08-17" {
		t.Errorf("%v, %v", date, err)
	}
	for _, text := range []string{"", "17-08-2026", "2026-02-30", "2026-8-17"} {
		if _, err := civic.ParseDate(text); err == nil {
			t.Errorf("%q is a date", text)
		}
	}
}
