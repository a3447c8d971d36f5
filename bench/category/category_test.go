package category_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/jagawarga/jagawarga/bench/category"
	"github.com/jagawarga/jagawarga/internal/figures"
)

// The model beats the keywords wherever there is something to go by, and by how much is held.
func TestTheModelBeatsTheKeywords(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../importer/testdata/sf311.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	measured, err := category.Measure(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	category.Write(&table, measured)
	figures.Tell(t, "%s", table.String())
	least := []struct{ first, over float64 }{ // of all texts, and more than by keywords
		{0.93, 0.45}, {0.42, 0.02}, {0.65, 0.2}, {0.58, 0.05}, {0.58, 0.05}, {0.6, 0.05},
	}
	if len(measured) != len(least) {
		t.Fatalf("%d figures, want %d", len(measured), len(least))
	}
	for n, f := range measured {
		if f.First < least[n].first || f.First < f.Keywords+least[n].over || f.Three < f.First {
			t.Errorf("%s: %.3f (among three %.3f), by keywords %.3f", f.Texts, f.First, f.Three, f.Keywords)
		}
	}
}
