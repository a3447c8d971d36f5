package casework_test

import (
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// guesser guesses always the same, and counts what it is told.
type guesser struct {
	category civic.CategoryID
	sure     bool
	told     map[civic.CategoryID]int
}

func (g *guesser) Guess(string) (civic.CategoryID, bool) { return g.category, g.sure }

func (g *guesser) Filed(_ string, category civic.CategoryID) { g.told[category]++ }

func (g *guesser) Corrected(_ string, _, to civic.CategoryID) { g.told[to]++ }

// A guess counts where it is sure, of this city, and asks nothing that stayed open; it is told of choices alone.
func TestGuessedCategories(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	asking, open := demo.CategoryID("taman"), demo.CategoryID("banjir")
	c.City.Category(asking).Questions = []civic.Question{{Code: "where", Required: true}}
	budi := coretest.Citizen("budi")
	for _, one := range []struct {
		name    string
		guess   guesser
		answers []civic.Answer
		want    string
	}{
		{"sure", guesser{category: open, sure: true}, nil, "banjir"},
		{"not sure", guesser{category: open}, nil, "jalan-rusak"},
		{"of another city", guesser{category: civic.CategoryID{UUID: civic.NamedUUID("none")}, sure: true}, nil, "jalan-rusak"},
		{"a question stays open", guesser{category: asking, sure: true}, nil, "jalan-rusak"},
		{"the question is answered", guesser{category: asking, sure: true}, []civic.Answer{{Question: "where", Answer: "here"}}, "taman"},
	} {
		g := &one.guess
		g.told = map[civic.CategoryID]int{}
		desk := casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return c.City }, Intake: &accepted{}, Guesser: g})
		draft := casework.Draft{Title: "Lubang", Body: "Ada lubang", Visibility: civic.Public, Answers: one.answers}
		s, _, _, err := desk.Submit(t.Context(), budi, draft)
		if err != nil || s.Category != demo.CategoryID(one.want) || s.Department != c.City.Category(s.Category).Department {
			t.Errorf("%s: %+v, %v; want %s", one.name, s, err, one.want)
		}
		anonymous, err := desk.PrepareAnonymous(draft)
		if err != nil || anonymous.Category != s.Category {
			t.Errorf("%s, anonymously: %v, %v", one.name, anonymous, err)
		}
		if len(g.told) > 0 {
			t.Errorf("%s: it was told of its own guess, or of an anonymous report", one.name)
		}
		draft.Category, draft.Answers = new(demo.CategoryID("sampah")), nil
		for _, draft.Visibility = range []civic.Visibility{civic.Private, civic.Public} {
			if s, _, _, err = desk.Submit(t.Context(), budi, draft); err != nil || s.Category != *draft.Category {
				t.Errorf("%s: what was chosen became %s, %v", one.name, s.Category, err)
			}
		}
		if _, err := desk.PrepareAnonymous(draft); err != nil || len(g.told) != 1 || g.told[*draft.Category] != 1 {
			t.Errorf("%s: it was told %v, %v; want of one public report", one.name, g.told, err)
		}
	}
}
