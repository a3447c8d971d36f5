package suggest_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

var (
	road   = category("jalan-rusak", "Jalan rusak", "Damaged road", "berlubang", "lubang", "aspal")
	flood  = category("banjir", "Banjir dan genangan", "Flooding", "banjir", "genangan")
	refuse = category("sampah", "Sampah menumpuk", "Piled-up rubbish", "sampah", "tps")
	other  = category(civic.FallbackCategory, "Lainnya", "Other")
	all    = []*civic.Category{road, flood, refuse, other}
)

func category(code, id, en string, keywords ...string) *civic.Category {
	return &civic.Category{
		ID: civic.CategoryID{UUID: civic.NamedUUID("category:" + code)}, Code: code, Name: civic.Words{ID: id, EN: en}, Keywords: keywords,
	}
}

func newModel(t testing.TB) *suggest.Model {
	t.Helper()
	m, err := suggest.New(all)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// first is the code of the likeliest category.
func first(m *suggest.Model, text string) string {
	for _, s := range m.Suggest(text, 1) {
		for _, c := range all {
			if c.ID == s.Category {
				return c.Code
			}
		}
	}
	return ""
}

func examples(n int, err error, of ...suggest.Example) iter.Seq2[suggest.Example, error] {
	return func(yield func(suggest.Example, error) bool) {
		for i := range n {
			if !yield(of[i%len(of)], nil) {
				return
			}
		}
		if err != nil {
			yield(suggest.Example{}, err)
		}
	}
}

func TestTheFirstDayKnowsNamesAndKeywords(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	for text, want := range map[string]string{
		"ADA LUBANG BESAR di jalan": "jalan-rusak", "jalanan berlubang-lubang": "jalan-rusak", // which no keyword is
		"rumah kami kebanjiran": "banjir", "the street is flooded": "banjir", "tumpukan sampahnya": "sampah",
	} {
		if got := first(m, text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestSuggestionsAreRankedAndAddUp(t *testing.T) {
	t.Parallel()
	got := newModel(t).Suggest("aspal tergenang banjir", 10)
	sum := 0.0
	for n, s := range got {
		if sum += s.Score; n > 0 && s.Score > got[n-1].Score {
			t.Errorf("%+v: not the likeliest first", got)
		}
	}
	if len(got) != len(all) || sum < 0.999 || sum > 1.001 {
		t.Errorf("%d suggestions, %f in all; want %d and 1", len(got), sum, len(all))
	}
	for _, text := range []string{"", " \t", "123 456", "!?"} {
		if got := newModel(t).Suggest(text, 3); got != nil {
			t.Errorf("%q: %+v, want nothing", text, got)
		}
	}
}

func TestTrainingTeachesNewWordsAndKeepsTheOld(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	unknown := suggest.Example{Text: "belongs to a category that went", Category: civic.CategoryID{UUID: civic.NamedUUID("gone")}}
	learned, err := m.Train(t.Context(), examples(9000, nil,
		suggest.Example{Text: "catch basin odor near 5th street", Category: flood.ID},
		suggest.Example{Text: "please call me back about taxes", Category: other.ID}, unknown))
	if err != nil || learned != 6000 {
		t.Fatalf("learned %d, %v; want 6000", learned, err)
	}
	for text, want := range map[string]string{
		"odor from a catch basin": "banjir", "a question about taxes": civic.FallbackCategory, "aspal berlubang": "jalan-rusak", "sampah": "sampah",
	} {
		if got := first(m, text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestTrainingEndsWithItsSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection lost")
	m := newModel(t)
	one := suggest.Example{Text: "manhole cover", Category: road.ID}
	if learned, err := m.Train(t.Context(), examples(50, broken, one)); !errors.Is(err, broken) || learned != 50 {
		t.Errorf("learned %d, %v; want 50 and the source's error", learned, err)
	}
	if got := first(m, "manhole cover"); got != "jalan-rusak" {
		t.Errorf("what was learned before the error is lost: %s", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Train(ended, examples(50, nil, one)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the end of the context", err)
	}
}

func TestACorrectionIsLearned(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	const text = "banyak lalat di tps depan warung bakso"
	before := first(m, text)
	if before != "sampah" {
		t.Fatalf("%s, want sampah", before)
	}
	m.Learn(text, refuse.ID, refuse.ID)                                            // no correction
	m.Learn(text, refuse.ID, civic.CategoryID{UUID: civic.NamedUUID("elsewhere")}) // not of this city
	if got := first(m, text); got != before {
		t.Fatalf("%s after no correction, want %s", got, before)
	}
	m.Learn(text, refuse.ID, other.ID)
	if got := first(m, "lalat di warung bakso"); got != civic.FallbackCategory {
		t.Errorf("%s after a correction", got)
	}
	if got := first(m, "sampah menumpuk di tps"); got != "sampah" {
		t.Errorf("one correction made %s of all rubbish", got)
	}
}

func TestManyMayUseOne(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { m.Learn("pohon tumbang", road.ID, other.ID) })
		group.Go(func() {
			if _, err := m.Train(t.Context(), examples(200, nil, suggest.Example{Text: "got mampet", Category: flood.ID})); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			if len(m.Suggest("got mampet", 2)) != 2 {
				t.Error("no suggestions while others train")
			}
		})
	}
	group.Wait()
}

func TestCategoriesMustBeThereOnce(t *testing.T) {
	t.Parallel()
	if _, err := suggest.New(nil); err == nil {
		t.Error("a model without categories was made")
	}
	if _, err := suggest.New([]*civic.Category{road, road}); err == nil {
		t.Error("a model with one category twice was made")
	}
}

func FuzzSuggest(f *testing.F) {
	for _, seed := range []string{"", "jalan", "\xff\xfe", strings.Repeat("a", 5000), "ÄÖ 道路 e\u0301", strings.Repeat("kata ", 5000)} {
		f.Add(seed)
	}
	m := newModel(f)
	f.Fuzz(func(t *testing.T, text string) {
		m.Learn(text, road.ID, flood.ID)
		for _, s := range m.Suggest(text, 4) {
			if !(s.Score >= 0 && s.Score <= 1) {
				t.Errorf("%q: score %v", text, s.Score)
			}
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	var categories []*civic.Category
	for n := range 40 {
		categories = append(categories, category(strings.Repeat("k", n+1), "nama", "name", strings.Repeat("w", n+1)))
	}
	m, err := suggest.New(categories)
	if err != nil {
		b.Fatal(err)
	}
	const text = "Jalan di depan pasar berlubang dalam, motor saya hampir jatuh tadi malam. Mohon segera diperbaiki sebelum ada korban lagi."
	b.ReportAllocs()
	for b.Loop() {
		m.Suggest(text, 3)
	}
}
