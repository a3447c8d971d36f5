package casework

import (
	"github.com/jagawarga/jagawarga/civic"
)

// Guesser tells what a text is about, and learns from people. It answers at once, from memory, and keeps nothing of a text that it is
// asked about, so that an anonymous report may be asked about, too. What it is told to learn from, everybody may read.
type Guesser interface {
	// Guess is the category of a text, if it is sure enough to route a report by it.
	Guess(text string) (category civic.CategoryID, sure bool)
	// Filed tells of a public report under the category that somebody chose for it.
	Filed(text string, category civic.CategoryID)
	// Corrected tells that an officer moved a public report from one category to another.
	Corrected(text string, from, to civic.CategoryID)
}

// categoryOf is the category that a draft names; without one, what its words are guessed to be about as long as no question of that
// category stays open, or else what its keywords say; nil if the city does not know it.
func (d *Desk) categoryOf(city *civic.City, draft Draft) *civic.Category {
	if draft.Category != nil {
		return city.ActiveCategory(*draft.Category)
	}
	text := wordsOf(draft.Title, draft.Body)
	if id, sure := d.ports.Guesser.Guess(text); sure {
		if guess := city.ActiveCategory(id); guess != nil {
			if _, err := guess.CheckAnswers(draft.Answers); err == nil {
				return guess
			}
		}
	}
	return city.CategoryFor(text)
}

// filed lets the guesser learn from a report that was accepted. What it chose itself teaches it nothing.
func (d *Desk) filed(draft Draft, s *civic.Submission) {
	if draft.Category != nil && s.Visibility == civic.Public {
		d.ports.Guesser.Filed(wordsOf(s.Title, s.Body), s.Category)
	}
}

// corrected lets the guesser learn from a report that has another category than before.
func (d *Desk) corrected(r *civic.Report, from civic.CategoryID) {
	if r.Visibility == civic.Public && !r.Hidden {
		d.ports.Guesser.Corrected(wordsOf(r.Title, r.Body), from, r.Category)
	}
}

func wordsOf(title, body string) string { return title + " " + body }

// clueless guesses nothing.
type clueless struct{}

func (clueless) Guess(string) (category civic.CategoryID, sure bool) { return category, false }
func (clueless) Filed(string, civic.CategoryID)                      {}
func (clueless) Corrected(_ string, _, _ civic.CategoryID)           {}
