package locale_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/jagawarga/jagawarga/internal/locale"
)

// A sentence that exists in one language alone, or lost a place in translation, must not reach anybody.
func TestFilesHoldTheSameKeysAndPlaces(t *testing.T) {
	t.Parallel()
	id, en := read(t, "id.json"), read(t, "en.json")
	for key := range maps.Keys(en) {
		if _, found := id[key]; !found {
			t.Errorf("%s is in en.json alone", key)
		}
	}
	for key, sentence := range id {
		other, found := en[key]
		if !found {
			t.Errorf("%s is in id.json alone", key)
			continue
		}
		if !slices.Equal(places(sentence), places(other)) {
			t.Errorf("%s: places %v in id.json, %v in en.json", key, places(sentence), places(other))
		}
		if sentence == "" || other == "" {
			t.Errorf("%s is empty", key)
		}
	}
}

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	flat := map[string]string{}
	if err := json.Unmarshal(raw, &flat); err != nil {
		t.Fatal(err)
	}
	return flat
}

var place = regexp.MustCompile(`\{[a-zA-Z]+\}`)

func places(sentence string) []string {
	found := place.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestText(t *testing.T) {
	t.Parallel()
	args := map[string]string{"field": "title"}
	for _, c := range []struct{ name, lang, key, want string }{
		{"english", "en", "input.required", "title is required."},
		{"indonesian", "id", "input.required", "title wajib diisi."},
		{"another language is answered in Indonesian", "fr", "input.required", "title wajib diisi."},
		{"a key nobody has", "en", "no.such.key", "no.such.key"},
	} {
		if got := locale.Text(c.lang, c.key, args); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := locale.Text("en", "input.required", map[string]string{"field": "{field}"}); got != "{field} is required." {
		t.Errorf("a value was filled a second time: %q", got)
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                          "id",
		"en":                        "en",
		"en-US,en;q=0.9":            "en",
		"id-ID,id;q=0.9,en;q=0.8":   "id",
		"fr-FR,en;q=0.4":            "en",
		"en;q=0.3, id;q=0.7":        "id",
		"en, id":                    "id",
		"in-ID":                     "id",
		"*":                         "id",
		"fr":                        "id",
		"en;q=0":                    "id",
		"en;q=NaN":                  "id",
		"en;q=oops, id;q=0.1":       "id",
		",,;;q=,":                   "id",
		"EN-gb;q=1.0, *;q=0.5, fr ": "en",
	} {
		if got := locale.Accepted(header); got != want {
			t.Errorf("Accept-Language %q: %s, want %s", header, got, want)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	if got := locale.From(t.Context()); got != "id" {
		t.Errorf("nobody asked: %s", got)
	}
	if got := locale.From(locale.With(t.Context(), "en")); got != "en" {
		t.Errorf("asked for en: %s", got)
	}
}

func TestAnArgumentMayDependOnTheLanguage(t *testing.T) {
	t.Parallel()
	args := map[string]string{"message.id": "Hubungi 112.", "message.en": "Call 112."}
	for lang, want := range map[string]string{"id": "Hubungi 112.", "en": "Call 112."} {
		if got := locale.Text(lang, "answers.stop", args); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
