package category

import (
	"bufio"
	"context"
	_ "embed" // indonesian.tsv
	"fmt"
	"io"
	"strings"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/importer"
	"github.com/jagawarga/jagawarga/internal/suggest"
)

//go:embed indonesian.tsv
var indonesian string

// imported are a file's reports in three forms. The importer derives the category from the very labels that it writes into the text, so
// a text as it stands names its category; what the file holds of people's own words is in the officers' notes.
type imported struct {
	whole   []suggest.Example // title and body as they are shown
	blind   []suggest.Example // without the labels: address, way it came, number
	remarks []suggest.Example // the officers' notes alone, each wording once
}

// The labels, and those lines of the body that repeat them in other words.
var telling = []string{"Category: ", "Type: ", "Detail: ", "Agency: "}

// shortestRemark leaves out notes that only say that it is done.
const shortestRemark = 40

func importSF311(ctx context.Context, city *civic.City, file io.Reader) (imported, error) {
	var out imported
	desk := casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return city }})
	task, err := importer.New(importer.Config{Format: "sf311"}, city, desk, taker{&out, map[string]bool{}})
	if err != nil {
		return out, err
	}
	_, err = task.Run(ctx, file)
	return out, err
}

// taker takes reports in as examples.
type taker struct {
	out  *imported
	seen map[string]bool
}

func (t taker) TakeIn(_ context.Context, arrivals []civic.Arrival) ([]bool, error) {
	for _, a := range arrivals {
		r := a.Report
		t.out.whole = append(t.out.whole, suggest.Example{Text: r.Title + "\n" + r.Body, Category: r.Category})
		// The title is made of the labels too, up to the address, which the body repeats.
		var lines []string
		for line := range strings.Lines(r.Body) {
			if !begins(line, telling) {
				lines = append(lines, line)
			}
		}
		t.out.blind = append(t.out.blind, suggest.Example{Text: strings.Join(lines, ""), Category: r.Category})
		for _, step := range a.Timeline {
			note := strings.ToLower(strings.Join(strings.Fields(step.Entry.Message), " "))
			if len(note) >= shortestRemark && !t.seen[note] {
				t.seen[note] = true
				t.out.remarks = append(t.out.remarks, suggest.Example{Text: step.Entry.Message, Category: r.Category})
			}
		}
	}
	return make([]bool, len(arrivals)), nil
}

func begins(line string, with []string) bool {
	for _, prefix := range with {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// sentences are what Indonesian citizens might write, three or so for each category of the demonstration city.
func sentences(city *civic.City) ([]suggest.Example, error) {
	codes := map[string]civic.CategoryID{}
	for _, c := range city.Categories {
		codes[c.Code] = c.ID
	}
	var all []suggest.Example
	for lines := bufio.NewScanner(strings.NewReader(indonesian)); lines.Scan(); {
		code, text, found := strings.Cut(lines.Text(), "\t")
		id, known := codes[code]
		if !found || !known {
			return nil, fmt.Errorf("indonesian.tsv: %q is no category and text", lines.Text())
		}
		all = append(all, suggest.Example{Text: text, Category: id})
	}
	return all, nil
}
