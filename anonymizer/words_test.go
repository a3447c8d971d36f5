package anonymizer

import (
	"slices"
	"testing"
)

func TestWordsAreTellableApart(t *testing.T) {
	t.Parallel()
	if len(words) != 1<<wordBits || !slices.IsSorted(words) {
		t.Fatalf("%d words, or not in order", len(words))
	}
	for i, a := range words {
		for _, b := range words[:i] {
			if a == b || oneSlip(a, b) {
				t.Errorf("%s and %s are one slip apart", a, b)
			}
		}
		for _, c := range a {
			if c < 'a' || c > 'z' {
				t.Errorf("%q has more than small letters", a)
			}
		}
	}
}
