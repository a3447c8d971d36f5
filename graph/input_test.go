package graph_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// Bad input gets a code, and the name of the field where there is one, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{intake: newDoor(t)})
	budi, jalan := coretest.Citizen("budi"), c.Officer("jalan")
	report := c.File().ID.String()
	foreign := c.File(c.Of("wabah"), coretest.Visibility(civic.Private)).ID.String()
	cursor := f.ask(t, jalan, `query { publicReports(first: 1) { edges { cursor } } }`, nil).fine().
		at("publicReports.edges").([]any)[0].(map[string]any)["cursor"]
	missing := civic.ReportID{UUID: civic.NamedUUID("none")}.String()

	good := map[string]any{"title": "Lubang", "body": "Ada lubang", "visibility": "PUBLIC"}
	submit := func(changes map[string]any) map[string]any {
		in := maps.Clone(good)
		maps.Copy(in, changes)
		return map[string]any{"in": in}
	}
	place := func(latitude, longitude any) map[string]any {
		return submit(map[string]any{"location": map[string]any{"latitude": latitude, "longitude": longitude}})
	}
	const (
		file     = `mutation($in: SubmitReportInput!) { submitReport(input: $in) { state } }`
		list     = `query($first: Int, $after: Cursor, $order: ReportOrder, $filter: ReportFilter) { publicReports(first: $first, after: $after, order: $order, filter: $filter) { nodes { id } } }`
		own      = `query($d: ID!, $first: Int, $after: Cursor, $order: ReportOrder, $filter: ReportFilter) { departmentReports(department: $d, first: $first, after: $after, order: $order, filter: $filter) { nodes { id } } }`
		one      = `query($id: ID, $number: String) { report(id: $id, number: $number) { id } }`
		node     = `query($id: ID!) { node(id: $id) { id } }`
		comments = `query($id: ID, $first: Int, $after: Cursor) { report(id: $id) { comments(first: $first, after: $after) { nodes { id } } } }`
		history  = `query($id: ID, $first: Int, $after: Cursor) { report(id: $id) { timeline(first: $first, after: $after) { nodes { kind } } } }`
		status   = `mutation($r: ID!, $to: Status!, $m: String) { changeStatus(report: $r, to: $to, message: $m) { id } }`
		assign   = `mutation($r: ID!, $o: ID!) { assignReport(report: $r, officer: $o) { id } }`
		transfer = `mutation($r: ID!, $d: ID!, $why: String!) { transferReport(report: $r, department: $d, reason: $why) { id } }`
		note     = `mutation($r: ID!, $b: String!) { addInternalNote(report: $r, body: $b) { id } }`
		speak    = `mutation($r: ID!, $b: String!) { commentOnReport(report: $r, body: $b) { id } }`
		upvote   = `mutation($r: ID!) { upvoteReport(report: $r) { id } }`
		withdraw = `mutation($r: ID!) { withdrawReport(report: $r) { id } }`
		public   = `subscription($w: BoundsInput) { publicFeed(within: $w) { cursor } }`
		watch    = `subscription($r: ID!) { reportChanged(report: $r) { cursor } }`
	)
	type v = map[string]any
	box := func(south, west, north, east float64) v {
		return v{"south": south, "west": west, "north": north, "east": east}
	}
	many := make([]any, 201)
	for i := range many {
		many[i] = demo.CategoryID("banjir").String()
	}
	filter := func(name string, value any) v { return v{"filter": v{name: value}} }
	roads := func(more v) v {
		all := v{"d": demo.DepartmentID("jalan").String()}
		maps.Copy(all, more)
		return all
	}
	for _, bad := range []struct {
		name      string
		who       civic.Principal
		document  string
		variables v
		want      string // code field
	}{
		{"an empty title", budi, file, submit(v{"title": " \u200b"}), "INVALID_INPUT title"},
		{"a title of 121", budi, file, submit(v{"title": strings.Repeat("🕳", 121)}), "INVALID_INPUT title"},
		{"an empty body", budi, file, submit(v{"body": ""}), "INVALID_INPUT body"},
		{"a body of 10,001", budi, file, submit(v{"body": strings.Repeat("a", 10_001)}), "INVALID_INPUT body"},
		{"a NUL byte", budi, file, submit(v{"body": "a\x00b"}), "INVALID_INPUT body"},
		{"a category that is no id", budi, file, submit(v{"category": "banjir"}), "INVALID_INPUT category"},
		{"an id with line breaks", budi, file, submit(v{"category": "cat_" + strings.Repeat("\n", 22)}), "INVALID_INPUT category"},
		{"an unknown category", budi, file, submit(v{"category": civic.CategoryID{UUID: civic.NamedUUID("none")}.String()}), "INVALID_INPUT category"},
		{"a department for a category", budi, file, submit(v{"category": demo.DepartmentID("jalan").String()}), "INVALID_INPUT category"},
		{"an anonymous one at the wrong door", budi, file, submit(v{"visibility": "ANONYMOUS"}), "INVALID_INPUT visibility"},
		{"a place outside", budi, file, place(52.5, 13.4), "INVALID_INPUT location"},
		{"a huge number", budi, file, place(1e308, -1e308), "INVALID_INPUT location"},
		{"a tiny step outside", budi, file, place(-6.84+1e-9, 107.6), "INVALID_INPUT location"},
		{"a long address", budi, file, submit(v{"location": v{"latitude": -6.9, "longitude": 107.6, "address": strings.Repeat("a", 301)}}), "INVALID_INPUT location.address"},
		{"an answer to no question", budi, file, submit(v{"answers": []any{v{"question": "x", "answer": "y"}}}), "INVALID_INPUT answers"},
		{"a long key", budi, file, submit(v{"clientKey": strings.Repeat("k", 129)}), "INVALID_INPUT clientKey"},
		{"filing as an officer", jalan, file, submit(nil), "FORBIDDEN "},
		{"filing as nobody", civic.Principal{}, file, submit(nil), "UNAUTHENTICATED "},

		{"first 0", budi, list, v{"first": 0}, "INVALID_INPUT first"},
		{"first 101", budi, list, v{"first": 101}, "INVALID_INPUT first"},
		{"first -1", budi, list, v{"first": -1}, "INVALID_INPUT first"},
		{"a made-up cursor", budi, list, v{"after": "nonsense"}, "INVALID_INPUT after"},
		{"another order's cursor", budi, list, v{"after": cursor, "order": "MOST_UPVOTED"}, "INVALID_INPUT after"},
		{"the public by due time", budi, list, v{"order": "DUE_SOONEST"}, "INVALID_INPUT order"},
		{"the public by overdue", budi, list, filter("overdue", true), "INVALID_INPUT filter.overdue"},
		{"the public by escalated", budi, list, filter("escalated", false), "INVALID_INPUT filter.escalated"},
		{"the public by desk", budi, list, filter("assignedToMe", true), "INVALID_INPUT filter.assignedToMe"},
		{"the public by no desk", budi, list, filter("unassigned", true), "INVALID_INPUT filter.unassigned"},
		{"a long search", budi, list, filter("text", strings.Repeat("a", 201)), "INVALID_INPUT filter.text"},
		{"a NUL byte in a search", budi, list, filter("text", "a\x00"), "INVALID_INPUT filter.text"},
		{"a filter by no category", budi, list, filter("categories", []any{"banjir"}), "INVALID_INPUT filter.categories"},
		{"a filter by no department", budi, list, filter("departments", []any{report}), "INVALID_INPUT filter.departments"},
		{"a filter by no district", budi, list, filter("districts", []any{""}), "INVALID_INPUT filter.districts"},
		{"a filter by 201 categories", budi, list, filter("categories", many), "INVALID_INPUT filter.categories"},
		{"a box upside down", budi, list, filter("within", box(-6.8, 107, -6.9, 108)), "INVALID_INPUT filter.within"},
		{"a box off the Earth", budi, list, filter("within", box(-91, 107, -6.9, 108)), "INVALID_INPUT filter.within"},
		{"a period backwards", budi, list, v{"filter": v{"createdFrom": "2026-11-23T00:00:00Z", "createdTo": "2026-11-22T00:00:00Z"}}, "INVALID_INPUT filter.createdTo"},

		{"a department that is no id", jalan, own, v{"d": "jalan"}, "INVALID_INPUT department"},
		{"a department that is not there", jalan, own, v{"d": civic.DepartmentID{UUID: civic.NamedUUID("none")}.String()}, "NOT_FOUND "},
		{"another department", jalan, own, v{"d": demo.DepartmentID("kesehatan").String()}, "NOT_FOUND "},
		{"the department above", jalan, own, v{"d": demo.DepartmentID("infrastruktur").String()}, "NOT_FOUND "},
		{"a department's first 101", jalan, own, roads(v{"first": 101}), "INVALID_INPUT first"},
		{"a department's list after a public cursor", jalan, own, roads(v{"after": cursor}), "INVALID_INPUT after"},

		{"neither id nor number", budi, one, nil, "INVALID_INPUT id"},
		{"id and number", budi, one, v{"id": report, "number": "JW-7KQ4-M2XD"}, "INVALID_INPUT id"},
		{"a wrong id", budi, one, v{"id": "1"}, "INVALID_INPUT id"},
		{"a wrong number", budi, one, v{"number": "12"}, "INVALID_INPUT number"},
		{"a number of nothing", budi, one, v{"number": "JW-7KQ4-M2XD"}, "NOT_FOUND "},
		{"an id of nothing", budi, one, v{"id": missing}, "NOT_FOUND "},
		{"a private report of another", coretest.Citizen("siti"), one, v{"id": foreign}, "NOT_FOUND "},
		{"a node of no kind", budi, node, v{"id": "x_1"}, "INVALID_INPUT id"},
		{"a session as a node", budi, node, v{"id": civic.SessionID{UUID: civic.NamedUUID("s")}.String()}, "INVALID_INPUT id"},
		{"another citizen as a node", budi, node, v{"id": coretest.Citizen("siti").Citizen.String()}, "NOT_FOUND "},
		{"an officer as a node, for a citizen", budi, node, v{"id": jalan.Officer.String()}, "NOT_FOUND "},
		{"comments after nonsense", budi, comments, v{"id": report, "after": "x"}, "INVALID_INPUT after"},
		{"first 0 comments", budi, comments, v{"id": report, "first": 0}, "INVALID_INPUT first"},
		{"history after nonsense", budi, history, v{"id": report, "after": "x"}, "INVALID_INPUT after"},

		{"a status by a citizen", budi, status, v{"r": report, "to": "VERIFIED"}, "FORBIDDEN "},
		{"a status by nobody", civic.Principal{}, status, v{"r": report, "to": "VERIFIED"}, "UNAUTHENTICATED "},
		{"a status of a wrong id", jalan, status, v{"r": "x", "to": "VERIFIED"}, "INVALID_INPUT report"},
		{"a status of another department", jalan, status, v{"r": foreign, "to": "VERIFIED"}, "NOT_FOUND "},
		{"a status of nothing", jalan, status, v{"r": missing, "to": "VERIFIED"}, "NOT_FOUND "},
		{"a forbidden move", jalan, status, v{"r": report, "to": "CLOSED"}, "CONFLICT to"},
		{"a move to where it is", jalan, status, v{"r": report, "to": "RECEIVED"}, "CONFLICT to"},
		{"a long message", jalan, status, v{"r": report, "to": "VERIFIED", "m": strings.Repeat("a", 5001)}, "INVALID_INPUT message"},
		{"a wrong officer", jalan, assign, v{"r": report, "o": "x"}, "INVALID_INPUT officer"},
		{"an officer from elsewhere", jalan, assign, v{"r": report, "o": c.Officer("kesehatan").Officer.String()}, "INVALID_INPUT officer"},
		{"a transfer to no id", jalan, transfer, v{"r": report, "d": "x", "why": "y"}, "INVALID_INPUT department"},
		{"a transfer to where it is", jalan, transfer, v{"r": report, "d": demo.DepartmentID("jalan").String(), "why": "y"}, "INVALID_INPUT department"},
		{"a transfer without a reason", jalan, transfer, v{"r": report, "d": demo.DepartmentID("air").String(), "why": " "}, "INVALID_INPUT reason"},
		{"an empty note", jalan, note, v{"r": report, "b": "\u200b"}, "INVALID_INPUT body"},
		{"an empty comment", budi, speak, v{"r": report, "b": ""}, "INVALID_INPUT body"},
		{"a comment by nobody", civic.Principal{}, speak, v{"r": report, "b": "x"}, "UNAUTHENTICATED "},
		{"a comment on another's private report", coretest.Citizen("siti"), speak, v{"r": foreign, "b": "x"}, "NOT_FOUND "},
		{"a vote for a private report", budi, upvote, v{"r": foreign}, "NOT_FOUND "},
		{"a vote by an officer", jalan, upvote, v{"r": report}, "FORBIDDEN "},
		{"a vote for a wrong id", budi, upvote, v{"r": "x"}, "INVALID_INPUT report"},
		{"another's report taken back", coretest.Citizen("siti"), withdraw, v{"r": report}, "NOT_FOUND "},
		{"a report taken back by its department", jalan, withdraw, v{"r": report}, "NOT_FOUND "},

		{"a feed of a box upside down", budi, public, v{"w": box(1, 0, 0, 1)}, "INVALID_INPUT within"},
		{"a feed of another's private report", coretest.Citizen("siti"), watch, v{"r": foreign}, "NOT_FOUND "},
		{"a feed of a wrong id", budi, watch, v{"r": "x"}, "INVALID_INPUT report"},
	} {
		before := c.Count("SELECT count(*) FROM audit") + c.Count("SELECT count(*) FROM outbox")
		got := f.ask(t, bad.who, bad.document, bad.variables)
		if code, field := got.refusal(); code+" "+field != bad.want {
			t.Errorf("%s: %q, want %q; %v", bad.name, code+" "+field, bad.want, got.Errors)
		}
		if c.Count("SELECT count(*) FROM audit")+c.Count("SELECT count(*) FROM outbox") != before {
			t.Errorf("%s: something was stored", bad.name)
		}
	}
	// The conflict names what is allowed instead.
	got := f.ask(t, jalan, status, v{"r": report, "to": "CLOSED"})
	if key, _ := got.Errors[0].Extensions["key"].(string); key != "status.forbidden" {
		t.Errorf("the conflict says %s", key)
	}
}
