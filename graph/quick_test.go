package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/internal/locale"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// plainFields are those that a plan can write, by type; those with a type behind them have a selection of their own.
var plainFields = map[string]map[string]string{
	"Report": {
		"id": "", "number": "", "title": "", "body": "", "visibility": "", "status": "", "priority": "", "createdAt": "", "updatedAt": "",
		"resolvedAt": "", "upvoteCount": "", "category": "Category", "department": "Department", "location": "Location", "media": "Media", "__typename": "",
	},
	"Category": {
		"id": "", "code": "", "name": "", "responseHours": "", "resolutionHours": "", "proofRequired": "", "publicOnMap": "",
		"sensitive": "", "department": "Department", "parent": "Category", "__typename": "",
	},
	"Department": {"id": "", "code": "", "name": "", "level": "", "parent": "Department", "__typename": ""},
	"Location":   {"latitude": "", "longitude": "", "address": "", "district": "District"},
	"District":   {"id": "", "name": ""},
	"Media": {
		"id": "", "kind": "", "contentType": "", "width": "", "height": "", "byteSize": "", "url": "", "thumbnailUrl": "", "__typename": "",
	},
	"ReportConnection": {"nodes": "Report", "edges": "ReportEdge", "pageInfo": "PageInfo"},
	"ReportEdge":       {"cursor": "", "node": "Report"},
	"PageInfo":         {"hasNextPage": "", "hasPreviousPage": "", "startCursor": "", "endCursor": ""},
}

// selection draws a selection on a type, at most so many levels deep, with aliases and fragments here and there.
func selection(t *rapid.T, typeName string, depth int) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(plainFields[typeName])) {
		if plainFields[typeName][name] == "" || depth > 0 {
			names = append(names, name)
		}
	}
	var fields []string
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 5, rapid.ID).Draw(t, typeName) {
		field := name
		if inner := plainFields[typeName][name]; inner != "" {
			field += " " + selection(t, inner, depth-1)
		}
		switch rapid.IntRange(0, 5).Draw(t, "how") {
		case 0:
			field = "a_" + strings.Trim(name, "_") + ": " + field
		case 1:
			field = "... on " + typeName + " { " + field + " }"
		}
		fields = append(fields, field)
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// A plan and gqlgen give the same bytes for whatever can be planned.
func TestPlansSayWhatGqlgenSays(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	var numbers []string
	for _, title := range []string{"Banjir \"besar\" \\ di\n\tpasar", "é 🚧 \u2028 \u007f <b>&amp;</b>", strings.Repeat("panjang ", 15)} {
		report := c.File(coretest.By(coretest.Citizen("nurul")), onePicture(t), func(s *civic.Submission) {
			s.Title = strings.TrimSpace(title)
			s.Place, _ = c.City.CheckPlace("location", civic.Place{Latitude: -6.9000001, Longitude: 107.6, Address: "Jl. \"Dago\""})
		})
		numbers = append(numbers, c.Report(report.ID).Number)
	}
	numbers = append(numbers, c.Report(c.File(coretest.By(coretest.Citizen("nurul"))).ID).Number)
	deps := graph.Deps{City: func() *civic.City { return c.City }, Reader: c.Store(roles.Server), Links: links}
	usual, quick := newExecutor(t, graph.New(deps)), newExecutor(t, graph.New(deps))
	quick.Use(graph.NewQuick(deps))
	rapid.Check(t, func(rt *rapid.T) {
		document := "{ all: publicReports(first: 3, order: OLDEST) " + selection(rt, "ReportConnection", 4) + " }"
		if rapid.Bool().Draw(rt, "one") {
			document = `{ report(number: "` + rapid.SampledFrom(numbers).Draw(rt, "number") + `") ` + selection(rt, "Report", 4) + " }"
		}
		language := rapid.SampledFrom([]string{"id", "en"}).Draw(rt, "language")
		want, _ := raw(t, usual, document, language)
		got, planned := raw(t, quick, document, language)
		if got != want {
			rt.Fatalf("%s\n quick: %s\nusual: %s", document, got, want)
		}
		if !planned {
			rt.Fatalf("%s has no plan", document)
		}
	})
	for _, document := range []string{
		`{ publicReports { nodes { id upvotedByMe } } }`,
		`{ publicReports { nodes { id dueAt } } }`,
		`{ publicReports(filter: {escalated: true}) { nodes { id } } }`,
		`{ publicReports { nodes { id @skip(if: true) number } } }`,
		`{ publicReports { nodes { id id } } }`,
		`{ publicReports { nodes { id } } categories { id } }`,
		`{ report(number: "JW-0000-0000") { id } }`,
		`{ publicReports(first: 0) { nodes { id } } }`,
		`{ publicReports(after: "nonsense") { nodes { id } } }`,
	} {
		want, _ := raw(t, usual, document, "id")
		if got, _ := raw(t, quick, document, "id"); got != want {
			t.Errorf("%s\n quick: %s\nusual: %s", document, got, want)
		}
	}
}

// raw is the answer as bytes, errors included, and whether there was a plan.
func raw(t *testing.T, exec *executor.Executor, document, language string) (answer string, planned bool) {
	t.Helper()
	ctx := graphql.StartOperationTrace(locale.With(auth.With(t.Context(), civic.Principal{}), language))
	operation, faults := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document})
	if faults != nil {
		t.Fatalf("%s: %v", document, faults)
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	return string(response.Data) + response.Errors.Error(), operation.Stats.GetExtension("Quick") != nil
}
