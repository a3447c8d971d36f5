package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

const onMap = `query($b: BoundsInput!, $z: Int!, $f: ReportFilter) { m: reportsOnMap(bounds: $b, zoom: $z, filter: $f) { latitude longitude count report { id } } }`

var wholeCity = map[string]any{"south": -6.98, "west": 107.54, "north": -6.84, "east": 107.74}

func placed(latitude, longitude float64) func(*civic.Submission) {
	return func(s *civic.Submission) { s.Place = &civic.Place{Latitude: latitude, Longitude: longitude} }
}

// What would lie on top of each other is taken together, closer from nearer by; nothing is lost and nothing shown that is not public.
func TestReportsOnMap(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	lone := c.File(c.Of("jalan-rusak"), placed(-6.86, 107.56))
	for i := range 5 {
		c.File(c.Of("jalan-rusak"), placed(-6.95+float64(i)*0.0001, 107.70))
	}
	c.File(c.Of("banjir"), placed(-6.9501, 107.7001))
	c.File(coretest.Visibility(civic.Private), placed(-6.95, 107.70))
	c.File(coretest.Visibility(civic.Anonymous), placed(-6.95, 107.70))
	hidden := c.File(placed(-6.95, 107.70))
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.ID.Bytes())
	c.City.Category(demo.CategoryID("kekerasan")).PublicOnMap = false
	c.File(c.Of("kekerasan"), placed(-6.95, 107.70))
	f := newFace(t, c, plan{})

	counted := func(zoom int, filter map[string]any) (clusters, reports int, alone []string) {
		t.Helper()
		list := f.ask(t, civic.Principal{}, onMap, map[string]any{"b": wholeCity, "z": zoom, "f": filter}).fine().at("m").([]any)
		for _, item := range list {
			cluster := item.(map[string]any)
			count := int(cluster["count"].(float64))
			reports += count
			if id, single := cluster["report"].(map[string]any); single != (count == 1) {
				t.Errorf("zoom %d: a cluster of %d with the report %v", zoom, count, cluster["report"])
			} else if single {
				alone = append(alone, id["id"].(string))
			}
		}
		return len(list), reports, alone
	}
	last := 0
	for _, zoom := range []int{0, 12, 15, 18, 22} {
		clusters, reports, _ := counted(zoom, nil)
		if reports != 7 || clusters < last || clusters > 7 {
			t.Errorf("zoom %d: %d clusters of %d reports, after %d", zoom, clusters, reports, last)
		}
		last = clusters
	}
	if clusters, _, alone := counted(13, nil); clusters > 4 || !strings.Contains(strings.Join(alone, " "), lone.ID.String()) {
		t.Errorf("from afar: %d clusters, alone: %v", clusters, alone)
	}
	if last != 7 {
		t.Errorf("close by there are %d clusters", last)
	}
	if _, reports, _ := counted(13, map[string]any{"categories": []string{demo.CategoryID("banjir").String()}}); reports != 1 {
		t.Errorf("of one category: %d", reports)
	}
	if _, reports, _ := counted(13, map[string]any{"categories": []string{demo.CategoryID("kekerasan").String()}}); reports != 0 {
		t.Errorf("of a category that is kept off the map: %d", reports)
	}
	for field, variables := range map[string]map[string]any{
		"zoom":           {"b": wholeCity, "z": 23},
		"bounds":         {"b": map[string]any{"south": 1, "west": 0, "north": 0, "east": 1}, "z": 3},
		"filter.overdue": {"b": wholeCity, "z": 3, "f": map[string]any{"overdue": true}},
	} {
		if code, at := f.ask(t, civic.Principal{}, onMap, variables).refusal(); code != "INVALID_INPUT" || !strings.HasPrefix(at, field) {
			t.Errorf("%s: %s %s", field, code, at)
		}
	}
}

// However many are alone, they are loaded together.
func TestTheMapCostsTwoQueries(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	for i := range 12 {
		c.File(placed(-6.9+float64(i)*0.004, 107.6))
	}
	f := newFace(t, c, plan{})
	f.queries.take()
	f.ask(t, civic.Principal{}, onMap, map[string]any{"b": wholeCity, "z": 20}).fine()
	if sent := f.queries.take(); len(sent) != 2 {
		t.Errorf("%d queries: %v", len(sent), sent)
	}
}

// A head hears of what climbs, in the own part of the tree and nowhere else.
func TestEscalations(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	report := c.File(c.Of("jalan-rusak"))
	climbed, changed := civic.EventOf(civic.EventEscalated, report, coretest.Monday), civic.EventOf(civic.EventEdited, report, coretest.Monday)
	changed.Sequence, climbed.Sequence = 1, 2
	f := newFace(t, c, plan{feed: given{&changed, &climbed}})
	head := func(department string, role civic.Role) civic.Principal {
		p := c.Officer(department)
		p.Role = role
		return p
	}
	for want, who := range map[string]civic.Principal{
		"[ESCALATED]":     head("infrastruktur", civic.RoleDepartmentHead),
		"[]":              head("kesehatan", civic.RoleDepartmentHead),
		"FORBIDDEN":       head("jalan", civic.RoleOfficer),
		"UNAUTHENTICATED": {},
	} {
		next := f.follow(t, context.Background(), who, `subscription { e: escalations { kind } }`, nil)
		first := next()
		got, _ := first.refusal()
		if got == "" {
			kinds := []any{}
			for ; first.Data != nil; first = next() {
				kinds = append(kinds, first.at("e.kind"))
			}
			got = fmt.Sprint(kinds)
		}
		if got != want {
			t.Errorf("%s hears %s, want %s", who.Role, got, want)
		}
	}
}
