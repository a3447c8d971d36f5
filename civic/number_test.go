package civic_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

var numberShape = regexp.MustCompile(`^JW-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)

func TestNumberHasItsShapeAndNeverChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOf(rapid.Byte()).Draw(t, "seed")
		number := civic.NumberFrom(seed)
		if !numberShape.MatchString(number) {
			t.Fatalf("number %q", number)
		}
		if again := civic.NumberFrom(seed); again != number {
			t.Fatalf("the same seed gave %q, then %q", number, again)
		}
	})
}

func TestNumbersSeldomMeet(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range 20_000 {
		seen[civic.NumberFrom([]byte{byte(i), byte(i >> 8)})] = true
	}
	if len(seen) < 19_999 { // 40 bits: two of 20,000 meet once in 5,500 runs, and the seeds are fixed
		t.Fatalf("%d different numbers out of 20000", len(seen))
	}
}
