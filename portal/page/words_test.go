package page_test

import (
	"testing"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/locale"
)

// What the API can say has its words: a status or a step in the history that is new there would be shown as its key.
func TestEverythingThatTheAPINamesHasWords(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, s := range client.AllStatus {
		keys = append(keys, "status."+string(s), "status."+string(s)+".next")
	}
	for _, k := range client.AllTimelineKind {
		keys = append(keys, "timeline."+string(k))
	}
	for _, v := range client.AllVisibility {
		keys = append(keys, "visibility."+string(v))
	}
	for _, key := range keys {
		if !locale.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
}
