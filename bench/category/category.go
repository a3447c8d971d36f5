package category

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

// Figure is how often the right category was among those suggested for texts that the model had not seen, and how often the table of
// keywords found it.
type Figure struct {
	Texts            string
	Learned, Tried   int
	First, Three     float64 // the model's
	Keywords         float64
	Training, PerOne time.Duration
}

// fifth is the part that is held out: every fifth text.
const fifth = 5

// Measure reads a file of the format sf311 and measures all there is.
func Measure(ctx context.Context, file io.Reader) ([]Figure, error) {
	city, err := demoCity()
	if err != nil {
		return nil, err
	}
	reports, err := importSF311(ctx, city, file)
	if err != nil {
		return nil, err
	}
	indonesian, err := sentences(city)
	if err != nil {
		return nil, err
	}
	var figures []Figure
	for _, set := range []struct {
		name        string
		learn, test []suggest.Example
	}{
		{"imported reports, a fifth held out", kept(reports.whole), held(reports.whole)},
		{"the same without their labels", kept(reports.blind), held(reports.blind)},
		{"officers' notes alone, a fifth held out", kept(reports.remarks), held(reports.remarks)},
		{"Indonesian sentences, first day", nil, indonesian},
		{"Indonesian sentences, after the imported reports", reports.whole, indonesian},
		{"Indonesian sentences, after the reports and four fifths of them", append(kept(indonesian), reports.whole...), held(indonesian)},
	} {
		figure, err := measure(ctx, city, set.learn, set.test)
		if err != nil {
			return nil, err
		}
		figure.Texts = set.name
		figures = append(figures, figure)
	}
	return figures, nil
}

func measure(ctx context.Context, city *civic.City, learn, test []suggest.Example) (Figure, error) {
	f := Figure{Tried: len(test)}
	model, err := suggest.New(city.Categories)
	if err != nil {
		return f, err
	}
	start := time.Now()
	if f.Learned, err = model.Train(ctx, each(learn)); err != nil {
		return f, err
	}
	f.Training = time.Since(start)
	var first, three, keywords int
	for _, one := range test {
		start := time.Now()
		suggested := model.Suggest(one.Text, 3)
		f.PerOne += time.Since(start)
		for place, s := range suggested {
			if s.Category == one.Category {
				three++
				if place == 0 {
					first++
				}
			}
		}
		if city.CategoryFor(one.Text).ID == one.Category {
			keywords++
		}
	}
	of := float64(len(test))
	f.First, f.Three, f.Keywords, f.PerOne = float64(first)/of, float64(three)/of, float64(keywords)/of, f.PerOne/time.Duration(len(test))
	return f, nil
}

func each(examples []suggest.Example) iter.Seq2[suggest.Example, error] {
	return func(yield func(suggest.Example, error) bool) {
		for _, e := range examples {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func kept(all []suggest.Example) []suggest.Example { return split(all, false) }
func held(all []suggest.Example) []suggest.Example { return split(all, true) }

func split(all []suggest.Example, last bool) (part []suggest.Example) {
	for n, e := range all {
		if (n%fifth == fifth-1) == last {
			part = append(part, e)
		}
	}
	return part
}

// Write prints figures as a Markdown table.
func Write(w io.Writer, figures []Figure) {
	fmt.Fprintln(w, "| texts | learned from | tried | keywords | model, first | model, among three | training s | µs a text |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, f := range figures {
		fmt.Fprintf(w, "| %s | %d | %d | %.3f | %.3f | %.3f | %.2f | %.0f |\n", f.Texts, f.Learned, f.Tried, f.Keywords, f.First, f.Three,
			f.Training.Seconds(), float64(f.PerOne)/float64(time.Microsecond))
	}
}
