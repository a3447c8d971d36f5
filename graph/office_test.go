package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

// The office is an administrator's, at the directive and at the verb; each holds alone.
func TestTheOfficeIsForAdministrators(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	department, category, officer := demo.DepartmentID("jalan").String(), demo.CategoryID("trotoar").String(), c.Officer("jalan").Officer.String()
	acts := []string{
		fmt.Sprintf(`mutation { saveDepartment(input: {id: %q, code: "jalan", name: "x"}) { id } }`, department),
		fmt.Sprintf(`mutation { retireDepartment(department: %q) }`, department),
		fmt.Sprintf(`mutation { saveCategory(input: {id: %q, code: "trotoar", nameId: "x", nameEn: "x", department: %q, responseHours: 1, resolutionHours: 2,
			sensitive: false, proofRequired: false, publicOnMap: true}) { id } }`, category, department),
		fmt.Sprintf(`mutation { retireCategory(category: %q) }`, category),
		fmt.Sprintf(`mutation { saveOfficer(input: {id: %q, name: "x", email: "x@kota.test", department: %q, role: ADMIN}) { id } }`, officer, department),
		fmt.Sprintf(`mutation { retireOfficer(officer: %q) }`, officer),
		`mutation { saveHoliday(date: "2026-12-31", name: "x") }`, `mutation { removeHoliday(date: "2026-12-25") }`, `mutation { saveRetention(days: 1) }`,
		`mutation { saveCause(input: {code: "x", nameId: "x", nameEn: ""}) { id } }`, fmt.Sprintf(`mutation { retireCause(cause: %q) }`, demo.CauseID("cuaca")),
	}
	for _, walls := range []plan{{}, {noDirectives: true}, {noVerbs: true, noDirectives: true, noRows: true}} {
		f := newFace(t, c, walls)
		for _, who := range []civic.Principal{{}, coretest.Citizen("budi"), c.Officer("jalan"), c.Officer("infrastruktur"), c.Officer("walikota")} {
			for _, act := range acts {
				if code, _ := f.ask(t, who, act, nil).refusal(); code != "FORBIDDEN" && code != "UNAUTHENTICATED" {
					t.Errorf("%+v: %s %s: %q", walls, who.Role, act, code)
				}
			}
		}
	}
	if n := c.Count("SELECT count(*) FROM audit WHERE detail ? 'office'"); n != 0 {
		t.Errorf("%d acts", n)
	}
}

// What an administrator writes comes back in both languages, with its questions; ids that are none are named.
func TestACategoryComesBack(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	admin := c.Officer("sekda")
	admin.Role = civic.RoleAdmin
	const save = `mutation($in: CategoryInput!) { saveCategory(input: $in) { id code name retired questions { code label required choices { value label stop } } } }`
	input := map[string]any{
		"code": "pohon-miring", "nameId": "Pohon tumbang", "nameEn": "Fallen tree", "department": demo.DepartmentID("lingkungan").String(),
		"responseHours": 2, "resolutionHours": 8, "sensitive": false, "proofRequired": true, "publicOnMap": true, "keywords": []any{"Pohon  Tumbang!"},
		"questions": []any{map[string]any{"code": "korban", "labelId": "Ada korban?", "labelEn": "Anybody hurt?", "required": true, "choices": []any{
			map[string]any{"value": "tidak", "labelId": "Tidak"}, map[string]any{"value": "ya", "labelId": "Ya", "stopId": "Hubungi 112"},
		}}},
	}
	got := f.ask(t, admin, save, map[string]any{"in": input}).fine()
	if got.at("saveCategory.name") != "Pohon tumbang" || got.at("saveCategory.retired") != false || !strings.Contains(fmt.Sprint(got.at("saveCategory.questions")), "Hubungi 112") {
		t.Errorf("%v", got.Data)
	}
	if n := c.Count(`SELECT count(*) FROM categories WHERE code = 'pohon-miring' AND keywords = '["pohon tumbang"]' AND proof_required`); n != 1 {
		t.Error("it was stored as something else")
	}
	for field, broken := range map[string]any{"department": "", "parent": "x", "id": "y"} {
		before, had := input[field]
		input[field] = broken
		if code, at := f.ask(t, admin, save, map[string]any{"in": input}).refusal(); code != "INVALID_INPUT" || at != field {
			t.Errorf("%s: %s %s", field, code, at)
		}
		if delete(input, field); had {
			input[field] = before
		}
	}
}

// Holidays are everybody's to know; officers are listed for their colleagues.
func TestHolidaysAndOfficersAreListed(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	days := f.ask(t, civic.Principal{}, `{ holidays(year: 2026) { date name } }`, nil).fine().at("holidays")
	if dates := listed(days, "date"); len(dates) < 5 || dates[0] >= dates[len(dates)-1] || !strings.HasPrefix(dates[0], "2026-") {
		t.Errorf("%v", dates)
	}
	const who = `query($d: ID!) { officers(department: $d) { name retired department { code } } }`
	ask := func(p civic.Principal, department string) answer {
		return f.ask(t, p, who, map[string]any{"d": demo.DepartmentID(department).String()})
	}
	names := listed(ask(c.Officer("infrastruktur"), "infrastruktur").fine().at("officers"), "department.code")
	if !strings.Contains(strings.Join(names, " "), "jalan") || strings.Contains(strings.Join(names, " "), "kesehatan") {
		t.Errorf("%v", names)
	}
	if code, _ := ask(c.Officer("jalan"), "kesehatan").refusal(); code != "NOT_FOUND" {
		t.Errorf("another department's: %q", code)
	}
	if code, _ := ask(coretest.Citizen("budi"), "jalan").refusal(); code != "FORBIDDEN" {
		t.Errorf("a citizen: %q", code)
	}
	admin := c.Officer("jalan")
	admin.Role = civic.RoleAdmin
	ask(admin, "kesehatan").fine()
}

// The reporter adds pictures; the answer shows them.
func TestEditReportAddsMedia(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{media: keeper(t)})
	id := c.File().ID.String()
	const edit = `mutation($r: ID!, $m: [Upload!]) { editReport(report: $r, input: {addMedia: $m}) { media { kind width } } }`
	got := f.ask(t, coretest.Citizen("budi"), edit, map[string]any{"r": id, "m": []any{drawn(t), drawn(t)}}).fine()
	if shown, _ := got.at("editReport.media").([]any); len(shown) != 2 {
		t.Errorf("%v", got.Data)
	}
	if code, field := f.ask(t, coretest.Citizen("budi"), edit, map[string]any{"r": id, "m": []any{}}).refusal(); code != "INVALID_INPUT" || field != "input" {
		t.Errorf("%s %s", code, field)
	}
}
