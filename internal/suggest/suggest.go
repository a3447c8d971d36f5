// Package suggest proposes categories for what somebody wrote, in Indonesian and English. It learns from reports that have a category
// already and from officers' corrections; on the first day, when there are none, it knows the names and keywords of the categories.
//
// The model is a linear one (multinomial logistic regression) over the words of a text, pairs of neighbouring words, and stretches of
// letters, so that "berlubang" is near to "lubang". Each of these is known by a hash alone: the model holds weights and no text, and no
// list of words could be read out of it. What it learned from may still be guessed at by who can ask it without end, so it should learn
// from public reports alone.
//
// A Model takes 4 bytes for each hash and category: 10 MB for 40 categories, whatever it has read. It lives in memory and is meant to be
// trained anew at every start, in the background, from the newest 200,000 or so public reports, which takes some 20 s and one row of
// memory; it can be asked all the while. It is safe for use by many goroutines. An Advisor does all this for a server.
package suggest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/jagawarga/jagawarga/civic"
)

// Example is a text whose category is known.
type Example struct {
	Text     string
	Category civic.CategoryID
}

// Scored is a category with how likely it is, 0 to 1.
type Scored struct {
	Category civic.CategoryID
	Score    float64
}

// Model is one city's. Categories that are added or renamed take a new one.
type Model struct {
	categories []civic.CategoryID
	places     map[civic.CategoryID]int
	beginnings []lesson // what is known without any report

	mu      sync.RWMutex
	weights []float32 // by hash, then by category
	pace    []float32 // by hash: the sum of squares of what it was moved by; it slows further moves down
}

// lesson is an example as the model sees it.
type lesson struct {
	features []feature
	place    int
}

const (
	// rate is how far one example moves the weights at first.
	rate = 1.0
	// again is after how many examples the beginnings are repeated, so that what is rare is not forgotten over what is frequent.
	again = 2000
	// passes over the beginnings at first.
	passes = 20
)

// New makes a model that knows the names and keywords of the categories.
func New(categories []*civic.Category) (*Model, error) {
	if len(categories) == 0 {
		return nil, errors.New("suggest: no categories")
	}
	m := &Model{
		places:  map[civic.CategoryID]int{},
		weights: make([]float32, buckets*len(categories)), pace: make([]float32, buckets),
	}
	for place, category := range categories {
		if _, twice := m.places[category.ID]; twice {
			return nil, fmt.Errorf("suggest: category %s is there twice", category.Code)
		}
		m.categories = append(m.categories, category.ID)
		m.places[category.ID] = place
		for _, text := range append([]string{category.Name.ID, category.Name.EN}, category.Keywords...) {
			if features := featuresOf(text, nil); len(features) > 0 && category.Code != civic.FallbackCategory {
				m.beginnings = append(m.beginnings, lesson{features: features, place: place})
			}
		}
	}
	for range passes {
		m.begin()
	}
	return m, nil
}

func (m *Model) begin() {
	scores := make([]float32, len(m.categories))
	for _, l := range m.beginnings {
		m.move(l.features, l.place, scores)
	}
}

// Train learns from examples, the oldest first, in one pass. It reads one at a time and keeps none; a category that the model does not
// know is passed over. Suggest can be called meanwhile. What was learned until an error or the end of ctx stays.
func (m *Model) Train(ctx context.Context, examples iter.Seq2[Example, error]) (learned int, err error) {
	var features []feature
	scores := make([]float32, len(m.categories))
	for example, err := range examples {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return learned, fmt.Errorf("train: %w", err)
		}
		place, known := m.places[example.Category]
		if !known {
			continue
		}
		features = featuresOf(example.Text, features[:0])
		m.mu.Lock()
		m.move(features, place, scores)
		if learned++; learned%again == 0 {
			m.begin()
		}
		m.mu.Unlock()
	}
	return learned, nil
}

// corrections is how often a correction counts: it was made by a person who knew better.
const corrections = 5

// Learn takes an officer's correction: text was filed under from and belongs to to.
func (m *Model) Learn(text string, from, to civic.CategoryID) {
	place, known := m.places[to]
	if !known || from == to {
		return
	}
	features := featuresOf(text, nil)
	scores := make([]float32, len(m.categories))
	m.mu.Lock()
	defer m.mu.Unlock()
	for range corrections {
		m.move(features, place, scores)
	}
}

// move makes a category more likely for such a text, by as much as it was not.
func (m *Model) move(features []feature, place int, scores []float32) {
	m.score(features, scores)
	var square float32
	for c := range scores {
		if c == place {
			scores[c]--
		}
		square += scores[c] * scores[c]
	}
	if square < 1e-6 {
		return
	}
	for _, f := range features {
		m.pace[f.bucket] += square * f.weight * f.weight
		step := rate * f.weight / float32(math.Sqrt(float64(m.pace[f.bucket])+1e-2))
		row := m.row(f.bucket)
		for c, slope := range scores {
			row[c] -= step * slope
		}
	}
}

func (m *Model) row(bucket uint32) []float32 {
	n := len(m.categories)
	return m.weights[int(bucket)*n : (int(bucket)+1)*n]
}

// score puts into scores how likely each category is.
func (m *Model) score(features []feature, scores []float32) {
	clear(scores)
	for _, f := range features {
		for c, w := range m.row(f.bucket) {
			scores[c] += f.weight * w
		}
	}
	top := slices.Max(scores)
	var sum float32
	for c, s := range scores {
		scores[c] = float32(math.Exp(float64(s - top)))
		sum += scores[c]
	}
	for c := range scores {
		scores[c] /= sum
	}
}

// Suggest returns the n likeliest categories, the likeliest first; none for a text without a word.
func (m *Model) Suggest(text string, n int) []Scored {
	var room [256]feature
	features := featuresOf(text, room[:0])
	if len(features) == 0 || n <= 0 {
		return nil
	}
	scores := make([]float32, len(m.categories))
	m.mu.RLock()
	m.score(features, scores)
	m.mu.RUnlock()
	all := make([]Scored, len(scores))
	for place, score := range scores {
		all[place] = Scored{Category: m.categories[place], Score: float64(score)}
	}
	slices.SortStableFunc(all, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(n, len(all))]
}
