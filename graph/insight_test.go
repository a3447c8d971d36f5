package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
	"github.com/jagawarga/jagawarga/rollups"
)

// counted brings the figures up to date.
func counted(t *testing.T, c *coretest.Core) {
	t.Helper()
	if err := rollups.New(rollups.Config{}, c.Store(roles.Ingest), func() *time.Location { return c.City.Calendar.Zone }).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// textOf is an answer's data as JSON.
func textOf(t *testing.T, a answer) string {
	t.Helper()
	text, err := json.Marshal(a.Data)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const lately = `from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z"`

func TestWhoSeesWhichFigures(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	for range 3 {
		c.File(c.Of("jalan-rusak"), coretest.Visibility(civic.Private))
	}
	c.File(c.Of("banjir"))
	counted(t, c)
	head := func(code string, role civic.Role) civic.Principal {
		return civic.Principal{Role: role, Officer: c.Officer("jalan").Officer, Department: demo.DepartmentID(code)}
	}
	refused := func(code string) string { return code }
	for name, ask := range map[string]struct {
		p    civic.Principal
		of   string
		want string
	}{
		"an officer":                         {head("jalan", civic.RoleOfficer), "", "3"},
		"an officer of the department above": {head("infrastruktur", civic.RoleOfficer), "", "0"},
		"one who asks for below":             {head("infrastruktur", civic.RoleOfficer), "jalan", refused("NOT_FOUND")},
		"the head above":                     {head("infrastruktur", civic.RoleDepartmentHead), "", "4"},
		"the head above, of one":             {head("infrastruktur", civic.RoleDepartmentHead), "drainase", "1"},
		"a head elsewhere":                   {head("kesehatan", civic.RoleDepartmentHead), "", "0"},
		"a head elsewhere, of another":       {head("kesehatan", civic.RoleDepartmentHead), "jalan", refused("NOT_FOUND")},
		"the head authority":                 {head("walikota", civic.RoleHeadAuthority), "", "4"},
		"a citizen":                          {coretest.Citizen("budi"), "", refused("FORBIDDEN")},
		"a stranger":                         {civic.Principal{}, "", refused("UNAUTHENTICATED")},
	} {
		of := ""
		if ask.of != "" {
			of = fmt.Sprintf("department: %q, ", demo.DepartmentID(ask.of))
		}
		got := f.ask(t, ask.p, "{ analytics("+of+lately+") { total byDepartment { count } } }", nil)
		if code, _ := got.refusal(); code != "" || len(got.Errors) > 0 {
			if code != ask.want {
				t.Errorf("%s: %s %v, want %s", name, code, got.Errors, ask.want)
			}
			continue
		}
		if text := textOf(t, got); !strings.Contains(text, `"total":`+ask.want+`}`) && !strings.Contains(text, `"total":`+ask.want+`,`) {
			t.Errorf("%s: %s, want %s", name, text, ask.want)
		}
	}
	everybody := textOf(t, f.ask(t, civic.Principal{}, "{ cityStatistics { received open resolved medianResolutionHours withinSla } }", nil))
	if everybody != `{"cityStatistics":{"medianResolutionHours":null,"open":4,"received":4,"resolved":0,"withinSla":null}}` {
		t.Errorf("everybody is told %s", everybody)
	}
}

func TestPeriodsThatAreNone(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	mayor := c.Officer("walikota")
	for question, field := range map[string]string{
		`analytics(from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z") { total }`:                       "to",
		`analytics(from: "1926-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z") { total }`:                       "to",
		`performance(from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z") { received }`:                  "to",
		`performance(from: "1026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z") { received }`:                  "to",
		`analytics(from: "2026-01-02T00:00:00Z", to: "2026-11-01T00:00:00Z") { series(bucket: HOUR) { at } }`: "bucket",
		`analytics(` + lately + `) { hotspots(limit: 0) { count } }`:                                          "limit",
		`analytics(` + lately + `, department: "x") { total }`:                                                "department",
	} {
		got := f.ask(t, mayor, "{ "+question+" }", nil)
		if code, _ := got.refusal(); code != "INVALID_INPUT" || got.Errors[0].Extensions["field"] != field {
			t.Errorf("%s: %v", question, got.Errors)
		}
	}
	for _, question := range []string{
		`analytics(from: "0000-01-01T00:00:00Z", to: "0001-01-01T00:00:00Z") { total series { at } byCategory { key } }`,
		`analytics(from: "9990-01-01T00:00:00Z", to: "9999-12-31T23:00:00Z") { total }`,
		`analytics(` + lately + `, filter: { departments: [] }) { total byDepartment { key } series { received } hotspots { count } }`,
		`analytics(` + lately + `, filter: { createdFrom: "2027-01-01T00:00:00Z" }) { total series { received } }`,
	} {
		if got := f.ask(t, mayor, "{ "+question+" }", nil); len(got.Errors) > 0 || !strings.Contains(textOf(t, got), `"total":0`) {
			t.Errorf("%s: %v %v", question, got.Errors, got.Data)
		}
	}
}

// Figures of few anonymous reports do not leave their department by themselves.
func TestFewAnonymousReportsAreToldTogether(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	for code, n := range map[string]int{"jalan-rusak": 2, "trotoar": 6, "jembatan": 0} {
		for range n {
			c.File(c.Of(code), coretest.Visibility(civic.Anonymous))
		}
		c.File(c.Of(code))
	}
	counted(t, c)
	const question = "{ analytics(" + lately + ") { total byCategory { key label count } } }"
	own := textOf(t, f.ask(t, civic.Principal{Role: civic.RoleOfficer, Officer: c.Officer("jalan").Officer, Department: demo.DepartmentID("jalan")}, question, nil))
	if strings.Contains(own, "other") || !strings.Contains(own, demo.CategoryID("jalan-rusak").String()) {
		t.Errorf("the department itself is told %s", own)
	}
	mayor := textOf(t, f.ask(t, c.Officer("walikota"), question, nil))
	if strings.Contains(mayor, demo.CategoryID("jalan-rusak").String()) || !strings.Contains(mayor, `"key":"other"`) || !strings.Contains(mayor, `"total":11`) {
		t.Errorf("above it is told %s", mayor)
	}
}

func TestPerformanceIsFollowed(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	counted(t, c)
	next := f.follow(t, t.Context(), c.Officer("walikota"), "subscription { performanceChanged { department { code } received open officers { handled } } }", nil)
	heard := make(chan string, 1)
	go func() { heard <- textOf(t, next()) }()
	c.File(c.Of("jalan-rusak"), coretest.At(time.Now().Add(-time.Minute)))
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		counted(t, c)
		select {
		case text := <-heard:
			if !strings.Contains(text, `"code":"jalan"`) || !strings.Contains(text, `"received":1`) {
				t.Errorf("heard %s", text)
			}
			return
		case <-ticker.C:
		case <-t.Context().Done():
			t.Fatal("nothing is heard")
		}
	}
}

func TestPerformanceByOfficer(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	f := newFace(t, c, plan{})
	officer := c.Officer("jalan")
	report := c.File(c.Of("jalan-rusak"))
	if _, err := f.desk.Assign(t.Context(), officer, report.ID, officer.Officer); err != nil {
		t.Fatal(err)
	}
	if _, err := f.desk.ChangeStatus(t.Context(), officer, report.ID, civic.Rejected, "Bukan jalan kota."); err != nil {
		t.Fatal(err)
	}
	counted(t, c)
	head := civic.Principal{Role: civic.RoleDepartmentHead, Officer: officer.Officer, Department: demo.DepartmentID("infrastruktur")}
	text := textOf(t, f.ask(t, head, "{ performance("+lately+") { department { code } received open withinSla officers { officer { id } handled rating } } }", nil))
	for _, want := range []string{`"code":"drainase"`, `"code":"infrastruktur"`, `"handled":1`, officer.Officer.String()} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
}
