package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// listed are the values of one field of a list of objects.
func listed(list any, field string) (values []string) {
	nodes, _ := list.([]any)
	for _, node := range nodes {
		values = append(values, fmt.Sprint(answer{Data: node.(map[string]any)}.at(field)))
	}
	return values
}

// A department's prepared answers are behind the directive, the verb and the rows; each holds alone.
func TestTemplatesHaveWalls(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, stranger := c.Officer("jalan"), c.Officer("kesehatan")
	report := c.File(coretest.Visibility(civic.Private)).ID.String()
	input := map[string]any{"department": demo.DepartmentID("jalan").String(), "title": "Diterima", "body": "Laporan {number} ({status}) oleh {officer}, {department}: {category} \"{title}\""}
	const save = `mutation($in: ResponseTemplateInput!) { saveResponseTemplate(input: $in) { id title department { code } status category { code } } }`
	const list, render = `query($d: ID!) { responseTemplates(department: $d) { id body } }`, `query($t: ID!, $r: ID!) { renderedTemplate(template: $t, report: $r) }`
	f := newFace(t, c, plan{})
	id := f.ask(t, own, save, map[string]any{"in": input}).fine().at("saveResponseTemplate.id").(string)
	rendered := f.ask(t, own, render, map[string]any{"t": id, "r": report}).fine().at("renderedTemplate")
	officer := c.City.Officer(own.Officer).Name
	if want := fmt.Sprintf(`Laporan %s (Diterima) oleh %s, UPT Jalan dan Jembatan: Jalan rusak "Lubang di jalan"`, c.Report(mustReport(t, report)).Number, officer); rendered != want {
		t.Errorf("%q, want %q", rendered, want)
	}
	mine := c.File(c.Of("wabah")).ID.String() // the stranger may handle this one, but has not that template
	for _, walls := range []plan{{}, {noDirectives: true}, {noVerbs: true}, {noRows: true}, {noDirectives: true, noVerbs: true}, {noDirectives: true, noRows: true}, {noVerbs: true, noRows: true}} {
		f := newFace(t, c, walls)
		other := map[string]any{"id": id, "department": input["department"], "title": "x", "body": "x"}
		if code, _ := f.ask(t, stranger, save, map[string]any{"in": other}).refusal(); code != "NOT_FOUND" {
			t.Errorf("%+v: a stranger changes it: %q", walls, code)
		}
		got := f.ask(t, stranger, list, map[string]any{"d": input["department"]})
		if code, _ := got.refusal(); code != "NOT_FOUND" && len(listed(got.at("responseTemplates"), "id")) > 0 {
			t.Errorf("%+v: a stranger lists it", walls)
		}
		for document, variables := range map[string]map[string]any{
			render: {"t": id, "r": mine}, `query($t: ID!) { node(id: $t) { id } }`: {"t": id},
		} {
			if code, _ := f.ask(t, stranger, document, variables).refusal(); code != "NOT_FOUND" {
				t.Errorf("%+v: a stranger reads it: %q", walls, code)
			}
		}
		if code, _ := f.ask(t, stranger, render, map[string]any{"t": id, "r": report}).refusal(); code != "NOT_FOUND" {
			t.Errorf("%+v: a stranger reads another's report through a template: %q", walls, code)
		}
	}
	if n := c.Count("SELECT count(*) FROM response_templates WHERE title = 'x'"); n != 0 {
		t.Error("it was changed")
	}
	for who, code := range map[*civic.Principal]string{new(coretest.Citizen("budi")): "FORBIDDEN", {}: "UNAUTHENTICATED"} {
		for document, variables := range map[string]map[string]any{
			save: {"in": input}, list: {"d": input["department"]}, render: {"t": id, "r": report},
		} {
			if got, _ := f.ask(t, *who, document, variables).refusal(); got != code {
				t.Errorf("%s: %s", who.Role, got)
			}
		}
	}
	// Those for a status or a category are found by it.
	input["status"], input["category"] = "RESOLVED", demo.CategoryID("trotoar").String()
	f.ask(t, own, save, map[string]any{"in": input}).fine()
	const fitting = `query($d: ID!, $s: Status, $c: ID) { responseTemplates(department: $d, status: $s, category: $c) { id } }`
	for _, c := range []struct {
		status, category any
		want             int
	}{{nil, nil, 2}, {"RESOLVED", nil, 2}, {"VERIFIED", nil, 1}, {"RESOLVED", demo.CategoryID("jembatan").String(), 1}} {
		got := f.ask(t, own, fitting, map[string]any{"d": input["department"], "s": c.status, "c": c.category}).fine()
		if n := len(listed(got.at("responseTemplates"), "id")); n != c.want {
			t.Errorf("%v %v: %d fit, want %d", c.status, c.category, n, c.want)
		}
	}
}

func mustReport(t *testing.T, text string) civic.ReportID {
	t.Helper()
	id, err := civic.ParseReportID("id", text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Of many, each tells what became of it, in words; what the caller may not see is not there.
func TestEachOfManyTellsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	fine, foreign := c.File().ID.String(), c.File(c.Of("wabah"), coretest.Visibility(civic.Private)).ID.String()
	const many = `mutation($r: [ID!]!) { changeStatuses(reports: $r, to: VERIFIED) { id changed code message report { id status } } }`
	for _, walls := range []plan{{}, {noDirectives: true}, {noDirectives: true, noRows: true}, {noDirectives: true, noVerbs: true}} {
		f := newFace(t, c, walls)
		again := c.File().ID.String()
		got := f.ask(t, c.Officer("jalan"), many, map[string]any{"r": []string{again, foreign, again}}).fine().at("changeStatuses")
		if codes := listed(got, "code"); !slices.Equal(codes, []string{"<nil>", "NOT_FOUND", "CONFLICT"}) {
			t.Errorf("%+v: %v", walls, codes)
		}
		if reports := listed(got, "report.status"); !slices.Equal(reports, []string{"VERIFIED", "<nil>", "VERIFIED"}) {
			t.Errorf("%+v: %v", walls, reports)
		}
		if messages := listed(got, "message"); !strings.Contains(messages[2], "VERIFIED") || strings.Contains(messages[2], "{") {
			t.Errorf("%v", messages)
		}
	}
	f := newFace(t, c, plan{})
	for who, code := range map[*civic.Principal]string{new(coretest.Citizen("budi")): "FORBIDDEN", {}: "UNAUTHENTICATED", new(c.Officer("walikota")): "FORBIDDEN"} {
		if got, _ := f.ask(t, *who, many, map[string]any{"r": []string{fine}}).refusal(); got != code {
			t.Errorf("%s: %q", who.Role, got)
		}
	}
}

// Any text is a text to look for; a number finds its report whatever else is asked.
func TestSearch(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	officer := c.Officer("jalan")
	public, private := c.File(), c.File(coretest.Visibility(civic.Private), func(s *civic.Submission) { s.Title = "Bu Ani's \"gang\" & co" })
	department := `query($d: ID!, $f: ReportFilter, $o: ReportOrder) { departmentReports(department: $d, filter: $f, order: $o) { nodes { id } } }`
	everybody := `query($f: ReportFilter, $o: ReportOrder) { publicReports(filter: $f, order: $o) { nodes { id } } }`
	for text, want := range map[string][2]int{
		"lubang pasar": {2, 1}, "gang": {1, 0}, "\"gang\"": {1, 0}, "ani's & gang": {1, 0}, "lubang | kosong": {0, 0}, "!lubang": {2, 1}, "lubang:*": {2, 1},
		"'; DROP TABLE reports; --": {0, 0}, "((((": {0, 0}, "<-> & | !": {0, 0}, "\\": {0, 0}, "%": {0, 0}, "": {2, 1}, "pasar OR tidak": {0, 0},
	} {
		for _, order := range []string{"NEWEST", "OLDEST", "MOST_UPVOTED", "DUE_SOONEST"} {
			variables := map[string]any{"d": demo.DepartmentID("jalan").String(), "f": map[string]any{"text": text}, "o": order}
			got := f.ask(t, officer, department, variables).fine()
			if n := len(listed(got.at("departmentReports.nodes"), "id")); n != want[0] {
				t.Errorf("%q by %s: the department finds %d", text, order, n)
			}
			if order == "DUE_SOONEST" {
				continue // not for everybody
			}
			delete(variables, "d")
			if n := len(listed(f.ask(t, civic.Principal{}, everybody, variables).fine().at("publicReports.nodes"), "id")); n != want[1] {
				t.Errorf("%q by %s: everybody finds %d", text, order, n)
			}
		}
	}
	for _, report := range []*civic.Report{public, private} {
		filter := map[string]any{"text": strings.ToLower(report.Number), "statuses": []string{"CLOSED"}, "unassigned": false, "priorities": []string{}}
		got := f.ask(t, officer, department, map[string]any{"d": demo.DepartmentID("jalan").String(), "f": filter}).fine()
		if found := listed(got.at("departmentReports.nodes"), "id"); !slices.Equal(found, []string{report.ID.String()}) {
			t.Errorf("by number: %v", found)
		}
		if code, _ := f.ask(t, c.Officer("kesehatan"), department, map[string]any{"d": demo.DepartmentID("jalan").String(), "f": filter}).refusal(); code != "NOT_FOUND" {
			t.Errorf("another department finds it: %s", code)
		}
		found := listed(f.ask(t, civic.Principal{}, everybody, map[string]any{"f": map[string]any{"text": report.Number}}).fine().at("publicReports.nodes"), "id")
		if (len(found) == 1) != (report == public) {
			t.Errorf("by number everybody finds %v", found)
		}
	}
}

// Citizens are told of public reports that are like theirs, departments of their own, whatever they are.
func TestSimilarReports(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	at := func(metres float64) func(*civic.Submission) {
		return func(s *civic.Submission) {
			s.Place, _ = c.City.CheckPlace("location", civic.Place{Latitude: -6.9 + metres/111_195, Longitude: 107.6})
		}
	}
	own, near, private := c.File(at(0)).ID, c.File(at(30)).ID, c.File(at(60), coretest.Visibility(civic.Private)).ID
	hidden, gone := c.File(at(10)).ID, c.File(at(10)).ID
	c.File(at(400))                    // too far
	c.File(at(5), c.Of("lampu-jalan")) // another kind
	c.Exec("UPDATE reports SET hidden = true WHERE id = $1", hidden.Bytes())
	c.Exec("UPDATE reports SET status = 'CLOSED', closed_at = $2 WHERE id = $1", gone.Bytes(), coretest.Monday.AddDate(0, 0, -31))
	const similar = `query($c: ID) { similarReports(location: {latitude: -6.9, longitude: 107.6}, category: $c, text: "Lubang besar") { id } }`
	category := map[string]any{"c": demo.CategoryID("jalan-rusak").String()}
	names := map[string]string{own.String(): "own", near.String(): "near", private.String(): "private", hidden.String(): "hidden"}
	told := func(list any) string {
		var found []string
		for _, id := range listed(list, "id") {
			found = append(found, names[id])
		}
		return strings.Join(found, " ")
	}
	for who, want := range map[*civic.Principal]string{
		{}: "own near", new(coretest.Citizen("budi")): "own near", new(c.Officer("jalan")): "own hidden near private", new(c.Officer("kesehatan")): "",
	} {
		if got := told(f.ask(t, *who, similar, category).fine().at("similarReports")); got != want {
			t.Errorf("%s is told %q, want %q", who.Role, got, want)
		}
	}
	if got := len(listed(f.ask(t, civic.Principal{}, similar, nil).fine().at("similarReports"), "id")); got != 3 {
		t.Errorf("%d of any kind", got)
	}
	const duplicates = `query($id: ID!) { report(id: $id) { id possibleDuplicates { id } } }`
	got := f.ask(t, c.Officer("jalan"), duplicates, map[string]any{"id": own.String()}).fine()
	if told := told(got.at("report.possibleDuplicates")); told != "hidden near private" {
		t.Errorf("duplicates: %q", told)
	}
	if code, _ := f.ask(t, coretest.Citizen("budi"), duplicates, map[string]any{"id": own.String()}).refusal(); code != "FORBIDDEN" {
		t.Errorf("the reporter is told of duplicates: %s", code)
	}
	nowhere := c.File().ID.String()
	if got := f.ask(t, c.Officer("jalan"), duplicates, map[string]any{"id": nowhere}).fine().at("report.possibleDuplicates"); len(got.([]any)) != 0 {
		t.Errorf("a report without a place is like %v", got)
	}
	if _, field := f.ask(t, civic.Principal{}, `{ similarReports(location: {latitude: 0, longitude: 0}) { id } }`, nil).refusal(); field != "location" {
		t.Error("a place outside the city is looked at")
	}
}

// From the moment it is hidden no public way shows a report; shown again, all do.
func TestAHiddenReportIsGone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	report := c.File(func(s *civic.Submission) {
		s.Place, _ = c.City.CheckPlace("location", civic.Place{Latitude: -6.9, Longitude: 107.6})
	})
	id, siti := report.ID.String(), coretest.Citizen("siti")
	comment := f.ask(t, siti, `mutation($r: ID!) { commentOnReport(report: $r, body: "x") { id } }`, map[string]any{"r": id}).fine().at("commentOnReport.id")
	ways := map[string]map[string]any{
		`query($x: ID!) { report(id: $x) { id } }`: {"x": id}, `query($x: String!) { report(number: $x) { id } }`: {"x": report.Number},
		`query($x: ID!) { node(id: $x) { id } }`: {"x": id}, `query($x: ID!) { n: node(id: $x) { id } }`: {"x": comment},
		`{ publicReports { nodes { id } } }`: nil, `{ similarReports(location: {latitude: -6.9, longitude: 107.6}) { id } }`: nil,
		`query($x: String!) { publicReports(filter: {text: $x}) { nodes { id } } }`: {"x": report.Number},
		`mutation($x: ID!) { upvoteReport(report: $x) { id } }`:                     {"x": id}, `mutation($x: ID!) { followReport(report: $x) { id } }`: {"x": id},
		`mutation($x: ID!) { commentOnReport(report: $x, body: "y") { id } }`: {"x": id},
	}
	for _, hidden := range []bool{true, false} {
		f.ask(t, c.Officer("jalan"), `mutation($r: ID!, $h: Boolean!) { hideReport(report: $r, hidden: $h, reason: "nama anak") { hidden } }`,
			map[string]any{"r": id, "h": hidden}).fine()
		for way, variables := range ways {
			got := f.ask(t, siti, way, variables)
			code, _ := got.refusal()
			shown := code == "" && strings.Contains(fmt.Sprint(got.Data), "_")
			if shown == hidden || hidden && code != "" && code != "NOT_FOUND" {
				t.Errorf("hidden %v: %s: shown %v, %q", hidden, way, shown, code)
			}
		}
		f.ask(t, coretest.Citizen("budi"), `query($x: ID!) { report(id: $x) { id } }`, map[string]any{"x": id}).fine()
	}
}

// That time is short is its department's to know, not the public's and not the reporter's.
func TestAWarningIsForTheDepartment(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	report := c.File()
	warning, change := civic.EventOf(civic.EventDueSoon, report, coretest.Monday), civic.EventOf(civic.EventEdited, report, coretest.Monday)
	warning.Sequence, change.Sequence = 1, 2
	f := newFace(t, c, plan{feed: given{&warning, &change}})
	for _, w := range []struct {
		who      civic.Principal
		document string
		want     string
	}{
		{c.Officer("jalan"), `subscription($x: ID!) { f: departmentFeed(department: $x) { kind } }`, "DUE_SOON EDITED"},
		{c.Officer("jalan"), `subscription($x: ID!) { f: reportChanged(report: $x) { kind } }`, "DUE_SOON EDITED"},
		{c.Officer("kesehatan"), `subscription($x: ID!) { f: reportChanged(report: $x) { kind } }`, "EDITED"},
		{coretest.Citizen("budi"), `subscription($x: ID!) { f: reportChanged(report: $x) { kind } }`, "EDITED"},
		{civic.Principal{}, `subscription { f: publicFeed { kind } }`, "EDITED"},
	} {
		x := report.ID.String()
		if strings.Contains(w.document, "departmentFeed") {
			x = demo.DepartmentID("jalan").String()
		}
		next := f.follow(t, t.Context(), w.who, w.document, map[string]any{"x": x})
		var kinds []string
		for got := next(); got.Data != nil; got = next() {
			kinds = append(kinds, got.at("f.kind").(string))
		}
		if got := strings.Join(kinds, " "); got != w.want {
			t.Errorf("%s, %s: %q", w.who.Role, w.document, got)
		}
	}
}

// What hangs on a page of reports is loaded once for all of them.
func TestRatingsAndFollowersAreLoadedOnce(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	siti := coretest.Citizen("siti")
	for i := range 6 {
		id := c.File(coretest.By(siti), c.Of("pelayanan-puskesmas")).ID
		if i%2 == 1 {
			continue
		}
		for _, to := range []string{"IN_PROGRESS", "RESOLVED"} {
			f.ask(t, c.Officer("puskesmas"), `mutation($r: ID!, $s: Status!) { changeStatus(report: $r, to: $s) { id } }`, map[string]any{"r": id.String(), "s": to}).fine()
		}
		f.ask(t, siti, `mutation($r: ID!) { rateResolution(report: $r, score: 4, comment: "baik") { rating { score comment } } followReport(report: $r) { followedByMe } }`,
			map[string]any{"r": id.String()}).fine()
	}
	f.queries.take()
	got := f.ask(t, siti, `{ publicReports { nodes { followedByMe rating { score comment ratedAt } } } }`, nil).fine().at("publicReports.nodes")
	sent := f.queries.take()
	slices.Sort(sent)
	if want := []string{"ListFollowed", "ListRatings", "PageOfReports", "begin", "begin", "commit", "commit"}; !slices.Equal(sent, want) {
		t.Errorf("queries: %v", sent)
	}
	followed, rated := 0, 0
	for i, score := range listed(got, "rating.score") {
		if score == "4" {
			rated++
		}
		if listed(got, "followedByMe")[i] == "true" {
			followed++
		}
	}
	if followed != 3 || rated != 3 {
		t.Errorf("%d followed, %d rated", followed, rated)
	}
	if score, _ := f.ask(t, civic.Principal{}, `{ publicReports { nodes { followedByMe rating { score } } } }`, nil).refusal(); score != "" {
		t.Errorf("a stranger may not look: %s", score)
	}
}

func TestTheRestOfTheFace(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{intake: newDoor(t)})
	presets := f.ask(t, civic.Principal{}, `{ deadlinePresets { workingDays workingHours } }`, nil).fine().at("deadlinePresets")
	if got := listed(presets, "workingHours"); !slices.Equal(got, []string{"24", "40", "112", "480"}) {
		t.Errorf("presets: %v", got)
	}
	const counter = `mutation($in: SubmitReportInput!) { fileAtCounter(input: $in, contact: "Bu Ani") { state report { id reporter { name } department { code } } } }`
	input := map[string]any{"title": "Sampah", "body": "Menumpuk", "visibility": "PRIVATE", "clientKey": "k", "category": demo.CategoryID("sampah").String()}
	var ids []any
	for range 2 { // a retry shows the same report, though it is another department's to see
		got := f.ask(t, c.Officer("kesehatan"), counter, map[string]any{"in": input}).fine()
		ids = append(ids, got.at("fileAtCounter.report.id"))
		if got.at("fileAtCounter.report.reporter") != nil || got.at("fileAtCounter.report.department.code") != "kebersihan" {
			t.Errorf("%v", got.Data)
		}
	}
	if ids[0] != ids[1] {
		t.Errorf("a retry is another report: %v", ids)
	}
	head, from, to := c.Officer("jalan"), c.Officer("infrastruktur"), c.Officer("jalan")
	id := c.File().ID.String()
	f.ask(t, head, `mutation($r: ID!, $o: ID!) { assignReport(report: $r, officer: $o) { id } }`, map[string]any{"r": id, "o": to.Officer.String()}).fine()
	const handOver = `mutation($a: ID!, $b: ID!) { handOver(from: $a, to: $b) }`
	variables := map[string]any{"a": to.Officer.String(), "b": from.Officer.String()}
	if got := f.ask(t, from, handOver, variables).fine().at("handOver"); got != float64(1) {
		t.Errorf("%v handed over", got)
	}
	for who, code := range map[*civic.Principal]string{
		new(coretest.Citizen("budi")): "FORBIDDEN", {}: "UNAUTHENTICATED", new(c.Officer("kesehatan")): "NOT_FOUND", &head: "NOT_FOUND",
	} {
		if got, _ := f.ask(t, *who, handOver, variables).refusal(); got != code {
			t.Errorf("%s of %s hands over: %q", who.Role, who.Department, got)
		}
	}
	dues := f.ask(t, head, `query($r: ID!) { report(id: $r) { responseDueAt resolutionDueAt } }`, map[string]any{"r": id}).fine()
	if dues.at("report.responseDueAt") == nil || dues.at("report.resolutionDueAt") == nil {
		t.Errorf("%v", dues.Data)
	}
	const holiday = `mutation { saveHoliday(date: "2026-11-24", name: "Pilkada") }`
	if code, _ := f.ask(t, head, holiday, nil).refusal(); code != "FORBIDDEN" {
		t.Errorf("an officer makes holidays: %q", code)
	}
	admin := civic.Principal{Role: civic.RoleAdmin, Officer: head.Officer, Department: demo.DepartmentID("sekda")}
	if f.ask(t, admin, holiday, nil).fine().at("saveHoliday") != true {
		t.Error("the administrator cannot")
	}
}
