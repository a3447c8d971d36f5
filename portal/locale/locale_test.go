package locale_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/portal/locale"
)

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	indonesian, english := read(t, "id.json"), read(t, "en.json")
	places := regexp.MustCompile(`\{[a-z]+\}`)
	for key, sentence := range indonesian {
		other, found := english[key]
		if !found || other == "" || sentence == "" {
			t.Errorf("%s: %q and %q", key, sentence, other)
		}
		mine, theirs := places.FindAllString(sentence, -1), places.FindAllString(other, -1)
		slices.Sort(mine)
		slices.Sort(theirs)
		if !slices.Equal(slices.Compact(mine), slices.Compact(theirs)) {
			t.Errorf("%s has the places %v in one language and %v in the other", key, mine, theirs)
		}
	}
	for key := range maps.Keys(english) {
		if _, found := indonesian[key]; !found {
			t.Errorf("%s is said in English alone", key)
		}
	}
}

func TestPlacesAreFilled(t *testing.T) {
	t.Parallel()
	if said := locale.In("en").T("report.support.count", "count", "3"); said != "3 people support this" {
		t.Errorf("it says %q", said)
	}
	if said := locale.In("fr").T("nav.report"); said != "Laporkan" {
		t.Errorf("a language that we do not speak says %q", said)
	}
}
