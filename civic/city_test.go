package civic_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// The small city of these tests: mayor > secretariat > works > {roads, drains}, and an inspectorate beside the secretariat.
var (
	mayor       = department("mayor", "", 3)
	secretariat = department("secretariat", "mayor", 2)
	inspection  = department("inspection", "mayor", 2)
	works       = department("works", "secretariat", 1)
	roads       = department("roads", "works", 0)
	drains      = department("drains", "works", 0)
)

func department(code, parent string, level int) *civic.Department {
	d := &civic.Department{ID: departmentID(code), Code: code, Name: civic.Words{ID: code}, Level: level}
	if parent != "" {
		d.Parent = new(departmentID(parent))
	}
	return d
}

func departmentID(code string) civic.DepartmentID {
	return civic.DepartmentID{UUID: civic.NamedUUID("department " + code)}
}

func category(code string, responsible *civic.Department, keywords ...string) *civic.Category {
	return &civic.Category{
		ID: civic.CategoryID{UUID: civic.NamedUUID("category " + code)}, Code: code, Department: responsible.ID,
		ResponseHours: 24, ResolutionHours: 80, Keywords: keywords,
	}
}

// square is a district of one hundredth of a degree, its corner in the south-west.
func square(name string, south, west float64) *civic.District {
	north, east := south+0.01, west+0.01
	return &civic.District{
		ID: civic.DistrictID{UUID: civic.NamedUUID("district " + name)}, Name: name,
		Outline: []civic.Point{{south, west}, {south, east}, {north, east}, {north, west}, {south, west}},
	}
}

var bounds = civic.Bounds{South: -7, West: 107.5, North: -6.8, East: 107.8}

func newCity(t testing.TB) *civic.City {
	t.Helper()
	city, err := civic.NewCity(bounds, office(t, 1),
		[]*civic.Department{drains, roads, mayor, works, inspection, secretariat},
		[]*civic.Category{
			category("jalan-rusak", roads, "lubang", "jalan rusak"), category("banjir", drains, "banjir", "air"),
			category("sampah", works, "sampah"), category(civic.FallbackCategory, works),
		},
		[]*civic.District{square("Coblong", -6.90, 107.60), square("Cicendo", -6.90, 107.61)},
		[]*civic.Officer{{ID: civic.OfficerID{UUID: civic.NamedUUID("officer")}, Department: roads.ID, Role: civic.RoleOfficer}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return city
}

func TestTree(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	if city.Departments[0] != mayor {
		t.Errorf("the first department is %s, not the root", city.Departments[0].Code)
	}
	seen := map[civic.DepartmentID]bool{}
	for _, d := range city.Departments {
		if d.Parent != nil && !seen[*d.Parent] {
			t.Errorf("%s stands before its parent", d.Code)
		}
		seen[d.ID] = true
	}
	for _, boss := range city.Departments {
		for _, d := range city.Departments {
			if city.Within(d.ID, boss.ID) != slices.Contains(city.Below(boss.ID), d.ID) {
				t.Errorf("%s within %s: Within and Below differ", d.Code, boss.Code)
			}
		}
	}
	for boss, want := range map[*civic.Department]string{
		mayor: "drains inspection mayor roads secretariat works", secretariat: "drains roads secretariat works",
		works: "drains roads works", roads: "roads", inspection: "inspection",
	} {
		if got := codes(city, city.Below(boss.ID)); got != want {
			t.Errorf("below %s: %s", boss.Code, got)
		}
	}
	if city.Above(roads.ID) != works || city.Above(mayor.ID) != nil || city.Above(departmentID("none")) != nil {
		t.Error("the way up is wrong")
	}
	if city.Within(departmentID("none"), mayor.ID) || city.Below(departmentID("none")) != nil || city.Department(departmentID("none")) != nil {
		t.Error("a department that does not exist hangs in the tree")
	}
	if len(city.Children(works.ID)) != 2 || len(city.Children(roads.ID)) != 0 {
		t.Error("children are wrong")
	}
}

func codes(city *civic.City, ids []civic.DepartmentID) string {
	var found []string
	for _, id := range ids {
		found = append(found, city.Department(id).Code)
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

func TestACityThatCannotBe(t *testing.T) {
	t.Parallel()
	orphan := category("orphan", roads)
	orphan.Parent = &civic.CategoryID{UUID: civic.NamedUUID("nobody")}
	for name, parts := range map[string]struct {
		departments []*civic.Department
		categories  []*civic.Category
		officers    []*civic.Officer
	}{
		"two roots":               {departments: []*civic.Department{mayor, department("rival", "", 3)}},
		"no root but a cycle":     {departments: []*civic.Department{department("a", "b", 1), department("b", "a", 1)}},
		"a cycle beside the root": {departments: []*civic.Department{mayor, department("a", "b", 1), department("b", "a", 1)}},
		"its own parent":          {departments: []*civic.Department{mayor, department("a", "a", 1)}},
		"an unknown parent":       {departments: []*civic.Department{mayor, department("a", "nobody", 1)}},
		"a category of nobody":    {departments: []*civic.Department{mayor}, categories: []*civic.Category{category("c", roads)}},
		"an orphaned category":    {departments: []*civic.Department{mayor, secretariat, works, roads}, categories: []*civic.Category{orphan}},
		"an officer of nobody":    {departments: []*civic.Department{mayor}, officers: []*civic.Officer{{Department: roads.ID}}},
	} {
		if _, err := civic.NewCity(bounds, office(t, 1), parts.departments, parts.categories, nil, parts.officers); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := civic.NewCity(bounds, office(t, 1), nil, nil, nil, nil); err != nil {
		t.Errorf("a city that nobody has set up yet: %v", err)
	}
}

func TestDistrictByOutline(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for _, place := range []struct {
		name                string
		latitude, longitude float64
		want                string
	}{
		{"in the first", -6.895, 107.605, "Coblong"},
		{"in the second", -6.895, 107.615, "Cicendo"},
		{"just west of the border", -6.895, 107.6099999, "Coblong"},
		{"north of both", -6.88, 107.605, ""},
		{"far away", 0, 0, ""},
	} {
		got := ""
		if district := city.DistrictAt(place.latitude, place.longitude); district != nil {
			got = district.Name
		}
		if got != place.want {
			t.Errorf("%s: %q, want %q", place.name, got, place.want)
		}
	}
	// On the border between two, a place belongs to exactly one of them.
	if a, b := city.Districts[0].Contains(-6.895, 107.61), city.Districts[1].Contains(-6.895, 107.61); a == b {
		t.Errorf("on the border: %v and %v", a, b)
	}
}

// A district like an L: the box around it is not the district.
func TestADistrictThatIsNoBox(t *testing.T) {
	t.Parallel()
	bent := &civic.District{Name: "bent", Outline: []civic.Point{{0, 0}, {0, 3}, {1, 3}, {1, 1}, {3, 1}, {3, 0}, {0, 0}}}
	empty := &civic.District{Name: "empty"}
	city, err := civic.NewCity(bounds, office(t, 1), nil, nil, []*civic.District{empty, bent}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[civic.Point]bool{{0.5, 2.5}: true, {2.5, 0.5}: true, {0.5, 0.5}: true, {2, 2}: false, {2.9, 2.9}: false} {
		if got := city.DistrictAt(place.Latitude, place.Longitude) == bent; got != want {
			t.Errorf("%v inside: %v", place, got)
		}
	}
}

func TestCategoryFor(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	for text, want := range map[string]string{
		"Ada LUBANG besar di depan pasar": "jalan-rusak",
		"jalan rusak, banjir":             "jalan-rusak", // the longer words weigh more
		"jalan yang rusak dan banjir":     "banjir",      // "jalan rusak" does not stand there
		"lubang... banjir! air? air.":     "banjir",
		"“Lubang” di trotoar":             "jalan-rusak",
		"Pagi ini—lubang—bertambah":       "jalan-rusak",
		"berlubang-lubang":                "jalan-rusak",
		"Sampahku":                        "lainnya", // whole words alone
		"":                                "lainnya",
		"sampah́ dengan tanda, bukan kata yang dicari": "lainnya",
	} {
		if got := city.CategoryFor(text); got.Code != want {
			t.Errorf("%q goes to %s, want %s", text, got.Code, want)
		}
	}
	bare, err := civic.NewCity(bounds, office(t, 1), nil, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bare.CategoryFor("lubang") != nil {
		t.Error("a city without categories routes reports")
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	citizen := civic.Principal{Role: civic.RoleCitizen, Citizen: civic.CitizenID{UUID: civic.NamedUUID("budi")}}
	other := civic.Principal{Role: civic.RoleCitizen, Citizen: civic.CitizenID{UUID: civic.NamedUUID("siti")}}
	staff := func(d *civic.Department) civic.Principal {
		return civic.Principal{Role: civic.RoleOfficer, Department: d.ID}
	}
	stranger := civic.Principal{}
	// A citizen never handles, whatever department a forged principal carries.
	forged := civic.Principal{Role: civic.RoleCitizen, Department: mayor.ID}
	type report struct {
		visibility civic.Visibility
		hidden     bool
		mine       bool
	}
	for _, c := range []struct {
		name   string
		report report
		may    []civic.Principal
		mayNot []civic.Principal
	}{
		{"public", report{civic.Public, false, true}, []civic.Principal{stranger, citizen, other, staff(inspection), staff(roads), staff(mayor)}, nil},
		{"hidden", report{civic.Public, true, true}, []civic.Principal{citizen, staff(roads), staff(works), staff(mayor)},
			[]civic.Principal{stranger, other, forged, staff(inspection), staff(drains)}},
		{"private", report{civic.Private, false, true}, []civic.Principal{citizen, staff(roads), staff(secretariat)},
			[]civic.Principal{stranger, other, forged, staff(inspection), staff(drains)}},
		{"anonymous", report{civic.Anonymous, false, false}, []civic.Principal{staff(roads), staff(mayor)},
			[]civic.Principal{stranger, citizen, other, forged, staff(inspection), staff(drains)}},
	} {
		r := &civic.Report{Visibility: c.report.visibility, Hidden: c.report.hidden, Department: roads.ID}
		if c.report.mine {
			r.Reporter = &citizen.Citizen
		}
		for _, p := range c.may {
			if !city.MayRead(p, r) {
				t.Errorf("%s: %+v may not read it", c.name, p)
			}
		}
		for _, p := range c.mayNot {
			if city.MayRead(p, r) {
				t.Errorf("%s: %+v may read it", c.name, p)
			}
		}
	}
	if city.Handles(forged, roads.ID) || city.Handles(stranger, roads.ID) || city.Handles(staff(roads), works.ID) || !city.Handles(staff(works), roads.ID) {
		t.Error("the wrong people handle")
	}
	if s := city.ScopeOf(forged); s.Departments != nil || s.Citizen == nil {
		t.Errorf("a citizen's scope is %+v", s)
	}
	if s := city.ScopeOf(staff(works)); codes(city, s.Departments) != "drains roads works" || s.Citizen != nil {
		t.Errorf("an officer's scope is %+v", s)
	}
	if s := city.ScopeOf(stranger); s.Citizen != nil || s.Departments != nil || s.Receipt != nil {
		t.Errorf("a stranger's scope is %+v", s)
	}
	if civic.HasRole(stranger, nil) || !civic.HasRole(citizen, nil) || civic.HasRole(citizen, []civic.Role{civic.RoleOfficer}) {
		t.Error("roles are mixed up")
	}
}

func TestPromiseKeepsWorkingHours(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	response, resolution := city.Promise(city.Categories[0], at(t, "Asia/Jakarta", "2026-11-27 15:00:00"))
	if want := at(t, "Asia/Jakarta", "2026-12-02 15:00:00"); !response.Equal(want) {
		t.Errorf("answer due %s, want %s", response, want)
	}
	if want := at(t, "Asia/Jakarta", "2026-12-11 15:00:00"); !resolution.Equal(want) {
		t.Errorf("resolution due %s, want %s", resolution.In(time.UTC), want)
	}
}
