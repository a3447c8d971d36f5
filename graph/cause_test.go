package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// What something came from is shown to its department alone, found by the filter and counted, kept or not.
func TestCausesAreFoundAndCounted(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{media: keeper(t)})
	own := c.Officer("jalan")
	weather, wear := demo.CauseID("cuaca").String(), demo.CauseID("aus").String()
	name := func(id civic.ReportID, cause any) answer {
		return f.ask(t, own, `mutation($r: ID!, $c: ID) { nameCause(report: $r, cause: $c) { cause { code name category { code } retired } } }`, map[string]any{"r": id.String(), "c": cause}).fine()
	}
	var ids []civic.ReportID
	for range 4 {
		ids = append(ids, c.File().ID)
	}
	for _, id := range ids[:2] {
		if got := name(id, weather); got.at("nameCause.cause.code") != "cuaca" || got.at("nameCause.cause.name") != "Cuaca" || got.at("nameCause.cause.retired") != false {
			t.Errorf("%v", got.Data)
		}
	}
	name(ids[2], wear)
	c.Exec("UPDATE reports SET status = 'VERIFIED' WHERE id = $1", ids[3].Bytes())
	f.ask(t, own, `mutation($r: ID!, $c: ID) { resolveReport(report: $r, message: "selesai", cause: $c) { cause { id } } }`, map[string]any{"r": ids[3].String(), "c": wear}).fine()
	counted(t, c)
	name(ids[2], nil)
	counted(t, c)

	const list = `query($d: ID!, $c: [ID!]) { departmentReports(department: $d, filter: {causes: $c}, order: OLDEST) { nodes { id } } }`
	for _, want := range []struct {
		causes any
		found  string
	}{
		{[]any{weather}, fmt.Sprint(ids[:2])}, {[]any{wear}, fmt.Sprint(ids[3:])}, {[]any{weather, wear}, fmt.Sprint([]civic.ReportID{ids[0], ids[1], ids[3]})}, {[]any{}, "[]"},
	} {
		got := f.ask(t, own, list, map[string]any{"d": own.Department.String(), "c": want.causes}).fine()
		found := map[string]bool{}
		for _, id := range listed(got.at("departmentReports.nodes"), "id") {
			found[id] = true
		}
		if len(found) != strings.Count(want.found, "report_") {
			t.Errorf("%v: %v, want %s", want.causes, found, want.found)
		}
		for id := range found {
			if !strings.Contains(want.found, id) {
				t.Errorf("%v finds %s", want.causes, id)
			}
		}
	}
	for _, filter := range []string{"", ", filter: {statuses: [RECEIVED, RESOLVED]}"} {
		got := f.ask(t, own, `{ analytics(`+lately+filter+`) { byCause { key label count } } }`, nil).fine()
		if text := fmt.Sprint(got.at("analytics.byCause")); text != fmt.Sprintf("[map[count:2 key:%s label:Cuaca] map[count:1 key:%s label:Usia atau keausan]]", weather, wear) {
			t.Errorf("%q: %s", filter, text)
		}
	}
	for _, p := range []civic.Principal{{}, coretest.Citizen("budi"), c.Officer("kesehatan")} {
		got := f.ask(t, p, `query($r: ID!) { report(id: $r) { title cause { code } } }`, map[string]any{"r": ids[0].String()})
		if len(got.Errors) != 1 || got.at("report.cause") != nil || got.at("report.title") == nil {
			t.Errorf("%s is shown %v, %v", p.Role, got.Data, got.Errors)
		}
		got = f.ask(t, p, `query($c: [ID!]) { publicReports(filter: {causes: $c}) { nodes { id } } }`, map[string]any{"c": []any{weather}})
		if code, field := got.refusal(); code != "INVALID_INPUT" || field != "filter.causes" {
			t.Errorf("%s finds public reports by cause: %q %q", p.Role, code, field)
		}
	}
	everybody := f.ask(t, civic.Principal{}, `query($c: ID!) { all: causes { code } pipes: causes(category: $c) { code category { code } } }`, map[string]any{"c": demo.CategoryID("pipa-bocor").String()}).fine()
	all, pipes := listed(everybody.at("all"), "code"), listed(everybody.at("pipes"), "code")
	if len(all) != len(c.City.Causes(nil)) || len(pipes) == 0 || len(pipes) >= len(all) || !strings.Contains(strings.Join(pipes, " "), "pipa-tua") || strings.Contains(strings.Join(pipes, " "), "beban-berlebih") {
		t.Errorf("%v, of pipes %v", all, pipes)
	}
	if got := f.ask(t, civic.Principal{}, `query($c: ID!) { node(id: $c) { id ... on Cause { code } } }`, map[string]any{"c": weather}).fine(); got.at("node.code") != "cuaca" {
		t.Errorf("%v", got.Data)
	}
}
