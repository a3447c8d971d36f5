package graph

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/insight"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// Exports makes links under which the reports of a question can be fetched as files.
type Exports interface {
	Links(q insight.Question) (csv, geoJSON string)
}

// mostSpots is how many hot spots may be asked for.
const mostSpots = 500

// question reads what analytics are about, as far as the caller may know.
func (r *Resolver) question(ctx context.Context, department *string, from, to time.Time, filter *model.ReportFilter) (q insight.Question, err error) {
	p, city := auth.From(ctx), r.City()
	of, err := optionalID("department", department, civic.ParseDepartmentID)
	if err != nil {
		return q, err
	}
	if q.Departments, err = city.FiguresOf(p, of); err != nil {
		return q, err
	}
	if q.Period, err = insight.CheckPeriod(from, to); err != nil {
		return q, err
	}
	if q.Filter, err = filterOf(filter, p); err != nil {
		return q, err
	}
	q.Scope.Departments = q.Departments
	return q.Narrowed(len(city.Departments)), nil
}

// analysed is an analysis on its way out.
type analysed struct {
	*insight.Analysis
	view *model.View
	// leaves is set where the figures leave a department, so that few anonymous reports are not told apart.
	leaves bool
}

func (r *Resolver) analytics(ctx context.Context, q insight.Question) (*model.Analytics, error) {
	found, err := r.Analyst.Analyse(ctx, q)
	if err != nil {
		return nil, err
	}
	a := &analysed{Analysis: found, view: r.view(ctx)}
	a.leaves = !slices.Equal(q.Departments, []civic.DepartmentID{a.view.Principal.Department})
	shown := &model.Analytics{
		Total: a.Total.Received, ByStatus: a.byStatus(), BacklogAge: a.backlog(), ResponseHours: distribution(&a.Total.Response),
		ResolutionHours: distribution(&a.Total.Resolution), Later: a,
	}
	shown.CsvURL, shown.GeoJSONURL = r.Exports.Links(q)
	return shown, nil
}

// Series tells what happened when.
func (a *analysed) Series(ctx context.Context, bucket model.TimeBucket) ([]*model.SeriesPoint, error) {
	points, err := a.Analysis.Series(ctx, insight.Bucket(bucket))
	return shown(points, func(p insight.Point) *model.SeriesPoint {
		return &model.SeriesPoint{At: p.At, Received: p.Received, Resolved: p.Resolved, Escalated: p.Escalated}
	}), err
}

// ByCategory tells the categories apart.
func (a *analysed) ByCategory(ctx context.Context) ([]*model.Slice, error) {
	return a.slices(ctx, insight.ByCategory, func(id civic.UUID) (key, label string) {
		category := civic.CategoryID{UUID: id}
		return category.String(), nameOf(a.view.Category(a.view.City.Category(category)))
	})
}

// ByDistrict tells the districts apart.
func (a *analysed) ByDistrict(ctx context.Context) ([]*model.Slice, error) {
	return a.slices(ctx, insight.ByDistrict, func(id civic.UUID) (key, label string) {
		if id.IsZero() {
			return "none", a.words("slice.no_district")
		}
		district := civic.DistrictID{UUID: id}
		if found := a.view.City.District(district); found != nil {
			label = found.Name
		}
		return district.String(), label
	})
}

// ByDepartment tells the departments apart.
func (a *analysed) ByDepartment(ctx context.Context) ([]*model.Slice, error) {
	return a.slices(ctx, insight.All, func(id civic.UUID) (key, label string) {
		department := civic.DepartmentID{UUID: id}
		return department.String(), nameOf(a.view.DepartmentRef(&department))
	})
}

// ByCause tells apart what they came from.
func (a *analysed) ByCause(ctx context.Context) ([]*model.Slice, error) {
	return a.slices(ctx, insight.ByCause, func(id civic.UUID) (key, label string) {
		cause := civic.CauseID{UUID: id}
		return cause.String(), nameOf(a.view.CauseRef(&cause))
	})
}

// nameOf is the name of what there is, in the caller's language.
func nameOf[T interface {
	comparable
	Name() string
}](named T) string {
	var none T
	if named == none {
		return ""
	}
	return named.Name()
}

func (a *analysed) slices(ctx context.Context, kind insight.Kind, words func(civic.UUID) (key, label string)) ([]*model.Slice, error) {
	cells, err := a.Cells(ctx, kind)
	if err != nil {
		return nil, err
	}
	return sliced(a, cells, func(x, y civic.UUID) int { return bytes.Compare(x[:], y[:]) }, words), nil
}

// sliced shows cells, the largest first and what goes together last.
func sliced[K comparable](a *analysed, cells map[K]insight.Cell, order func(x, y K) int, words func(K) (key, label string)) []*model.Slice {
	parts, merged := insight.Slices(cells, a.leaves, order)
	list := make([]*model.Slice, 0, len(parts)+1)
	for _, part := range parts {
		key, label := words(part.Key)
		list = append(list, &model.Slice{Key: key, Label: label, Count: part.Count})
	}
	if merged > 0 {
		list = append(list, &model.Slice{Key: "other", Label: a.words("slice.other"), Count: merged})
	}
	return list
}

func (a *analysed) words(key string) string { return locale.Text(a.view.Language, key, nil) }

func (a *analysed) byStatus() []*model.Slice {
	cells := map[civic.Status]insight.Cell{}
	for i, status := range civic.Statuses {
		cells[status] = insight.Cell{Count: a.Total.Statuses[i], Anonymous: a.Total.AnonymousStatuses[i]}
	}
	return sliced(a, cells, cmp.Compare, func(status civic.Status) (key, label string) {
		return string(status), a.words("status." + string(status))
	})
}

func (a *analysed) backlog() []*model.Slice {
	cells := map[int]insight.Cell{}
	for class, age := range insight.Ages() {
		cells[age] = a.Backlog[class]
	}
	classes := sliced(a, cells, cmp.Compare, func(age int) (key, label string) {
		return strconv.Itoa(age), a.words("backlog." + strconv.Itoa(age))
	})
	slices.SortStableFunc(classes, func(x, y *model.Slice) int { // the youngest first; what is merged has no age and comes last
		xAge, xMerged := strconv.Atoi(x.Key)
		yAge, yMerged := strconv.Atoi(y.Key)
		return cmp.Or(boolCompare(xMerged != nil, yMerged != nil), cmp.Compare(xAge, yAge))
	})
	return classes
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Hotspots tells where most reports lie.
func (a *analysed) Hotspots(ctx context.Context, limit int) ([]*model.MapCluster, error) {
	if limit < 1 || limit > mostSpots {
		return nil, civic.Invalid("limit", "hotspots.limit", "max", strconv.Itoa(mostSpots))
	}
	spots, err := a.Spots(ctx, limit)
	return shown(spots, func(s insight.Spot) *model.MapCluster {
		return &model.MapCluster{Cluster: civic.Cluster{Latitude: s.Latitude, Longitude: s.Longitude, Count: s.Count}}
	}), err
}

func distribution(h *insight.Histogram) *model.Distribution {
	d := h.Distribution()
	return &model.Distribution{Count: d.Count, P50: d.P50, P90: d.P90, Mean: d.Mean}
}

// statistics shows the whole city.
func (r *Resolver) statistics(ctx context.Context) (*model.CityStatistics, error) {
	total, err := r.Analyst.OfCity(ctx)
	if err != nil {
		return nil, err
	}
	return &model.CityStatistics{
		Received: total.Received, Open: total.Open().Count, Resolved: total.Resolved,
		MedianResolutionHours: total.Resolution.Distribution().P50, WithinSLA: total.WithinSLA(), Lately: r.lately(),
	}, nil
}

// publicWeeks is how many weeks everybody is told of. They are whole ones: figures that move with the day would tell, held against yesterday's,
// what came in between.
const publicWeeks = 12

// lately looks up what everybody may know of the last weeks, once. Whole days of the whole city are kept, so no rows are counted.
func (r *Resolver) lately() func(context.Context) (model.Later, error) {
	var once sync.Mutex
	var found *analysed
	return func(ctx context.Context) (model.Later, error) {
		once.Lock()
		defer once.Unlock()
		if found != nil {
			return found, nil
		}
		q := insight.Question{Period: r.Analyst.WholeWeeks(publicWeeks), Whole: true}
		for _, department := range r.City().Departments {
			q.Departments = append(q.Departments, department.ID)
		}
		q.Scope.Departments = q.Departments
		analysis, err := r.Analyst.Analyse(ctx, q)
		if err != nil {
			return nil, err
		}
		found = &analysed{Analysis: analysis, view: r.view(ctx), leaves: true}
		return found, nil
	}
}

// performance shows how departments did, in the order of their names.
func (r *Resolver) performance(ctx context.Context, departments []civic.DepartmentID, p insight.Period) ([]*model.DepartmentPerformance, error) {
	view := r.view(ctx)
	found, err := r.Analyst.Performance(ctx, civic.Scope{Departments: departments}, departments, p)
	if err != nil {
		return nil, err
	}
	staff := &staff{load: found.Officers}
	list := make([]*model.DepartmentPerformance, 0, len(departments))
	for id, t := range found.Departments {
		department := view.DepartmentRef(&id)
		if department == nil {
			continue // it is gone since
		}
		list = append(list, &model.DepartmentPerformance{
			Of: department, Received: t.Received, Open: t.Open().Count, Overdue: t.Overdue, Resolved: t.Resolved, Escalated: t.Escalated,
			Reopened: t.Reopened, WithinSLA: t.WithinSLA(), ResponseHours: distribution(&t.Response),
			ResolutionHours: distribution(&t.Resolution), Rating: t.Rating(),
			Staff: func(ctx context.Context) ([]*model.OfficerPerformance, error) { return staff.of(ctx, view, id) },
		})
	}
	slices.SortFunc(list, func(a, b *model.DepartmentPerformance) int {
		return cmp.Or(strings.Compare(a.Of.Name(), b.Of.Name()), bytes.Compare(a.Of.ID.UUID[:], b.Of.ID.UUID[:]))
	})
	return list, nil
}
