package insight

import (
	"context"
	"slices"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Source has the figures that are kept, and the rows they were counted from. It hands out what scope may see.
type Source interface {
	// Tallies adds kept tallies of departments (City is one of them, for whoever may see the whole) in any of the spans to those that into
	// names.
	Tallies(ctx context.Context, scope civic.Scope, departments []civic.UUID, kind Kind, spans []Span, into func(department, of civic.UUID, age int) *Tally) error
	// Cells sums up kept tallies by what they are kept by, or, for the kind All, by department.
	Cells(ctx context.Context, scope civic.Scope, departments []civic.UUID, kind Kind, spans []Span) (map[civic.UUID]Cell, error)
	// Days tells what happened on each day of the span on which anything did.
	Days(ctx context.Context, scope civic.Scope, departments []civic.UUID, span Span, each func(day civic.Date, point Point)) error
	// Facts finds the reports themselves that came in a period.
	Facts(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p Period, each func(*Fact)) error
	// Happened tells when the reports of departments came, were resolved and climbed in a period: one instant each, the others zero.
	Happened(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p Period, each func(received, resolved, escalated time.Time)) error
	// Spots finds where most reports of a period lie.
	Spots(ctx context.Context, scope civic.Scope, departments []civic.DepartmentID, filter civic.Filter, p Period, most int) ([]Spot, error)
}

// Spot is a small area, about 300 m across, and what lies in it.
type Spot struct {
	Latitude, Longitude float64 // of its middle
	Count               int
}

// Question is what somebody wants to know: of which departments, of which time, of which reports.
type Question struct {
	Scope       civic.Scope
	Departments []civic.DepartmentID // at least one
	Whole       bool                 // they are all there are
	Period      Period
	Filter      civic.Filter // what it asks beyond departments makes the rows be counted, which takes longer
}

// Narrowed takes out of the filter what the question can say itself; all is how many departments there are.
func (q Question) Narrowed(all int) Question {
	if wanted := q.Filter.Departments; wanted != nil {
		var both []civic.DepartmentID
		for _, department := range q.Departments {
			if slices.Contains(wanted, department) {
				both = append(both, department)
			}
		}
		q.Departments, q.Filter.Departments = both, nil
	}
	if from := q.Filter.CreatedFrom; from != nil && from.After(q.Period.From) {
		q.Period.From = *from
	}
	if to := q.Filter.CreatedTo; to != nil && to.Before(q.Period.To) {
		q.Period.To = *to
	}
	if q.Period.To.Before(q.Period.From) {
		q.Period.To = q.Period.From
	}
	q.Filter.CreatedFrom, q.Filter.CreatedTo = nil, nil
	q.Whole = len(q.Departments) == all
	return q
}

// Config has what an Analyst needs besides; zero values are the defaults.
type Config struct {
	Now func() time.Time // time.Now
}

// Analyst puts figures together. Whole days come from what is kept, the rest of the first and the last day from the rows: figures are
// exact for any two instants.
type Analyst struct {
	source Source
	city   func() *civic.City
	now    func() time.Time
}

// New makes an analyst.
func New(cfg Config, source Source, city func() *civic.City) *Analyst {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Analyst{source, city, cfg.Now}
}

// Analysis is the answer to a question. What was not asked for yet is looked up when it is.
type Analysis struct {
	Question
	Total   Tally
	Backlog []Cell // of the reports that are open now, by age: one for each of Ages

	analyst *Analyst
	zone    *time.Location
	kept    []civic.UUID // whose tallies hold it; nil: all was counted from the rows
	spans   []Span       // the days that are kept
	rest    []Period     // what was counted from the rows
	counted map[Kind]map[civic.UUID]Cell
}

// Ages are from how many days on a report belongs to a class of the backlog.
func Ages() []int { return ages }

// Analyse answers a question.
func (a *Analyst) Analyse(ctx context.Context, q Question) (*Analysis, error) {
	now := a.now()
	r := &Analysis{
		Question: q, Backlog: make([]Cell, len(ages)), analyst: a, zone: a.city().Calendar.Zone, rest: []Period{q.Period},
		counted: map[Kind]map[civic.UUID]Cell{All: {}, ByCategory: {}, ByDistrict: {}, ByCause: {}},
	}
	today := civic.DateOf(now.In(r.zone))
	if asksNothing(q.Filter) {
		r.kept = plain(q.Departments)
		if q.Whole {
			r.kept = []civic.UUID{City}
		}
		var from, to civic.Date
		from, to, r.rest = whole(q.Period, r.zone)
		r.spans = Cover(from, to)
		byAge := make([]Tally, len(ages))
		err := a.source.Tallies(ctx, q.Scope, r.kept, All, coverByAge(from, to, today), func(_, _ civic.UUID, age int) *Tally { return &byAge[age] })
		if err != nil {
			return nil, err
		}
		for age := range byAge {
			r.Total.Merge(&byAge[age])
			r.open(age, byAge[age].Open())
		}
	}
	for _, p := range r.rest {
		if err := a.source.Facts(ctx, q.Scope, q.Departments, q.Filter, p, func(f *Fact) { r.count(f, now, today) }); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Analysis) open(age int, open Cell) {
	r.Backlog[age].Count += open.Count
	r.Backlog[age].Anonymous += open.Anonymous
}

// count adds a row. There may be thousands in a day: none gets a tally of its own.
func (r *Analysis) count(f *Fact, now time.Time, today civic.Date) {
	r.Total.Add(f, now, 1)
	one := Cell{Count: 1}
	if f.Anonymous {
		one.Anonymous = 1
	}
	if f.Status.Open() {
		r.open(ageOf(civic.DateOf(f.Created.In(r.zone)), today), one)
	}
	part := func(kind Kind, of civic.UUID) { r.counted[kind][of] = r.counted[kind][of].plus(one) }
	part(All, f.Department.UUID)
	part(ByCategory, f.Category.UUID)
	if f.District != nil {
		part(ByDistrict, f.District.UUID)
	} else {
		part(ByDistrict, civic.UUID{})
	}
	if f.Cause != nil {
		part(ByCause, f.Cause.UUID)
	}
}

func (c Cell) plus(other Cell) Cell {
	return Cell{c.Count + other.Count, c.Anonymous + other.Anonymous}
}

// Cells tells how many reports there are by category, cause or district (zero: none), or, for the kind All, by department.
func (r *Analysis) Cells(ctx context.Context, kind Kind) (map[civic.UUID]Cell, error) {
	cells := map[civic.UUID]Cell{}
	if r.kept != nil {
		departments := r.kept
		if kind == All {
			departments = plain(r.Departments)
		}
		var err error
		if cells, err = r.analyst.source.Cells(ctx, r.Scope, departments, kind, r.spans); err != nil {
			return nil, err
		}
	}
	for of, cell := range r.counted[kind] {
		cells[of] = cells[of].plus(cell)
	}
	return cells, nil
}

// Series tells what happened in the period, bucket by bucket, those in which nothing did included.
func (r *Analysis) Series(ctx context.Context, bucket Bucket) ([]Point, error) {
	if bucket == Hourly && r.Period.To.Sub(r.Period.From) > maxHourly {
		return nil, civic.Invalid("bucket", "series.too_fine")
	}
	points, places := r.buckets(bucket)
	at := func(t time.Time) *Point { return &points[places[bucket.start(t, r.zone).UnixMicro()]] }
	rest := []Period{r.Period}
	if r.kept != nil && bucket != Hourly {
		var from, to civic.Date
		from, to, rest = whole(r.Period, r.zone)
		err := r.analyst.source.Days(ctx, r.Scope, r.kept, Span{Grain: Day, From: from, To: to}, func(day civic.Date, p Point) {
			point := at(midnight(day, r.zone))
			point.Received += p.Received
			point.Resolved += p.Resolved
			point.Escalated += p.Escalated
		})
		if err != nil {
			return nil, err
		}
	}
	for _, p := range rest {
		err := r.analyst.source.Happened(ctx, r.Scope, r.Departments, r.Filter, p, func(received, resolved, escalated time.Time) {
			switch {
			case !received.IsZero():
				at(received).Received++
			case !resolved.IsZero():
				at(resolved).Resolved++
			default:
				at(escalated).Escalated++
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return points, nil
}

// buckets are the empty points of the period, and the place of each by when it begins.
func (r *Analysis) buckets(bucket Bucket) (points []Point, places map[int64]int) {
	places = map[int64]int{}
	for at := bucket.start(r.Period.From, r.zone); at.Before(r.Period.To); at = bucket.next(at, r.zone) {
		places[at.UnixMicro()] = len(points)
		points = append(points, Point{At: at})
	}
	return points, places
}

// Spots finds where most of the reports lie, up to most places.
func (r *Analysis) Spots(ctx context.Context, most int) ([]Spot, error) {
	return r.analyst.source.Spots(ctx, r.Scope, r.Departments, r.Filter, r.Period, most)
}

// asksNothing reports whether all reports pass, so that what is kept tells.
func asksNothing(f civic.Filter) bool {
	return f.Number == "" && f.Text == "" && f.Statuses == nil && f.Categories == nil && f.Departments == nil && f.Districts == nil &&
		f.Priorities == nil && f.Causes == nil && f.CreatedFrom == nil && f.CreatedTo == nil && f.Within == nil && f.Overdue == nil && f.Escalated == nil &&
		f.Unassigned == nil && f.AssignedTo == nil
}

func plain(ids []civic.DepartmentID) []civic.UUID {
	plain := make([]civic.UUID, len(ids))
	for i, id := range ids {
		plain[i] = id.UUID
	}
	return plain
}
