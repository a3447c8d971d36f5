package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

const mergeReports = `mutation($into: ID!, $reports: [ID!]!) { mergeReports(into: $into, reports: $reports) { id upvoteCount } }`

var walledPlans = []plan{
	{}, {noDirectives: true}, {noVerbs: true}, {noRows: true},
	{noVerbs: true, noRows: true}, {noDirectives: true, noRows: true}, {noDirectives: true, noVerbs: true},
	{noDirectives: true, noVerbs: true, noRows: true},
}

// Another department's report is not merged, whichever end it is. What is merged has no directive before it: verb and rows hold alone.
func TestMergingHasWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	stranger := c.Officer("kesehatan")
	for _, walls := range walledPlans {
		f := newFace(t, c, walls)
		for _, foreignTarget := range []bool{true, false} {
			foreign, own := c.File().ID, c.File(c.Of("wabah")).ID
			into, merged := own, foreign
			if foreignTarget {
				into, merged = foreign, own
			}
			got := f.ask(t, stranger, mergeReports, map[string]any{"into": into.String(), "reports": []string{merged.String()}})
			code, _ := got.refusal()
			changed := c.Report(merged).Status == civic.Merged
			open := walls.noVerbs && walls.noRows && (walls.noDirectives || !foreignTarget)
			switch {
			case open && (code != "" || !changed):
				t.Errorf("%+v: without any wall it is still refused: %v", walls, got.Errors)
			case !open && (code != "NOT_FOUND" || changed):
				t.Errorf("%+v, foreign target %v: %q, changed %v", walls, foreignTarget, code, changed)
			}
		}
	}
}

const wherever = ` status mergedInto { id title } mergedStatus parts { id title mergedStatus } partOf { id } `

// Whoever reported what was merged follows it under its own number and learns how it goes on, and of the other report what they may see.
func TestWhatReportersLearnOfAMerge(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	const words = "hanya untuk dinas"
	secret := func(s *civic.Submission) { s.Title, s.Body = words, words }
	reports := map[string]*civic.Report{
		"public": c.File(), "private": c.File(secret, coretest.By(coretest.Citizen("siti")), coretest.Visibility(civic.Private)),
		"anonymous": c.File(secret, coretest.Visibility(civic.Anonymous)), "other": c.File(secret, coretest.By(coretest.Citizen("ani")), coretest.Visibility(civic.Private)),
		"whistle": c.File(secret, coretest.Visibility(civic.Anonymous)),
	}
	f := newFace(t, c, plan{anonymizer: flat{hashes: map[string][]byte{
		"first": coretest.ReceiptOf(reports["anonymous"].ID), "second": coretest.ReceiptOf(reports["whistle"].ID),
	}}})
	officer := c.Officer("jalan")
	for into, merged := range map[string][]string{"public": {"private", "anonymous"}, "other": {"whistle"}} {
		var ids []string
		for _, name := range merged {
			ids = append(ids, reports[name].ID.String())
		}
		f.ask(t, officer, mergeReports, map[string]any{"into": reports[into].ID.String(), "reports": ids}).fine()
		f.ask(t, officer, `mutation($r: ID!) { changeStatus(report: $r, to: IN_PROGRESS) { id } }`, map[string]any{"r": reports[into].ID.String()}).fine()
	}
	byReceipt := func(receipt string) answer {
		got := f.ask(t, civic.Principal{}, `query($r: String!) { anonymousReport(receipt: $r) { report {`+wherever+`} } }`, map[string]any{"r": receipt}).fine()
		return answer{Data: got.at("anonymousReport").(map[string]any)}
	}
	byNumber := func(p civic.Principal, name string) answer {
		return f.ask(t, p, `query($n: String!) { report(number: $n) {`+wherever+`} }`, map[string]any{"n": reports[name].Number})
	}
	for what, c := range map[string]struct {
		got  answer
		into any
	}{
		"a citizen":             {byNumber(coretest.Citizen("siti"), "private").fine(), reports["public"].ID.String()},
		"an anonymous reporter": {byReceipt("first"), reports["public"].ID.String()},
		"an anonymous reporter, merged out of sight": {byReceipt("second"), nil},
		"the department, of what it merged":          {byNumber(officer, "whistle").fine(), reports["other"].ID.String()},
	} {
		if c.got.at("report.status") != "MERGED" || c.got.at("report.mergedStatus") != "IN_PROGRESS" || c.got.at("report.mergedInto.id") != c.into {
			t.Errorf("%s: %v", what, c.got.Data)
		}
	}
	everything := f.ask(t, civic.Principal{}, `query($n: String!) { report(number: $n) { title body status mergedStatus mergedInto { id } comments { nodes { body } } timeline { nodes { kind message } } } }`,
		map[string]any{"n": reports["public"].Number}).fine()
	if text := fmt.Sprint(everything.Data); strings.Contains(text, words) || strings.Contains(text, reports["private"].Number) || everything.at("report.mergedStatus") != nil {
		t.Errorf("everybody sees %v", everything.Data)
	}
	if code, _ := byNumber(coretest.Citizen("budi"), "private").refusal(); code != "NOT_FOUND" {
		t.Errorf("the reporter of the public one sees what was merged into it: %q", code)
	}
}

// Parts are shown with what they were split off, each to whom it may concern; the receipt leads to all of them.
func TestPartsAreShown(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	origin := c.File(coretest.Visibility(civic.Anonymous))
	f := newFace(t, c, plan{anonymizer: flat{hashes: map[string][]byte{"x": coretest.ReceiptOf(origin.ID)}}})
	const split = `mutation($r: ID!, $c: ID!, $d: ID!) { splitReport(report: $r, parts: [{title: "a", body: "a", category: $c}, {title: "b", body: "b", category: $d}]) { id department { code } } }`
	got := f.ask(t, c.Officer("jalan"), split, map[string]any{
		"r": origin.ID.String(), "c": demo.CategoryID("trotoar").String(), "d": demo.CategoryID("wabah").String(),
	}).fine()
	if to := listed(got.at("splitReport"), "department.code"); !slices.Equal(to, []string{"jalan", "kesehatan"}) {
		t.Errorf("%v", to)
	}
	ids := listed(got.at("splitReport"), "id")
	byReceipt := f.ask(t, civic.Principal{}, `query { anonymousReport(receipt: "x") { report {`+wherever+`} } }`, nil).fine()
	if parts := listed(byReceipt.at("anonymousReport.report.parts"), "title"); !slices.Equal(parts, []string{"a", "b"}) {
		t.Errorf("the receipt finds %v", parts)
	}
	const one = `query($r: ID!) { report(id: $r) {` + wherever + `} }`
	own := f.ask(t, c.Officer("jalan"), one, map[string]any{"r": origin.ID.String()}).fine()
	if parts := listed(own.at("report.parts"), "id"); !slices.Equal(parts, ids[:1]) {
		t.Errorf("its department sees %v", parts)
	}
	theirs := f.ask(t, c.Officer("kesehatan"), one, map[string]any{"r": ids[1]}).fine()
	if theirs.at("report.partOf") != nil || theirs.at("report.mergedStatus") != nil {
		t.Errorf("the other department sees %v", theirs.Data)
	}
	if part := f.ask(t, c.Officer("jalan"), one, map[string]any{"r": ids[0]}).fine(); part.at("report.partOf.id") != origin.ID.String() {
		t.Errorf("%v", part.Data)
	}
	if code, _ := f.ask(t, coretest.Citizen("budi"), one, map[string]any{"r": ids[0]}).refusal(); code != "NOT_FOUND" {
		t.Errorf("a citizen sees a part: %q", code)
	}
}

// Links and tasks cost the same number of queries however many reports a page has.
func TestLinksCostAConstantNumberOfQueries(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	officer := c.Officer("jalan")
	for i := range 6 {
		at := coretest.At(coretest.Monday.Add(time.Duration(i) * time.Minute))
		into, merged, origin := c.File(at).ID, c.File(at).ID, c.File(at).ID
		must[*civic.Report](t)(f.desk.Merge(t.Context(), officer, into, []civic.ReportID{merged}))
		piece := casework.Piece{Title: "a", Body: "a", Category: demo.CategoryID("trotoar")}
		must[[]*civic.Report](t)(f.desk.Split(t.Context(), officer, origin, []casework.Piece{piece, piece}))
		must[*civic.Task](t)(f.desk.CreateTask(t.Context(), officer, into, casework.TaskDraft{Department: demo.DepartmentID("air"), Title: "x", Body: "x"}))
	}
	want := strings.Fields("PageOfReports ListMerges Reports ListParts Reports ListOrigins Reports ListTasks")
	slices.Sort(want)
	for _, n := range []int{7, 30} {
		f.queries.take()
		got := f.ask(t, officer, `query($d: ID!, $n: Int) { departmentReports(department: $d, first: $n, order: NEWEST) { nodes { mergedInto { id } mergedStatus parts { id } partOf { id } tasks { id department { name } } } } }`,
			map[string]any{"d": demo.DepartmentID("jalan").String(), "n": n}).fine()
		sent := slices.DeleteFunc(f.queries.take(), func(name string) bool { return name == "begin" || name == "commit" })
		slices.Sort(sent)
		if !slices.Equal(sent, want) {
			t.Errorf("%d reports: %v", len(got.at("departmentReports.nodes").([]any)), sent)
		}
	}
}

// A task is made, seen and ended by those alone whose it is; each wall holds alone.
func TestTasksHaveWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, helper, stranger := c.Officer("jalan"), c.Officer("drainase"), c.Officer("kesehatan")
	const (
		finish     = `mutation($t: ID!) { finishTask(task: $t, message: "selesai") { state answer } }`
		decline    = `mutation($t: ID!) { declineTask(task: $t, reason: "tidak") { state answer } }`
		node       = `query($t: ID!) { node(id: $t) { id ... on Task { title number location { address } } } }`
		ofReport   = `query($r: ID!) { tasks(report: $r) { id title state answer } report(id: $r) { tasks { id } } }`
		department = `query($d: ID!, $s: TaskState, $n: Int, $a: Cursor) { departmentTasks(department: $d, state: $s, first: $n, after: $a) { nodes { id state number title } pageInfo { endCursor hasNextPage } } }`
	)
	report := c.File(coretest.Visibility(civic.Private))
	draft := casework.TaskDraft{Department: demo.DepartmentID("drainase"), Title: "Sedot air", Body: "x"}
	whole := newFace(t, c, plan{})
	for _, walls := range walledPlans {
		f := newFace(t, c, walls)
		open := walls.noDirectives && walls.noVerbs && walls.noRows
		for name, document := range map[string]string{"finishTask": finish, "declineTask": decline} {
			task := must[*civic.Task](t)(whole.desk.CreateTask(t.Context(), own, report.ID, draft)).ID.String()
			got := f.ask(t, stranger, document, map[string]any{"t": task})
			if code, _ := got.refusal(); (code == "NOT_FOUND") == open || (got.at(name) != nil) != open {
				t.Errorf("%+v: %s by a stranger: %q", walls, name, code)
			}
		}
		if walls.noRows {
			continue
		}
		task := must[*civic.Task](t)(whole.desk.CreateTask(t.Context(), own, report.ID, draft)).ID.String()
		for _, p := range []civic.Principal{stranger, coretest.Citizen("budi"), {}} {
			if code, _ := f.ask(t, p, node, map[string]any{"t": task}).refusal(); code != "NOT_FOUND" {
				t.Errorf("%+v: %s sees a task: %q", walls, p.Role, code)
			}
			got := f.ask(t, p, department, map[string]any{"d": demo.DepartmentID("drainase").String()})
			if found := listed(got.at("departmentTasks.nodes"), "id"); len(found) != 0 {
				t.Errorf("%+v: %s lists %d tasks", walls, p.Role, len(found))
			}
			got = f.ask(t, p, ofReport, map[string]any{"r": report.ID.String()})
			if len(listed(got.at("tasks"), "id"))+len(listed(got.at("report.tasks"), "id")) > 0 {
				t.Errorf("%+v: %s lists a report's tasks: %v", walls, p.Role, got.Data)
			}
		}
	}
	for _, p := range []civic.Principal{own, helper} {
		task := must[*civic.Task](t)(whole.desk.CreateTask(t.Context(), own, report.ID, draft))
		if got := whole.ask(t, p, node, map[string]any{"t": task.ID.String()}).fine(); got.at("node.number") != report.Number {
			t.Errorf("%v", got.Data)
		}
	}
	if code, _ := whole.ask(t, helper, ofReport, map[string]any{"r": report.ID.String()}).refusal(); code != "NOT_FOUND" {
		t.Errorf("the helper asks for the report: %q", code)
	}
	all := listed(whole.ask(t, own, ofReport, map[string]any{"r": report.ID.String()}).fine().at("tasks"), "id")
	if n := c.Count("SELECT count(*) FROM tasks"); len(all) != n {
		t.Errorf("the case's department sees %d of %d", len(all), n)
	}
	// Page by page, all of them once.
	var paged []string
	after := any(nil)
	for {
		got := whole.ask(t, helper, department, map[string]any{"d": demo.DepartmentID("drainase").String(), "n": 5, "a": after}).fine()
		paged = append(paged, listed(got.at("departmentTasks.nodes"), "id")...)
		if got.at("departmentTasks.pageInfo.hasNextPage") != true {
			break
		}
		after = got.at("departmentTasks.pageInfo.endCursor")
	}
	if len(paged) != len(all) || len(slices.Compact(slices.Sorted(slices.Values(paged)))) != len(all) {
		t.Errorf("%d on pages of %d", len(paged), len(all))
	}
	ended := whole.ask(t, helper, department, map[string]any{"d": demo.DepartmentID("drainase").String(), "s": "DECLINED"}).fine()
	if got := listed(ended.at("departmentTasks.nodes"), "state"); !slices.Equal(got, []string{"DECLINED"}) {
		t.Errorf("%v", got)
	}
}

// The case's own department is told live of each move of a task; the reporter is not.
func TestTasksAreToldToTheDepartmentAlone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	event := civic.EventOf(civic.EventTaskChanged, c.File(), coretest.Monday)
	event.Sequence = 1
	f := newFace(t, c, plan{feed: given{&event}})
	const department = `subscription($d: ID!) { departmentFeed(department: $d) { kind report { tasks { id } } } }`
	if got := f.follow(t, t.Context(), c.Officer("jalan"), department, map[string]any{"d": demo.DepartmentID("jalan").String()})(); got.fine().at("departmentFeed.kind") != "TASK_CHANGED" {
		t.Errorf("%v", got.Data)
	}
	for document, p := range map[string]civic.Principal{
		`subscription($d: ID!) { reportChanged(report: $d) { kind } }`: coretest.Citizen("budi"), `subscription { publicFeed { kind } }`: {},
	} {
		if got := f.follow(t, t.Context(), p, document, map[string]any{"d": event.Report.String()})(); got.Data != nil {
			t.Errorf("%s is told: %v", p.Role, got.Data)
		}
	}
}

// Rules are made by heads of the house; a dry run tells what one would have done, and changes nothing.
func TestRoutingRulesHaveWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	const (
		save   = `mutation($in: RoutingRuleInput!) { saveRoutingRule(input: $in) { id name enabled department { code } category { code } unit { code } officer { id } hours } }`
		try    = `query($in: RoutingRuleInput!, $n: Int!) { dryRunRoutingRule(input: $in, days: $n) { looked matched sample { id number } } }`
		list   = `query($d: ID!) { routingRules(department: $d) { id name } }`
		remove = `mutation($id: ID!) { deleteRoutingRule(id: $id) }`
	)
	role := func(department string, role civic.Role) civic.Principal {
		p := c.Officer(department)
		p.Role = role
		return p
	}
	input := map[string]any{
		"department": demo.DepartmentID("kebersihan").String(), "name": "Utara", "position": 1, "enabled": true,
		"category": demo.CategoryID("sampah").String(), "unit": demo.DepartmentID("kebersihan-utara").String(), "hours": "WORKING",
	}
	for i := range 12 {
		c.File(c.Of("sampah"), coretest.At(coretest.Monday.Add(-time.Duration(i)*24*time.Hour)))
	}
	f := newFace(t, c, plan{})
	boss := role("kebersihan", civic.RoleDepartmentHead)
	got := f.ask(t, boss, try, map[string]any{"in": input, "n": 30}).fine()
	if fmt.Sprint(got.at("dryRunRoutingRule.looked")) != "12" || len(listed(got.at("dryRunRoutingRule.sample"), "id")) == 0 {
		t.Errorf("%v", got.Data)
	}
	matched := 0
	for i := range 12 {
		if c.City.Calendar.Working(coretest.Monday.Add(-time.Duration(i) * 24 * time.Hour)) {
			matched++
		}
	}
	if fmt.Sprint(got.at("dryRunRoutingRule.matched")) != fmt.Sprint(matched) || matched == 12 {
		t.Errorf("%v matched, want %d", got.at("dryRunRoutingRule.matched"), matched)
	}
	if n := c.Count("SELECT count(*) FROM routing_rules"); n != 0 {
		t.Error("a dry run leaves a rule")
	}
	id := f.ask(t, boss, save, map[string]any{"in": input}).fine().at("saveRoutingRule.id")
	input["id"] = id
	for _, walls := range []plan{{}, {noDirectives: true}, {noVerbs: true}, {noDirectives: true, noVerbs: true}, {noDirectives: true, noRows: true}} {
		f := newFace(t, c, walls)
		stranger := role("kesehatan", civic.RoleDepartmentHead)
		for document, variables := range map[string]map[string]any{save: {"in": input}, remove: {"id": id}} {
			if code, _ := f.ask(t, stranger, document, variables).refusal(); code != "NOT_FOUND" {
				t.Errorf("%+v: a stranger: %q", walls, code)
			}
		}
		if got := f.ask(t, stranger, try, map[string]any{"in": input, "n": 30}); len(listed(got.at("dryRunRoutingRule.sample"), "id")) != 0 {
			t.Errorf("%+v: a stranger tries it: %v", walls, got.Data)
		}
		if got := f.ask(t, stranger, list, map[string]any{"d": demo.DepartmentID("kebersihan").String()}); len(listed(got.at("routingRules"), "id")) != 0 {
			t.Errorf("%+v: a stranger lists it", walls)
		}
	}
	for _, p := range []civic.Principal{role("kebersihan", civic.RoleOfficer), coretest.Citizen("budi")} {
		for _, walls := range []plan{{}, {noDirectives: true}} {
			f := newFace(t, c, walls)
			for document, variables := range map[string]map[string]any{save: {"in": input}, remove: {"id": id}, try: {"in": input, "n": 30}} {
				if code, _ := f.ask(t, p, document, variables).refusal(); code != "FORBIDDEN" && code != "NOT_FOUND" {
					t.Errorf("%+v: %s: %q", walls, p.Role, code)
				}
			}
		}
	}
	if n := c.Count("SELECT count(*) FROM routing_rules WHERE name = 'Utara'"); n != 1 {
		t.Error("it is gone or changed")
	}
	if code, field := f.ask(t, boss, try, map[string]any{"in": input, "n": 93}).refusal(); code != "INVALID_INPUT" || field != "days" {
		t.Errorf("93 days: %s %s", code, field)
	}
	f.ask(t, boss, remove, map[string]any{"id": id}).fine()
	if n := c.Count("SELECT count(*) FROM routing_rules"); n != 0 {
		t.Error("it is still there")
	}
}
