package civic_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
)

func TestMetres(t *testing.T) {
	t.Parallel()
	a := civic.Place{Latitude: -6.9, Longitude: 107.6}
	for _, c := range []struct {
		to   civic.Place
		want float64
	}{
		{a, 0}, {civic.Place{Latitude: -6.899, Longitude: 107.6}, 111.2}, {civic.Place{Latitude: -6.9, Longitude: 107.601}, 110.4},
	} {
		if got := a.Metres(c.to); math.Abs(got-c.want) > 0.5 {
			t.Errorf("to %v: %.1f m, want %.1f", c.to, got, c.want)
		}
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	here := civic.Place{Latitude: -6.9, Longitude: 107.6}
	near := func(name, title string, metres float64, category int) *civic.Report {
		return &civic.Report{
			ID: civic.ReportID{UUID: civic.NamedUUID(name)}, Number: name, Title: title, Category: city.Categories[category].ID,
			Place: &civic.Place{Latitude: here.Latitude + metres/111_195, Longitude: here.Longitude},
		}
	}
	own := near("own", "Lubang besar di depan pasar", 0, 0)
	found := []*civic.Report{
		own, near("far", "Lubang besar di depan pasar", 230, 0), near("other words", "Kabel menjuntai rendah", 120, 0),
		near("beside", "Kabel menjuntai rendah", 20, 0), near("same", "Lubang besar dekat pasar", 60, 0),
		near("related", "Lubang besar dekat pasar", 60, 1), {ID: civic.ReportID{UUID: civic.NamedUUID("nowhere")}, Title: "Lubang besar"},
	}
	like, known := city.Like(own)
	if !known {
		t.Fatal("a report with a place is like nothing")
	}
	var names []string
	for _, r := range like.Best(found) {
		names = append(names, r.Number)
	}
	if got := strings.Join(names, ", "); got != "same, related, beside" {
		t.Errorf("%s", got)
	}
	many := make([]*civic.Report, 20)
	for i := range many {
		many[i] = near(strings.Repeat("x", i+1), "Lubang besar", float64(10*i), 0)
	}
	best := like.Best(many)
	if len(best) != civic.MostLike || !slices.IsSortedFunc(best, func(a, b *civic.Report) int { return len(a.Number) - len(b.Number) }) {
		t.Errorf("%d are told", len(best))
	}
	if _, known := city.Like(&civic.Report{}); known {
		t.Error("a report without a place is like others")
	}
}

func TestRelated(t *testing.T) {
	t.Parallel()
	parent, child, sibling, stranger := category("jalan", roads), category("lubang", roads), category("retak", roads), category("air", drains)
	child.Parent, sibling.Parent = &parent.ID, &parent.ID
	city, err := civic.NewCity(bounds, office(t, 1), []*civic.Department{mayor, secretariat, works, roads, drains},
		[]*civic.Category{parent, child, sibling, stranger}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for of, want := range map[*civic.Category]int{child: 3, parent: 3, stranger: 1} {
		if got := city.Related(of.ID); len(got) != want {
			t.Errorf("%s has %d related", of.Code, len(got))
		}
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for body, fine := range map[string]bool{
		"Laporan {number} sudah kami terima.": true, "tanpa isian": true, "{number}{title}{category}{department}{officer}{status}": true,
		"{nomor}": false, "{number": false, "{}": false, "{ number }": false, "}{number}": true,
	} {
		err := civic.CheckTemplate("body", body)
		var known *civic.Error
		if fine != (err == nil) || !fine && (!errors.As(err, &known) || known.Field != "body" || len(known.Allowed) != len(civic.Placeholders)) {
			t.Errorf("%q: %v", body, err)
		}
	}
	got := civic.Render("{title} ({number}): {status}{officer}", map[string]string{"title": "{number} {officer}", "number": "JW-1", "status": "selesai"})
	if got != "{number} {officer} (JW-1): selesai" {
		t.Errorf("%s", got)
	}
	resolved, rejected := civic.Resolved, civic.Rejected
	of, other := category("a", roads).ID, category("b", roads).ID
	template := civic.Template{Status: &resolved, Category: &of}
	if !template.Fits(nil, nil) || !template.Fits(&resolved, &of) || template.Fits(&rejected, nil) || template.Fits(nil, &other) ||
		!(&civic.Template{}).Fits(&rejected, &other) {
		t.Error("a template fits where it should not, or does not where it should")
	}
}
