package importer

import (
	"bytes"
	_ "embed" // sf311_categories.csv
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

//go:embed sf311_categories.csv
var sf311Categories []byte

// categoryTable finds our category for what an older system called a problem.
type categoryTable struct {
	rules    []categoryRule
	fallback civic.CategoryID
}

type categoryRule struct {
	patterns []string // one for each of the older system's words
	category civic.CategoryID
}

// newCategoryTable reads a table. A category that this city does not have counts as its fallback, which every city must have.
func newCategoryTable(table []byte, city *civic.City) (*categoryTable, error) {
	codes := map[string]civic.CategoryID{}
	for _, category := range city.Categories {
		codes[category.Code] = category.ID
	}
	fallback, found := codes[civic.FallbackCategory]
	if !found {
		return nil, fmt.Errorf("the city has no category %q: set up its categories first", civic.FallbackCategory)
	}
	reader := csv.NewReader(bytes.NewReader(table))
	reader.Comment = '#'
	lines, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("table of categories: %w", err)
	}
	t := &categoryTable{fallback: fallback}
	for _, line := range lines {
		last := len(line) - 1
		category, found := codes[line[last]]
		if !found {
			category = fallback
		}
		t.rules = append(t.rules, categoryRule{patterns: line[:last], category: category})
	}
	return t, nil
}

// find returns the category of the first rule that fits the words.
func (t *categoryTable) find(words ...string) civic.CategoryID {
	for _, rule := range t.rules {
		if rule.fits(words) {
			return rule.category
		}
	}
	return t.fallback
}

func (r categoryRule) fits(words []string) bool {
	for i, pattern := range r.patterns {
		if !fits(pattern, words[i]) {
			return false
		}
	}
	return true
}

// fits compares without regard to case; a * at the end of the pattern stands for anything.
func fits(pattern, word string) bool {
	prefix, open := strings.CutSuffix(strings.ToLower(pattern), "*")
	word = strings.ToLower(word)
	return word == prefix || open && strings.HasPrefix(word, prefix)
}
