package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// routed is an office that reads its city anew when it is changed, with a door for new reports.
type routed struct {
	office
	city *civic.City
	in   accepted
}

func newRouted(t *testing.T) *routed {
	o := &routed{office: newOffice(t)}
	o.city = o.City
	renew := func(ctx context.Context) (err error) {
		o.city, err = o.rows.City(ctx, 1)
		return err
	}
	o.desk = casework.New(casework.Config{Now: func() time.Time { return coretest.Monday }}, casework.Ports{
		City: func() *civic.City { return o.city }, Records: records.Of{Store: o.rows}, Intake: &o.in, Renew: renew,
	})
	return o
}

func head(o office, department string) civic.Principal {
	p := o.Officer(department)
	p.Role = civic.RoleDepartmentHead
	return p
}

// A rule counts from the next report on, without the database, and an officer has it on the desk when it is taken in.
func TestRoutingRules(t *testing.T) {
	t.Parallel()
	o := newRouted(t)
	boss := head(o.office, "kebersihan")
	north := demo.DepartmentID("kebersihan-utara")
	rule := civic.RoutingRule{Department: demo.DepartmentID("kebersihan"), Name: "Utara", Enabled: true, Category: new(demo.CategoryID("sampah")), Unit: &north}
	saved := done[*civic.RoutingRule](t)(o.desk.SaveRoutingRule(t.Context(), boss, rule))
	file := func() civic.Submission {
		t.Helper()
		draft := casework.Draft{Title: "Sampah", Body: "Menumpuk", Category: new(demo.CategoryID("sampah")), Visibility: civic.Public}
		s, _, _, err := o.desk.Submit(t.Context(), coretest.Citizen("budi"), draft)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := file(); s.Department != north {
		t.Errorf("it goes to %s", o.City.Department(s.Department).Code)
	}
	officer := o.Officer("kebersihan-utara").Officer
	saved.Unit, saved.Officer = nil, &officer
	done[*civic.RoutingRule](t)(o.desk.SaveRoutingRule(t.Context(), boss, *saved))
	s := file()
	ingest := o.Store(roles.Ingest)
	if _, err := ingest.TakeIn(t.Context(), o.desk.TakeIn([]civic.Submission{s})); err != nil {
		t.Fatal(err)
	}
	if r := o.Report(s.Report); r.Department != north || r.Assignee == nil || *r.Assignee != officer {
		t.Errorf("%+v", r)
	}
	if n := o.Count("SELECT count(*) FROM audit WHERE action IN ('save_routing_rule', 'change_routing_rule')"); n != 2 {
		t.Errorf("%d audit lines", n)
	}
	if err := o.desk.DeleteRoutingRule(t.Context(), boss, saved.ID); err != nil {
		t.Fatal(err)
	}
	if s := file(); s.Department != demo.DepartmentID("kebersihan") || len(o.city.Rules()) != 0 {
		t.Errorf("without a rule it goes to %s", o.City.Department(s.Department).Code)
	}
	err := o.desk.DeleteRoutingRule(t.Context(), boss, saved.ID)
	refused(t, "deleted twice", err, civic.CodeNotFound, "")
}

// Heads decide for their own house, administrators for all.
func TestWhoMayRoute(t *testing.T) {
	t.Parallel()
	o := newRouted(t)
	rule := civic.RoutingRule{Department: demo.DepartmentID("kebersihan"), Name: "x", Unit: new(demo.DepartmentID("kebersihan-utara"))}
	admin := o.Officer("sekda")
	admin.Role = civic.RoleAdmin
	saved := done[*civic.RoutingRule](t)(o.desk.SaveRoutingRule(t.Context(), admin, rule))
	officer := o.Officer("kebersihan")
	officer.Role = civic.RoleOfficer
	below := head(o.office, "kebersihan-utara")
	for what, c := range map[string]struct {
		p    civic.Principal
		code civic.Code
	}{
		"an officer":    {officer, civic.CodeForbidden},
		"a citizen":     {coretest.Citizen("budi"), civic.CodeForbidden},
		"a stranger":    {civic.Principal{}, civic.CodeForbidden},
		"another house": {head(o.office, "kesehatan"), civic.CodeNotFound},
		"a head below":  {below, civic.CodeNotFound},
	} {
		_, err := o.desk.SaveRoutingRule(t.Context(), c.p, *saved)
		refused(t, what+" saves", err, c.code, "")
		if err := o.desk.DeleteRoutingRule(t.Context(), c.p, saved.ID); err == nil {
			t.Errorf("%s deletes", what)
		}
	}
	// A rule does not change houses.
	other := *saved
	other.Department, other.Unit = demo.DepartmentID("kebersihan-utara"), new(demo.DepartmentID("kebersihan-utara"))
	_, err := o.desk.SaveRoutingRule(t.Context(), below, other)
	refused(t, "taken over", err, civic.CodeNotFound, "")
	if n := o.Count("SELECT count(*) FROM routing_rules WHERE department_id = $1", demo.DepartmentID("kebersihan").Bytes()); n != 1 {
		t.Errorf("%d rules", n)
	}
}
