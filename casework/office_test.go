package casework_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// hall is an office whose city changes.
type hall struct {
	office
	accounts *addresses
	admin    civic.Principal
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{office: newOffice(t), accounts: &addresses{of: map[string]civic.OfficerID{}}}
	h.ticking()
	h.admin = h.Officer("sekda")
	h.admin.Role = civic.RoleAdmin
	renew := func(ctx context.Context) (err error) {
		h.City, err = h.rows.City(ctx, 1)
		return err
	}
	h.desk = casework.New(casework.Config{}, casework.Ports{
		City: func() *civic.City { return h.City }, Records: records.Of{Store: h.rows}, Renew: renew, Accounts: h.accounts,
	})
	return h
}

// addresses stands for the accounts of the identity service, which is tested with it elsewhere.
type addresses struct {
	mu   sync.Mutex
	of   map[string]civic.OfficerID
	gone []civic.OfficerID
}

func (a *addresses) SaveOfficer(_ context.Context, o civic.Officer, email, _ string) (civic.OfficerID, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	whose, taken := a.of[email]
	switch {
	case taken && o.ID.IsZero():
		return whose, true, nil
	case taken && whose != o.ID:
		return o.ID, false, civic.Conflict("officer.email_taken")
	case o.ID.IsZero():
		o.ID.UUID = civic.NamedUUID("account " + email)
	}
	a.of[email] = o.ID
	return o.ID, false, nil
}

func (a *addresses) RetireOfficer(_ context.Context, id civic.OfficerID) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gone = append(a.gone, id)
	return nil
}

func dept(code string) *civic.DepartmentID { return new(demo.DepartmentID(code)) }

// A department moves with everything that hangs on it: who sees its reports, who answers what has climbed, and the levels.
func TestADepartmentMovesInTheTree(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	jalan, boss, newBoss := h.Officer("jalan"), h.Officer("infrastruktur"), h.Officer("perhubungan")
	id := h.File(coretest.Visibility(civic.Private)).ID
	done[*civic.Report](t)(h.desk.Escalate(t.Context(), jalan, id, "mendesak"))
	if to := h.Report(id).Escalation.To; to == nil || *to != demo.DepartmentID("infrastruktur") {
		t.Fatalf("it climbed to %v", to)
	}
	before := *h.City.Department(demo.DepartmentID("jalan"))
	move := civic.Department{ID: before.ID, Code: before.Code, Name: before.Name, Parent: dept("perhubungan")}
	done[*civic.Department](t)(h.desk.SaveDepartment(t.Context(), h.admin, move))
	if to := h.Report(id).Escalation.To; to == nil || *to != demo.DepartmentID("perhubungan") {
		t.Errorf("what has climbed is answered by %v", to)
	}
	_, err := h.desk.AddNote(t.Context(), boss, id, "x")
	refused(t, "the former boss", err, civic.CodeNotFound, "")
	done[*civic.Note](t)(h.desk.AddNote(t.Context(), newBoss, id, "x"))

	// A unit below a unit: everything else rises.
	deeper := done[*civic.Department](t)(h.desk.SaveDepartment(t.Context(), h.admin, civic.Department{
		Code: "jalan-kecil", Name: civic.Words{ID: " Jalan kecil "}, Parent: dept("jalan"),
	}))
	for code, level := range map[string]int{"walikota": 4, "sekda": 3, "perhubungan": 2, "jalan": 1, "drainase": 1} {
		if got := h.City.Department(demo.DepartmentID(code)).Level; got != level {
			t.Errorf("%s is at level %d, want %d", code, got, level)
		}
	}
	if stored := h.City.Department(deeper.ID); stored.Level != 0 || stored.Name.ID != "Jalan kecil" {
		t.Errorf("%+v", stored)
	}
	for what, c := range map[string]struct {
		draft civic.Department
		code  civic.Code
		field string
	}{
		"its own parent":     {civic.Department{ID: before.ID, Code: "jalan", Name: before.Name, Parent: &before.ID}, civic.CodeInvalidInput, "parent"},
		"below its own unit": {civic.Department{ID: before.ID, Code: "jalan", Name: before.Name, Parent: &deeper.ID}, civic.CodeInvalidInput, "parent"},
		"the root below":     {civic.Department{ID: demo.DepartmentID("walikota"), Code: "walikota", Name: before.Name, Parent: dept("sekda")}, civic.CodeInvalidInput, "parent"},
		"a second root":      {civic.Department{Code: "lain", Name: before.Name}, civic.CodeInvalidInput, "parent"},
		"no such parent":     {civic.Department{Code: "lain", Name: before.Name, Parent: dept("none")}, civic.CodeInvalidInput, "parent"},
		"a code taken":       {civic.Department{Code: "air", Name: before.Name, Parent: dept("sekda")}, civic.CodeConflict, ""},
		"another code":       {civic.Department{ID: before.ID, Code: "jalan2", Name: before.Name}, civic.CodeInvalidInput, "code"},
		"a malformed code":   {civic.Department{Code: "Jalan Baru", Name: before.Name, Parent: dept("sekda")}, civic.CodeInvalidInput, "code"},
		"no name":            {civic.Department{ID: before.ID, Code: "jalan"}, civic.CodeInvalidInput, "name"},
		"nobody":             {civic.Department{ID: *dept("none"), Code: "x", Name: before.Name}, civic.CodeNotFound, ""},
	} {
		_, err := h.desk.SaveDepartment(t.Context(), h.admin, c.draft)
		refused(t, what, err, c.code, c.field)
	}
	_, err = h.desk.SaveDepartment(t.Context(), h.Officer("walikota"), move)
	refused(t, "no administrator", err, civic.CodeForbidden, "")
	if n := h.Count("SELECT count(*) FROM audit WHERE action = 'save_department' AND detail->'office'->'changes' ? 'parent'"); n != 2 {
		t.Errorf("%d lines tell of a place in the tree", n)
	}
}

// Of two who move departments at the same moment none makes a ring.
func TestMovesAtTheSameMomentMakeNoRing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	stale := h.City // both believe in this tree
	desk := casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return stale }, Records: records.Of{Store: h.rows}})
	var wait sync.WaitGroup
	for child, parent := range map[string]string{"air": "sosial", "sosial": "air"} {
		wait.Go(func() {
			d := stale.Department(demo.DepartmentID(child))
			_, _ = desk.SaveDepartment(t.Context(), h.admin, civic.Department{ID: d.ID, Code: d.Code, Name: d.Name, Parent: dept(parent)})
		})
	}
	wait.Wait()
	city := done[*civic.City](t)(h.rows.City(t.Context(), 1)) // a ring would not be read
	if city.Within(demo.DepartmentID("air"), demo.DepartmentID("sosial")) == city.Within(demo.DepartmentID("sosial"), demo.DepartmentID("air")) {
		t.Error("not exactly one of them moved")
	}
}

// A changed promise holds for what is open; questions are asked; what is retired takes nothing new and stays on the old.
func TestCategoriesChangeAndRetire(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	id := h.File().ID
	draft := *h.City.Category(demo.CategoryID("jalan-rusak"))
	draft.ResponseHours, draft.ResolutionHours, draft.Keywords = 3, 5, nil
	draft.Questions = []civic.Question{{Code: "bahaya", Label: civic.Words{ID: "Ada bahaya?"}, Choices: []civic.Choice{
		{Value: "tidak", Label: civic.Words{ID: "Tidak"}}, {Value: "ya", Label: civic.Words{ID: "Ya"}, Stop: &civic.Words{ID: "Hubungi 112."}},
	}}}
	saved := done[*civic.Category](t)(h.desk.SaveCategory(t.Context(), h.admin, draft))
	response, resolution := h.City.Promise(saved, coretest.Monday)
	if got := h.Report(id).Clock; !got.ResponseDue.Equal(response) || !got.ResolutionDue.Equal(resolution) || !got.NextDue.Equal(response) {
		t.Errorf("due %s and %s, want %s and %s", got.ResponseDue, got.ResolutionDue, response, resolution)
	}
	stored := h.City.Category(draft.ID)
	if len(stored.Questions) != 1 || stored.Questions[0].Choices[1].Stop.ID != "Hubungi 112." || len(stored.Keywords) == 0 {
		t.Errorf("%+v", stored)
	}
	if _, err := stored.CheckAnswers([]civic.Answer{{Question: "bahaya", Answer: "ya"}}); err == nil {
		t.Error("the form goes on after a stop")
	}
	for what, c := range map[string]struct {
		change func(*civic.Category)
		code   civic.Code
		field  string
	}{
		"no department":    {func(c *civic.Category) { c.Department = civic.DepartmentID{} }, civic.CodeInvalidInput, "department"},
		"no time":          {func(c *civic.Category) { c.ResponseHours = 0 }, civic.CodeInvalidInput, "responseHours"},
		"solved too early": {func(c *civic.Category) { c.ResolutionHours = 1 }, civic.CodeInvalidInput, "resolutionHours"},
		"its own parent":   {func(c *civic.Category) { c.Parent = &c.ID }, civic.CodeInvalidInput, "parent"},
		"no name":          {func(c *civic.Category) { c.Name.ID = "" }, civic.CodeInvalidInput, "nameId"},
		"a code taken":     {func(c *civic.Category) { c.ID, c.Code = civic.CategoryID{}, "banjir" }, civic.CodeConflict, ""},
		"a question twice": {func(c *civic.Category) { c.Questions = append(slices.Clone(c.Questions), c.Questions[0]) }, civic.CodeInvalidInput, "questions.1.code"},
		"no way on": {func(c *civic.Category) {
			c.Questions = []civic.Question{{Code: "a", Label: civic.Words{ID: "a"}, Choices: c.Questions[0].Choices[1:]}}
		}, civic.CodeInvalidInput, "questions.0.choices"},
	} {
		broken := *stored
		c.change(&broken)
		_, err := h.desk.SaveCategory(t.Context(), h.admin, broken)
		refused(t, what, err, c.code, c.field)
	}

	if err := h.desk.RetireCategory(t.Context(), h.admin, draft.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.desk.RetireCategory(t.Context(), h.admin, draft.ID); err != nil {
		t.Errorf("twice: %v", err)
	}
	if slices.ContainsFunc(h.City.Categories, func(c *civic.Category) bool { return c.ID == draft.ID }) || h.City.Category(draft.ID) == nil {
		t.Error("it is listed, or lost")
	}
	if slices.ContainsFunc(h.City.CategoriesFor("jalan rusak berlubang", 5), func(c *civic.Category) bool { return c.ID == draft.ID }) {
		t.Error("it is suggested")
	}
	other := h.File(h.Of("trotoar")).ID
	_, err := h.desk.Recategorize(t.Context(), h.Officer("jalan"), other, draft.ID)
	refused(t, "a report gets it", err, civic.CodeInvalidInput, "category")
	_, err = h.desk.SaveCategory(t.Context(), h.admin, draft)
	refused(t, "changed afterwards", err, civic.CodeConflict, "")
	refused(t, "the fallback", h.desk.RetireCategory(t.Context(), h.admin, demo.CategoryID(civic.FallbackCategory)), civic.CodeConflict, "")
	done[*civic.Report](t)(h.desk.ChangeStatus(t.Context(), h.Officer("jalan"), id, civic.Verified, "")) // the old one goes on
}

// Officers come, move and go; their desks are cleared of what they cannot see any more.
func TestOfficersComeAndGo(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	made := done[*civic.Officer](t)(h.desk.SaveOfficer(t.Context(), h.admin, civic.Officer{
		Name: "Dewi", Department: demo.DepartmentID("jalan"), Role: civic.RoleOfficer,
	}, "dewi@kota.test", "kata sandi panjang"))
	id := h.File().ID
	done[*civic.Report](t)(h.desk.Assign(t.Context(), h.Officer("jalan"), id, made.ID))
	again := civic.Officer{Name: "Dewi", Department: demo.DepartmentID("jalan"), Role: civic.RoleOfficer}
	_, err := h.desk.SaveOfficer(t.Context(), h.admin, again, "dewi@kota.test", "kata sandi panjang")
	refused(t, "the same address", err, civic.CodeConflict, "")
	// An account whose officer was never written is taken by the next try.
	h.accounts.of["orphan@kota.test"] = civic.OfficerID{UUID: civic.NamedUUID("orphan")}
	orphan := done[*civic.Officer](t)(h.desk.SaveOfficer(t.Context(), h.admin, again, "orphan@kota.test", "kata sandi panjang"))
	if orphan.ID.UUID != civic.NamedUUID("orphan") || h.City.Officer(orphan.ID) == nil {
		t.Errorf("%+v", orphan)
	}
	again.ID, again.Department = made.ID, demo.DepartmentID("infrastruktur") // above: the desk stays
	done[*civic.Officer](t)(h.desk.SaveOfficer(t.Context(), h.admin, again, "dewi@kota.test", ""))
	if h.Report(id).Assignee == nil {
		t.Error("the desk was cleared of what can be seen")
	}
	again.Department = demo.DepartmentID("kesehatan")
	done[*civic.Officer](t)(h.desk.SaveOfficer(t.Context(), h.admin, again, "dewi@kota.test", ""))
	if h.Report(id).Assignee != nil {
		t.Error("it lies on the desk of somebody who cannot see it")
	}
	for what, c := range map[string]struct {
		draft civic.Officer
		code  civic.Code
		field string
	}{
		"no department":          {civic.Officer{Name: "x", Role: civic.RoleOfficer}, civic.CodeInvalidInput, "department"},
		"a citizen":              {civic.Officer{Name: "x", Department: again.Department, Role: civic.RoleCitizen}, civic.CodeInvalidInput, "role"},
		"no name":                {civic.Officer{Department: again.Department, Role: civic.RoleOfficer}, civic.CodeInvalidInput, "name"},
		"nobody":                 {civic.Officer{ID: civic.OfficerID{UUID: civic.NamedUUID("nobody")}, Name: "x", Department: again.Department, Role: civic.RoleOfficer}, civic.CodeNotFound, ""},
		"the last administrator": {civic.Officer{ID: h.admin.Officer, Name: "x", Department: h.admin.Department, Role: civic.RoleOfficer}, civic.CodeConflict, ""},
	} {
		_, err := h.desk.SaveOfficer(t.Context(), h.admin, c.draft, "x@kota.test", "kata sandi panjang")
		refused(t, what, err, c.code, c.field)
	}
	second := h.File(h.Of("wabah")).ID
	done[*civic.Report](t)(h.desk.Assign(t.Context(), h.Officer("kesehatan"), second, made.ID))
	if err := h.desk.RetireOfficer(t.Context(), h.admin, made.ID); err != nil {
		t.Fatal(err)
	}
	if h.Report(second).Assignee != nil || !slices.Contains(h.accounts.gone, made.ID) || h.City.ActiveOfficer(made.ID) != nil || h.City.Officer(made.ID) == nil {
		t.Error("the officer has not gone, or is forgotten")
	}
	_, err = h.desk.Assign(t.Context(), h.Officer("kesehatan"), second, made.ID)
	refused(t, "work for somebody who left", err, civic.CodeInvalidInput, "officer")
	refused(t, "the last administrator goes", h.desk.RetireOfficer(t.Context(), h.admin, h.admin.Officer), civic.CodeConflict, "")
	if n := h.Count("SELECT count(*) FROM audit WHERE detail::text ILIKE '%dewi%'"); n != 0 {
		t.Error("the ledger names an officer")
	}
}

// A department goes when nothing is left to it; what it did stays to be seen by who was above it.
func TestADepartmentRetires(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	made := done[*civic.Department](t)(h.desk.SaveDepartment(t.Context(), h.admin, civic.Department{Code: "baru", Name: civic.Words{ID: "Baru"}, Parent: dept("infrastruktur")}))
	id := h.File(coretest.Visibility(civic.Private)).ID
	done[*civic.Report](t)(h.desk.Transfer(t.Context(), h.Officer("infrastruktur"), id, made.ID, "di sini"))
	refused(t, "open reports", h.desk.RetireDepartment(t.Context(), h.admin, made.ID), civic.CodeConflict, "")
	done[*civic.Report](t)(h.desk.Withdraw(t.Context(), coretest.Citizen("budi"), id, ""))
	for what, code := range map[string]string{"the root": "walikota", "the tray": "sekda", "units": "infrastruktur", "officers": "jalan"} {
		refused(t, what, h.desk.RetireDepartment(t.Context(), h.admin, demo.DepartmentID(code)), civic.CodeConflict, "")
	}
	for range 2 {
		if err := h.desk.RetireDepartment(t.Context(), h.admin, made.ID); err != nil {
			t.Fatal(err)
		}
	}
	seen := done[[]*civic.Report](t)(h.rows.Reports(t.Context(), h.City.ScopeOf(h.Officer("infrastruktur")), []civic.ReportID{id}))
	if len(seen) != 1 || h.City.Department(made.ID) == nil || len(h.City.Departments) != 20 {
		t.Error("its reports are lost, or it is listed")
	}
	other := h.File().ID
	_, err := h.desk.Transfer(t.Context(), h.Officer("jalan"), other, made.ID, "x")
	refused(t, "a report for it", err, civic.CodeInvalidInput, "department")
	_, err = h.desk.SaveDepartment(t.Context(), h.admin, civic.Department{Code: "x", Name: civic.Words{ID: "x"}, Parent: &made.ID})
	refused(t, "a unit below it", err, civic.CodeInvalidInput, "parent")
}

func TestAHolidayIsRemoved(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	id := h.File(h.Of("pelayanan-puskesmas")).ID
	due := h.Report(id).Clock.ResolutionDue
	for range 2 { // twice is once
		done[int](t)(h.desk.SaveHoliday(t.Context(), h.admin, "2026-11-24", "Libur"))
	}
	if !h.Report(id).Clock.ResolutionDue.After(due) {
		t.Fatal("a holiday moved nothing")
	}
	done[int](t)(h.desk.RemoveHoliday(t.Context(), h.admin, "2026-11-24"))
	if !h.Report(id).Clock.ResolutionDue.Equal(due) {
		t.Error("what was promised is not as before")
	}
	_, err := h.desk.RemoveHoliday(t.Context(), h.admin, "2026-11-24")
	refused(t, "no holiday", err, civic.CodeNotFound, "")
	_, err = h.desk.RemoveHoliday(t.Context(), h.admin, "24.11.")
	refused(t, "no date", err, civic.CodeInvalidInput, "date")
	if n := h.Count("SELECT count(*) FROM audit WHERE action IN ('save_holiday', 'remove_holiday') AND detail->'office'->>'part' = '2026-11-24'"); n != 2 {
		t.Errorf("%d lines", n)
	}
}

// The database lets nobody change the city who does not say that an administrator asks.
func TestTheOfficeIsWalledByRows(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	category := h.City.Category(demo.CategoryID("banjir"))
	err := records.Of{Store: h.Store(roles.Server)}.Change(t.Context(), h.City.ScopeOf(h.Officer("walikota")), func(ctx context.Context, tx casework.Tx) error {
		return tx.SaveCategory(ctx, category)
	})
	if err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("got %v", err)
	}
}
