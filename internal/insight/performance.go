package insight

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Performance tells how each of the departments did with the reports that came in the period, as they stand now; every department has
// an entry.
func (a *Analyst) Performance(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, p Period) (map[civic.DepartmentID]*Tally, error) {
	figures := map[civic.DepartmentID]*Tally{}
	for _, department := range departments {
		figures[department] = new(Tally)
	}
	err := a.each(ctx, scope, departments, p, All, func(department, _ civic.UUID) *Tally {
		return figures[civic.DepartmentID{UUID: department}]
	})
	return figures, err
}

// Officers tells the same of the officers whose work the reports of departments are.
func (a *Analyst) Officers(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, p Period) (map[civic.DepartmentID]map[civic.OfficerID]*Tally, error) {
	figures := map[civic.DepartmentID]map[civic.OfficerID]*Tally{}
	nobodys := new(Tally)
	err := a.each(ctx, scope, departments, p, ByOfficer, func(department, of civic.UUID) *Tally {
		if of.IsZero() {
			return nobodys
		}
		at, officer := civic.DepartmentID{UUID: department}, civic.OfficerID{UUID: of}
		if figures[at] == nil {
			figures[at] = map[civic.OfficerID]*Tally{}
		}
		if figures[at][officer] == nil {
			figures[at][officer] = new(Tally)
		}
		return figures[at][officer]
	})
	return figures, err
}

// each adds up the period into the tallies that into names.
func (a *Analyst) each(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, p Period, kind Kind, into func(department, of civic.UUID) *Tally) error {
	from, to, rest := whole(p, a.city().Calendar.Zone)
	err := a.source.Tallies(ctx, scope, plain(departments), kind, Cover(from, to), func(department, of civic.UUID, _ int) *Tally {
		return into(department, of)
	})
	now := a.now()
	for _, p := range rest {
		if err != nil {
			return err
		}
		err = a.source.Facts(ctx, scope, departments, civic.Filter{}, p, func(f *Fact) {
			var of civic.UUID
			if kind == ByOfficer && f.Officer != nil {
				of = f.Officer.UUID
			}
			into(f.Department.UUID, of).Add(f, now, 1)
		})
	}
	return err
}

// WholeWeeks are the last n weeks from Monday that are over.
func (a *Analyst) WholeWeeks(n int) Period {
	zone := a.city().Calendar.Zone
	to := Weekly.start(a.now(), zone)
	return Period{From: midnight(shifted(civic.DateOf(to.In(zone)), -7*n), zone), To: to}
}

// OfCity is all that is known of the whole city, as everybody may know it.
func (a *Analyst) OfCity(ctx context.Context) (*Tally, error) {
	total := new(Tally)
	ever := Span{Grain: Year, From: civic.Date{Year: 1, Month: time.January, Day: 1}, To: civic.Date{Year: 9999, Month: time.January, Day: 1}}
	err := a.source.Tallies(ctx, civic.Scope{}, []civic.UUID{City}, All, []Span{ever}, func(_, _ civic.UUID, _ int) *Tally { return total })
	return total, err
}
