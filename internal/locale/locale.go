// Package locale holds every sentence that people read, in Bahasa Indonesia and in English, and which of the two a request
// asked for. Sentences live in id.json and en.json under the same keys; {name} places are filled by the caller. The files
// are part of the program and checked by a test; nothing here changes after the start.
package locale

import (
	"context"
	"embed"
	"encoding/json"
	"strconv"
	"strings"
)

// The languages of the city.
const (
	Indonesian = "id"
	English    = "en"
)

//go:embed id.json en.json
var files embed.FS

var sentences = map[string]map[string]string{
	Indonesian: load("id.json"),
	English:    load("en.json"),
}

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

// Text is the sentence of key in lang, its {name} places filled from args; an argument that depends on the language is called name.id and
// name.en. A sentence that lang does not have is said in Indonesian; a key that nobody has is returned as it is.
func Text(lang, key string, args map[string]string) string {
	sentence, found := sentences[lang][key]
	if !found {
		sentence, found = sentences[Indonesian][key]
	}
	if !found {
		return key
	}
	if len(args) == 0 || !strings.Contains(sentence, "{") {
		return sentence
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+strings.TrimSuffix(name, "."+lang)+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Has reports whether there is a sentence for key.
func Has(key string) bool {
	_, found := sentences[Indonesian][key]
	return found
}

type contextKey struct{}

// With returns a context whose request asked for lang.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, contextKey{}, lang)
}

// From is the language that the request asked for, Indonesian if it did not.
func From(ctx context.Context) string {
	if lang, ok := ctx.Value(contextKey{}).(string); ok {
		return lang
	}
	return Indonesian
}

// Accepted picks the language of an Accept-Language header (RFC 9110, 12.5.4): the better rated of the two, Indonesian on a
// draw, without a header and for languages we do not speak.
func Accepted(header string) string {
	best, rating := Indonesian, 0.0
	for header != "" {
		var entry string
		entry, header, _ = strings.Cut(header, ",")
		tag, parameter, _ := strings.Cut(entry, ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		lang := ""
		switch primary {
		case "id", "in", "*": // "in" is what old Java devices still call Indonesian
			lang = Indonesian
		case "en":
			lang = English
		default:
			continue
		}
		if q := quality(parameter); q > rating || q == rating && q > 0 && lang == Indonesian {
			best, rating = lang, q
		}
	}
	return best
}

// quality reads ";q=0.8"; 1 without one, 0 when it is malformed.
func quality(parameter string) float64 {
	value, found := strings.CutPrefix(strings.TrimSpace(parameter), "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
