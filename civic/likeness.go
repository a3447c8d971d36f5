package civic

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Likeness describes a report for which others are looked for that may be about the same thing.
type Likeness struct {
	Place      Place
	Category   *CategoryID  // nil: not known
	Categories []CategoryID // it and those related to it; nil: any
	Text       string       // may be empty
	Except     *ReportID    // the report itself
}

const (
	// LikeWithin is how far apart two reports may be and still be about the same thing, in metres.
	LikeWithin = 200
	// LikeFor is how long a closed report is still looked at.
	LikeFor = 30 * 24 * time.Hour
	// MostLike is how many are told.
	MostLike = 5

	samePlace   = 50  // metres: nearer than that, words need not agree
	enoughWords = 0.2 // of the shorter text, otherwise
)

// Like describes a report.
func (c *City) Like(r *Report) (Likeness, bool) {
	if r.Place == nil {
		return Likeness{}, false
	}
	id, category := r.ID, r.Category
	return Likeness{
		Place: *r.Place, Category: &category, Categories: c.Related(category), Text: r.Title + " " + r.Body, Except: &id,
	}, true
}

// Related lists a category with the one above it, those beside it, and those below it.
func (c *City) Related(id CategoryID) []CategoryID {
	own := c.Category(id)
	if own == nil {
		return []CategoryID{id}
	}
	var related []CategoryID
	for _, other := range c.Categories {
		up := own.Parent != nil && (other.ID == *own.Parent || other.Parent != nil && *other.Parent == *own.Parent)
		if other.ID == id || up || other.Parent != nil && *other.Parent == id {
			related = append(related, other.ID)
		}
	}
	return related
}

// Best sorts out of those found nearby what is like it, best first, at most MostLike: the nearer, the more words in common, and of the same
// category rather than a related one.
func (l Likeness) Best(found []*Report) []*Report {
	type scored struct {
		report *Report
		score  float64
	}
	words := wordsOf(l.Text)
	var like []scored
	for _, r := range found {
		if r.Place == nil || l.Except != nil && r.ID == *l.Except {
			continue
		}
		apart := l.Place.Metres(*r.Place)
		common := inCommon(words, wordsOf(r.Title+" "+r.Body))
		if apart > LikeWithin || apart > samePlace && len(words) > 0 && common < enoughWords {
			continue
		}
		score := 1 - apart/LikeWithin + 2*common
		if l.Category != nil && r.Category == *l.Category {
			score += 0.5
		}
		like = append(like, scored{r, score})
	}
	slices.SortStableFunc(like, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	best := make([]*Report, 0, MostLike)
	for _, one := range like[:min(len(like), MostLike)] {
		best = append(best, one.report)
	}
	return best
}

// shortWord leaves out what every text has: di, ke, ada, dan, the, and.
const shortWord = 4

func wordsOf(text string) map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), notInWord) {
		if utf8.RuneCountInString(word) >= shortWord {
			words[word] = true
		}
	}
	return words
}

// inCommon is the share of the smaller set that is in the other, 0 to 1.
func inCommon(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	n := 0
	for word := range a {
		if b[word] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// Metres is how far apart two places are; good within a city, where the Earth is flat.
func (p Place) Metres(q Place) float64 {
	const perDegree = 111_195
	north := (q.Latitude - p.Latitude) * perDegree
	east := (q.Longitude - p.Longitude) * perDegree * math.Cos((p.Latitude+q.Latitude)/2*math.Pi/180)
	return math.Hypot(north, east)
}
