// Package locale holds the words of the pages, in Bahasa Indonesia and in English. They live in id.json and en.json under the same keys, which
// a test holds; {name} places are filled by the caller. What the API says is translated there.
package locale

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
)

// The languages of the pages; the first is what a visitor meets who has not chosen.
const (
	Indonesian = "id"
	English    = "en"
)

//go:embed id.json en.json
var files embed.FS

var words = map[string]map[string]string{Indonesian: load("id.json"), English: load("en.json")}

func load(name string) map[string]string {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic("locale: " + err.Error())
	}
	flat := map[string]string{}
	if err := json.Unmarshal(raw, &flat); err != nil {
		panic("locale: " + name + ": " + err.Error())
	}
	return flat
}

// Words are the words of one language.
type Words struct {
	// Lang is the language's code, for the html element.
	Lang string
}

// In are the words of a language; Indonesian for one that we do not speak.
func In(lang string) Words {
	if lang == English {
		return Words{English}
	}
	return Words{Indonesian}
}

// T is the sentence of key, its {name} places filled from name, value pairs. A key that is missing is shown as it is.
func (w Words) T(key string, pairs ...string) string {
	sentence, found := words[w.Lang][key]
	if !found {
		return key
	}
	if len(pairs) == 0 {
		return sentence
	}
	places := make([]string, len(pairs))
	for i, part := range pairs {
		places[i] = part
		if i%2 == 0 {
			places[i] = "{" + part + "}"
		}
	}
	return strings.NewReplacer(places...).Replace(sentence)
}

// With are all sentences whose keys begin with one of these, for modules that speak in the browser.
func (w Words) With(beginnings ...string) map[string]string {
	found := map[string]string{}
	for key, sentence := range words[w.Lang] {
		if slices.ContainsFunc(beginnings, func(beginning string) bool { return strings.HasPrefix(key, beginning) }) {
			found[key] = sentence
		}
	}
	return found
}

// Has reports whether there are words for key.
func Has(key string) bool {
	_, found := words[Indonesian][key]
	return found
}
