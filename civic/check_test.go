package civic_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

func TestCheckText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want, key string }{
		{"plain", "Lubang di jalan", "Lubang di jalan", ""},
		{"space around it", " \t\n Lubang \r\n", "Lubang", ""},
		{"lines and tabs within", "satu\r\n\tdua", "satu\r\n\tdua", ""},
		{"120 letters", strings.Repeat("a", 120), strings.Repeat("a", 120), ""},
		{"121 letters", strings.Repeat("a", 121), "", "text.too_long"},
		{"120 emoji, 480 bytes", strings.Repeat("🕳", 120), strings.Repeat("🕳", 120), ""},
		{"121 emoji", strings.Repeat("🕳", 121), "", "text.too_long"},
		{"60 letters with a mark each", strings.Repeat("é", 60), strings.Repeat("é", 60), ""},
		{"120 letters after trimming", " " + strings.Repeat("a", 120) + " ", strings.Repeat("a", 120), ""},
		{"empty", "", "", "text.empty"},
		{"space alone", " \n\t\u00a0\u3000", "", "text.empty"},
		{"zero-width characters alone", "\u200b\u200d\ufeff\u2060", "", "text.empty"},
		{"zero-width characters within", "a\u200bb", "a\u200bb", ""},
		{"a NUL byte", "a\x00b", "", "text.control_character"},
		{"an escape", "a\x1b[31mb", "", "text.control_character"},
		{"a C1 control", "a\u0085b", "", "text.control_character"},
		{"not UTF-8", "a\xffb", "", "text.not_utf8"},
		{"half a surrogate pair", "a\xed\xa0\x80b", "", "text.not_utf8"},
	} {
		got, err := civic.CheckText("title", c.text, civic.MaxTitle)
		wantInvalid(t, c.name, err, "title", c.key)
		if c.key == "" && got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	if got, err := civic.CheckOptionalText("reason", "  ", 10); got != "" || err != nil {
		t.Errorf("optional text: %q, %v", got, err)
	}
}

// wantInvalid wants INVALID_INPUT with field and key, or no error for an empty key.
func wantInvalid(t *testing.T, name string, err error, field, key string) {
	t.Helper()
	var invalid *civic.Error
	switch {
	case key == "" && err == nil:
	case !errors.As(err, &invalid), invalid.Code != civic.CodeInvalidInput, invalid.Field != field, invalid.Key != key:
		t.Errorf("%s: got %v, want %q for %s", name, err, key, field)
	}
}

func TestCheckPlace(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for _, c := range []struct {
		name       string
		place      civic.Place
		field, key string
	}{
		{"in the city", civic.Place{Latitude: -6.9, Longitude: 107.6}, "", ""},
		{"on the corner", civic.Place{Latitude: -7, Longitude: 107.5}, "", ""},
		{"outside", civic.Place{Latitude: -6.7, Longitude: 107.6}, "location", "location.outside"},
		{"swapped", civic.Place{Latitude: 107.6, Longitude: -6.9}, "location", "location.outside"},
		{"the null island", civic.Place{}, "location", "location.outside"},
		{"huge", civic.Place{Latitude: 1e308, Longitude: -1e308}, "location", "location.outside"},
		{"NaN north", civic.Place{Latitude: math.NaN(), Longitude: 107.6}, "location", "location.not_a_number"},
		{"NaN east", civic.Place{Latitude: -6.9, Longitude: math.NaN()}, "location", "location.not_a_number"},
		{"infinite", civic.Place{Latitude: math.Inf(-1), Longitude: 107.6}, "location", "location.not_a_number"},
		{"a long address", civic.Place{Latitude: -6.9, Longitude: 107.6, Address: strings.Repeat("a", 301)}, "location.address", "text.too_long"},
		{"a NUL in the address", civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "\x00"}, "location.address", "text.control_character"},
	} {
		_, err := city.CheckPlace("location", c.place)
		wantInvalid(t, c.name, err, c.field, c.key)
	}
	forged := civic.DistrictID{UUID: civic.NamedUUID("forged")}
	found, err := city.CheckPlace("location", civic.Place{Latitude: -6.895, Longitude: 107.605, Address: " Jalan Dago ", District: &forged})
	if err != nil || found.Address != "Jalan Dago" || found.District == nil || *found.District != city.Districts[0].ID {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bounds civic.Bounds
		want   bool
	}{
		"the city":         {bounds, true},
		"the Earth":        {civic.Bounds{South: -90, West: -180, North: 90, East: 180}, true},
		"a point":          {civic.Bounds{South: 1, West: 1, North: 1, East: 1}, true},
		"upside down":      {civic.Bounds{South: 1, North: 0, West: 0, East: 1}, false},
		"east of its east": {civic.Bounds{South: 0, North: 1, West: 1, East: 0}, false},
		"off the Earth":    {civic.Bounds{South: -91, North: 1, West: 0, East: 1}, false},
		"NaN":              {civic.Bounds{South: math.NaN(), North: 1, West: 0, East: 1}, false},
	} {
		if got := c.bounds.Valid(); got != c.want {
			t.Errorf("%s: valid %v", name, got)
		}
	}
	if bounds.Contains(math.NaN(), 107.6) {
		t.Error("NaN lies in a box")
	}
}

func TestCheckAnswers(t *testing.T) {
	t.Parallel()
	c := &civic.Category{Questions: []civic.Question{
		{Code: "depth", Required: true},
		{Code: "danger", Choices: []civic.Choice{{Value: "no"}, {Value: "yes", Stop: &civic.Words{ID: "Hubungi 112."}}}},
	}}
	for _, example := range []struct {
		name    string
		answers []civic.Answer
		key     string
	}{
		{"all of it", []civic.Answer{{Question: "depth", Answer: "10 cm"}, {Question: "danger", Answer: "no"}}, ""},
		{"what must be", []civic.Answer{{Question: "depth", Answer: "10 cm"}}, ""},
		{"nothing", nil, "answers.missing"},
		{"an unknown question", []civic.Answer{{Question: "width", Answer: "1"}}, "answers.unknown_question"},
		{"an unknown choice", []civic.Answer{{Question: "depth", Answer: "1"}, {Question: "danger", Answer: "perhaps"}}, "answers.unknown_choice"},
		{"a choice that ends the form", []civic.Answer{{Question: "depth", Answer: "1"}, {Question: "danger", Answer: "yes"}}, "answers.stop"},
		{"an empty answer", []civic.Answer{{Question: "depth", Answer: " "}}, "text.empty"},
		{"a NUL byte", []civic.Answer{{Question: "depth", Answer: "\x00"}}, "text.control_character"},
		{"too many", make([]civic.Answer, civic.MaxAnswers+1), "answers.too_many"},
	} {
		_, err := c.CheckAnswers(example.answers)
		wantInvalid(t, example.name, err, "answers", example.key)
	}
}
