package blindtoken

import (
	"fmt"
	"strings"
	"time"
)

// Day is a calendar day of Western Indonesian Time, UTC+7 without summer time, as 2026-11-23. Days compare as strings do.
type Day string

var wib = time.FixedZone("WIB", 7*60*60)

// DayOf is the day that t falls on.
func DayOf(t time.Time) Day { return Day(t.In(wib).Format(time.DateOnly)) }

// ParseDay reads a day.
func ParseDay(text string) (Day, error) {
	if _, err := time.ParseInLocation(time.DateOnly, text, wib); err != nil {
		return "", fmt.Errorf("blindtoken: %w", err)
	}
	return Day(text), nil
}

// Start is the first moment of the day.
func (d Day) Start() time.Time {
	start, err := time.ParseInLocation(time.DateOnly, string(d), wib)
	if err != nil {
		panic("blindtoken: a day that is none: " + string(d))
	}
	return start
}

// Plus is the day n days later.
func (d Day) Plus(n int) Day { return DayOf(d.Start().AddDate(0, 0, n)) }

// Compact is the day as 20261123.
func (d Day) Compact() string { return strings.ReplaceAll(string(d), "-", "") }

// A token is redeemed on its key's day or on the grace day after it.
const graceDays = 1

// Ends is the first moment at which tokens of the day's key are worth nothing.
func (d Day) Ends() time.Time { return d.Plus(graceDays + 1).Start() }

// OldestAt is the oldest day whose tokens are good at t; all that belongs to days before it can go.
func OldestAt(t time.Time) Day { return DayOf(t).Plus(-graceDays) }

// Redeemable says whether tokens of the day's key are good at t.
func (d Day) Redeemable(t time.Time) bool { return d <= DayOf(t) && d >= OldestAt(t) }
