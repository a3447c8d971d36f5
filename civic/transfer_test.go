package civic_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/jagawarga/jagawarga/civic"
)

func officerOf(d *civic.Department) civic.Principal {
	return civic.Principal{Role: civic.RoleOfficer, Department: d.ID}
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	city.CommonTray = secretariat.ID
	ids := func(departments ...*civic.Department) (all []civic.DepartmentID) {
		for _, d := range departments {
			all = append(all, d.ID)
		}
		return all
	}
	for _, c := range []struct {
		name     string
		by       *civic.Department
		from, to *civic.Department
		refused  []civic.DepartmentID
		goes     *civic.Department // nil: CONFLICT
		key      string
		refusal  bool
	}{
		{"a first refusal goes where it is sent", roads, roads, inspection, nil, inspection, "", true},
		{"a second goes to the tray", inspection, inspection, works, ids(roads), secretariat, "", true},
		{"never back", inspection, inspection, roads, ids(roads), nil, "transfer.refused_before", false},
		{"not a third time", drains, drains, inspection, ids(roads, works), nil, "transfer.decided", false},
		{"not twice by the same", roads, roads, inspection, ids(roads), nil, "transfer.decided", false},
		{"the tray decides, also for one that refused", secretariat, secretariat, roads, ids(roads, drains), roads, "", false},
		{"the tray decides outside its own house", secretariat, secretariat, inspection, ids(roads, drains), inspection, "", false},
		{"handing down is no refusal", works, works, drains, nil, drains, "", false},
		{"who is above both decides", works, roads, drains, ids(drains, inspection), drains, "", false},
		{"handing up is a refusal", roads, roads, works, nil, works, "", true},
		{"the top decides", mayor, roads, inspection, ids(inspection, roads), inspection, "", false},
	} {
		got, err := city.HandOver(officerOf(c.by), c.from.ID, c.to.ID, c.refused)
		if c.goes == nil {
			var known *civic.Error
			if !errors.As(err, &known) || known.Code != civic.CodeConflict || known.Key != c.key {
				t.Errorf("%s: %v, %v", c.name, got, err)
			}
			continue
		}
		if err != nil || got.To != c.goes.ID || got.Refusal != c.refusal {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// Whatever departments below the tray do with a report they do not want, they soon cannot any more: it goes round in no circle.
func TestRefusalsEnd(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	city.CommonTray = secretariat.ID
	rapid.Check(t, func(q *rapid.T) {
		at, refused, moves := roads, []civic.DepartmentID{}, 0
		for range 30 {
			to := rapid.SampledFrom([]*civic.Department{roads, drains, works, inspection}).Draw(q, "to")
			if to == at || at == secretariat {
				continue
			}
			way, err := city.HandOver(officerOf(at), at.ID, to.ID, refused)
			if err != nil {
				continue
			}
			if way.Refusal {
				refused = append(refused, at.ID)
			}
			at = city.Department(way.To)
			if moves++; moves > 5 {
				q.Fatalf("it still wanders, refused by %d", len(refused))
			}
		}
	})
}

func TestWithoutATrayTheTopIs(t *testing.T) {
	t.Parallel()
	city := newCity(t)
	if city.Tray() != mayor.ID {
		t.Errorf("the tray is %s", city.Tray())
	}
	city.CommonTray = departmentID("gone")
	if city.Tray() != mayor.ID {
		t.Errorf("the tray is %s", city.Tray())
	}
}
