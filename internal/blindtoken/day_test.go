package blindtoken_test

import (
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

func TestDaysBeginAtMidnightInTheWest(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)
	day := blindtoken.DayOf(midnight)
	if day != "2027-01-01" || day.Plus(-1) != "2026-12-31" || day.Compact() != "20270101" || !day.Start().Equal(midnight) {
		t.Errorf("%s, %s, %s, %s", day, day.Plus(-1), day.Compact(), day.Start())
	}
	if before := blindtoken.DayOf(midnight.Add(-time.Nanosecond)); before != "2026-12-31" {
		t.Errorf("a moment before it is %s", before)
	}
	if !day.Ends().Equal(midnight.Add(48 * time.Hour)) {
		t.Errorf("it ends at %s", day.Ends())
	}
	for at, good := range map[time.Duration]bool{
		-time.Nanosecond: false, 0: true, 47 * time.Hour: true, 48*time.Hour - 1: true, 48 * time.Hour: false,
	} {
		if day.Redeemable(midnight.Add(at)) != good {
			t.Errorf("%s after its start: %v", at, !good)
		}
	}
	if _, err := blindtoken.ParseDay("2026-02-30"); err == nil {
		t.Error("the 30th of February was taken")
	}
}
