package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/graph"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// mutations are everything that a department may do to a report, each with its variables.
func mutations(c *coretest.Core) map[string]struct {
	document string
	more     map[string]any
} {
	type act = struct {
		document string
		more     map[string]any
	}
	return map[string]act{
		"changeStatus":    {`mutation($report: ID!) { changeStatus(report: $report, to: VERIFIED) { id } }`, nil},
		"addInternalNote": {`mutation($report: ID!) { addInternalNote(report: $report, body: "x") { id } }`, nil},
		"assignReport": {`mutation($report: ID!, $officer: ID!) { assignReport(report: $report, officer: $officer) { id } }`,
			map[string]any{"officer": c.Officer("jalan").Officer.String()}},
		"transferReport": {`mutation($report: ID!, $to: ID!) { transferReport(report: $report, department: $to, reason: "x") { id } }`,
			map[string]any{"to": demo.DepartmentID("kesehatan").String()}},
		"nameCause": {`mutation($report: ID!, $cause: ID) { nameCause(report: $report, cause: $cause) { id } }`,
			map[string]any{"cause": demo.CauseID("cuaca").String()}},
		"commentOnReport":  {`mutation($report: ID!) { commentOnReport(report: $report, body: "x") { id } }`, nil},
		"prioritizeReport": {`mutation($report: ID!) { prioritizeReport(report: $report, priority: HIGH) { id } }`, nil},
		"recategorizeReport": {`mutation($report: ID!, $to: ID!) { recategorizeReport(report: $report, category: $to) { id } }`,
			map[string]any{"to": demo.CategoryID("banjir").String()}},
		"hideReport":    {`mutation($report: ID!) { hideReport(report: $report, hidden: true, reason: "x") { id } }`, nil},
		"resolveReport": {`mutation($report: ID!) { resolveReport(report: $report, message: "x") { id } }`, nil},
		"splitReport": {`mutation($report: ID!, $to: ID!) { splitReport(report: $report, parts: [{title: "a", body: "a", category: $to}, {title: "b", body: "b", category: $to}]) { id } }`,
			map[string]any{"to": demo.CategoryID("banjir").String()}},
		"attachFile": {`mutation($report: ID!, $file: Upload!) { attachFile(report: $report, file: $file, name: "x") { id } }`,
			map[string]any{"file": paper("")}},
		"createTask": {`mutation($report: ID!, $to: ID!) { createTask(report: $report, department: $to, title: "x", body: "x") { id } }`,
			map[string]any{"to": demo.DepartmentID("air").String()}},
		"escalateReport": {`mutation($report: ID!) { escalateReport(report: $report, reason: "x") { id } }`, nil},
	}
}

// Whatever the schema lets a department do to a report is tried below.
func TestNoMutationIsMissingFromTheWalls(t *testing.T) {
	t.Parallel()
	tried := mutations(coretest.New(t))
	for _, field := range generated.NewExecutableSchema(generated.Config{}).Schema().Mutation.Fields {
		sign := field.Directives.ForName("department")
		if sign == nil || field.Arguments.ForName("report") == nil {
			continue
		}
		if _, there := tried[field.Name]; !there {
			t.Errorf("%s is not tried against the walls", field.Name)
		}
	}
}

// Each wall alone keeps another department out: with the other two taken away, the answer is still NOT_FOUND and nothing is changed.
// With all three away the act goes through, so the test would see a wall that stands for nothing.
func TestEachWallHoldsAlone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	stranger := c.Officer("kesehatan")
	for _, walls := range []plan{
		{},
		{noDirectives: true}, {noVerbs: true}, {noRows: true},
		{noVerbs: true, noRows: true},       // the directive alone
		{noDirectives: true, noRows: true},  // the verb alone
		{noDirectives: true, noVerbs: true}, // row-level security alone
		{noDirectives: true, noVerbs: true, noRows: true},
	} {
		walls.media = keeper(t)
		f := newFace(t, c, walls)
		open := walls.noDirectives && walls.noVerbs && walls.noRows
		for _, visibility := range []civic.Visibility{civic.Public, civic.Private, civic.Anonymous} {
			for name, act := range mutations(c) {
				if name == "commentOnReport" && walls.noVerbs && walls.noRows {
					continue // no department's directive stands before it: citizens comment, too
				}
				id := c.File(coretest.Visibility(visibility)).ID
				if name == "resolveReport" {
					c.Exec("UPDATE reports SET status = 'VERIFIED' WHERE id = $1", id.Bytes())
				}
				variables := map[string]any{"report": id.String()}
				for key, value := range act.more {
					variables[key] = value
				}
				before := c.Count("SELECT count(*) FROM audit")
				got := f.ask(t, stranger, act.document, variables)
				code, _ := got.refusal()
				changed := c.Count("SELECT count(*) FROM audit") != before
				what := fmt.Sprintf("%s on a %s report, %+v", name, visibility, walls)
				switch {
				case open && (code != "" || !changed):
					t.Errorf("%s: without any wall it is still refused: %v", what, got.Errors)
				case !open && (code != "NOT_FOUND" || changed || got.at(name) != nil):
					t.Errorf("%s: %q, changed %v", what, code, changed)
				}
			}
		}
	}
}

// A list has two walls: the directive before it and the rows behind it.
func TestADepartmentsListHasTwoWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	c.File(coretest.Visibility(civic.Private))
	stranger, own := c.Officer("kesehatan"), c.Officer("jalan")
	const list = `query($d: ID!) { departmentReports(department: $d, first: 10) { nodes { id } } }`
	variables := map[string]any{"d": demo.DepartmentID("jalan").String()}
	for _, walls := range []plan{{}, {noDirectives: true}, {noRows: true}, {noDirectives: true, noRows: true}} {
		f := newFace(t, c, walls)
		got := f.ask(t, stranger, list, variables)
		code, _ := got.refusal()
		nodes, _ := got.at("departmentReports.nodes").([]any)
		switch {
		case walls.noDirectives && walls.noRows:
			if len(nodes) != 1 {
				t.Errorf("without any wall %d are listed: the test sees nothing", len(nodes))
			}
		case walls.noDirectives:
			if code != "" || len(nodes) != 0 {
				t.Errorf("the rows alone: %q, %d listed", code, len(nodes))
			}
		case code != "NOT_FOUND" || nodes != nil:
			t.Errorf("%+v: %q, %d listed", walls, code, len(nodes))
		}
		for who, want := range map[*civic.Principal]string{new(coretest.Citizen("budi")): "FORBIDDEN", {}: "UNAUTHENTICATED"} {
			if code, _ := f.ask(t, *who, list, variables).refusal(); !walls.noDirectives && code != want {
				t.Errorf("%s: %s, want %s", who.Role, code, want)
			}
		}
		if nodes, _ := f.ask(t, own, list, variables).fine().at("departmentReports.nodes").([]any); len(nodes) != 1 {
			t.Errorf("its own department is shown %d", len(nodes))
		}
	}

}

// A single report, a comment and a note have two walls as well: the city's own rule, and the rows.
func TestOneReportHasTwoWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, budi := c.Officer("jalan"), coretest.Citizen("budi")
	private := c.File(coretest.Visibility(civic.Private))
	worker := newFace(t, c, plan{})
	note := worker.ask(t, own, `mutation($r: ID!) { addInternalNote(report: $r, body: "x") { id } }`, map[string]any{"r": private.ID.String()}).
		fine().at("addInternalNote.id")
	comment := worker.ask(t, budi, `mutation($r: ID!) { commentOnReport(report: $r, body: "x") { id } }`, map[string]any{"r": private.ID.String()}).
		fine().at("commentOnReport.id")
	const byID, byNumber, node = `query($x: ID!) { report(id: $x) { id } }`, `query($x: String!) { report(number: $x) { id } }`, `query($x: ID!) { node(id: $x) { id } }`
	for _, walls := range []plan{{}, {noRows: true}, {noDirectives: true, noVerbs: true}} {
		f := newFace(t, c, walls)
		for _, what := range []struct {
			name, document string
			x              any
			notFor         []civic.Principal
			alsoFor        []civic.Principal
		}{
			{"report by id", byID, private.ID.String(), nil, []civic.Principal{budi, own}},
			{"report by number", byNumber, private.Number, nil, []civic.Principal{budi, own}},
			{"report as a node", node, private.ID.String(), nil, []civic.Principal{budi, own}},
			{"comment as a node", node, comment, nil, []civic.Principal{budi, own}},
			{"note as a node", node, note, []civic.Principal{budi}, []civic.Principal{own}},
		} {
			for _, p := range append(what.notFor, civic.Principal{}, coretest.Citizen("siti"), c.Officer("kesehatan")) {
				got := f.ask(t, p, what.document, map[string]any{"x": what.x})
				if code, _ := got.refusal(); code != "NOT_FOUND" {
					t.Errorf("%s for %s, %+v: %q %v", what.name, p.Role, walls, code, got.Data)
				}
			}
			for _, p := range what.alsoFor {
				f.ask(t, p, what.document, map[string]any{"x": what.x}).fine()
			}
		}
	}
}

// What only the department may see of a report is refused field by field; the rest of the report is shown.
func TestFieldsForTheDepartmentAlone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	id := c.File().ID
	document := `query($id: ID!) { report(id: $id) { id title dueAt escalationLevel escalatedTo { id } hidden assignee { id } internalNotes { id } reporter { name } } }`
	for who, c := range map[*civic.Principal]struct{ errors, reporter int }{
		new(c.Officer("jalan")): {0, 1}, new(c.Officer("walikota")): {0, 1}, new(c.Officer("kesehatan")): {6, 0},
		new(coretest.Citizen("siti")): {6, 0}, new(coretest.Citizen("budi")): {6, 1}, {}: {6, 0},
	} {
		got := f.ask(t, *who, document, map[string]any{"id": id.String()})
		if len(got.Errors) != c.errors || got.at("report.title") == nil || (got.at("report.reporter") != nil) != (c.reporter == 1) {
			t.Errorf("%s of %s: %d errors, reporter %v", who.Role, who.Department, len(got.Errors), got.at("report.reporter"))
		}
	}
}

// given is a feed whose events are there already.
type given []*civic.Event

func (g given) Watch(context.Context, civic.Topic, string) (graph.Watching, error) {
	events := make(chan *civic.Event, len(g))
	for _, event := range g {
		events <- event
	}
	close(events)
	return over(events), nil
}

type over chan *civic.Event

func (o over) Events() <-chan *civic.Event { return o }
func (over) Err() error                    { return nil }

// Rights are checked for every event: whatever the stream says, nobody is shown a report that is not theirs to see.
func TestAFeedShowsWhatItsWatcherMaySee(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	var feed given
	for i, visibility := range []civic.Visibility{civic.Public, civic.Private, civic.Anonymous} {
		for j, code := range []string{"jalan-rusak", "wabah"} {
			event := civic.EventOf(civic.EventCreated, c.File(c.Of(code), coretest.Visibility(visibility)), coretest.Monday)
			event.Sequence = uint64(2*i + j + 1)
			feed = append(feed, &event)
		}
	}
	jalan, kesehatan := c.Officer("jalan"), c.Officer("kesehatan")
	of := map[string]any{"d": demo.DepartmentID("jalan").String()}
	const department, public = `subscription($d: ID!) { departmentFeed(department: $d) { report { id } } }`, `subscription { publicFeed { report { id } } }`
	for _, walls := range []plan{{feed: feed}, {feed: feed, noDirectives: true}, {feed: feed, noRows: true}, {feed: feed, noDirectives: true, noVerbs: true}} {
		f := newFace(t, c, walls)
		for _, w := range []struct {
			who      civic.Principal
			document string
			want     int
		}{
			{jalan, department, 4}, {civic.Principal{}, public, 2}, {jalan, public, 2}, {coretest.Citizen("budi"), public, 2}, {kesehatan, department, 4},
		} {
			next := f.follow(t, t.Context(), w.who, w.document, of)
			seen, code := 0, ""
			for {
				got := next()
				if code, _ = got.refusal(); got.Data == nil {
					break
				}
				seen++
			}
			if w.document == department && w.who == kesehatan && !walls.noDirectives {
				if code != "NOT_FOUND" || seen != 0 {
					t.Errorf("%+v: a stranger at the feed: %q, %d events", walls, code, seen)
				}
				continue
			}
			if seen != w.want && !(walls.noRows && w.document == public) {
				t.Errorf("%+v: %s sees %d events, want %d", walls, w.who.Role, seen, w.want)
			}
		}
	}
}
