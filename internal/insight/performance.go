package insight

import (
	"context"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Performance is how departments did with the reports that came in a period, as they stand now.
type Performance struct {
	Departments map[civic.DepartmentID]*Tally // each has an entry

	analyst *Analyst
	scope   civic.Scope
	ids     []civic.UUID
	spans   []Span  // the days that are kept
	rest    []*Fact // of less than two days
	now     time.Time
}

// Performance tells how departments did in the period.
func (a *Analyst) Performance(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, period Period) (*Performance, error) {
	from, to, rest := whole(period, a.city().Calendar.Zone)
	p := &Performance{
		Departments: map[civic.DepartmentID]*Tally{}, analyst: a, scope: scope, ids: plain(departments), spans: Cover(from, to), now: a.now(),
	}
	for _, department := range departments {
		p.Departments[department] = new(Tally)
	}
	for _, edge := range rest {
		if err := a.source.Facts(ctx, scope, departments, civic.Filter{}, edge, func(f *Fact) { p.rest = append(p.rest, f) }); err != nil {
			return nil, err
		}
	}
	return p, p.each(ctx, All, func(department, _ civic.UUID) *Tally { return p.Departments[civic.DepartmentID{UUID: department}] })
}

// Officers tells the same of the officers whose work the reports of the departments are.
func (p *Performance) Officers(ctx context.Context) (map[civic.DepartmentID]map[civic.OfficerID]*Tally, error) {
	figures := map[civic.DepartmentID]map[civic.OfficerID]*Tally{}
	nobodys := new(Tally)
	err := p.each(ctx, ByOfficer, func(department, of civic.UUID) *Tally {
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
func (p *Performance) each(ctx context.Context, kind Kind, into func(department, of civic.UUID) *Tally) error {
	for _, f := range p.rest {
		var of civic.UUID
		if kind == ByOfficer && f.Officer != nil {
			of = f.Officer.UUID
		}
		into(f.Department.UUID, of).Add(f, p.now, 1)
	}
	return p.analyst.source.Tallies(ctx, p.scope, p.ids, kind, p.spans, func(department, of civic.UUID, _ int) *Tally {
		return into(department, of)
	})
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
