package model

import "context"

// Analytics is figures about reports: those found at once, and where the rest comes from.
type Analytics struct {
	Total           int
	ByStatus        []*Slice
	BacklogAge      []*Slice
	ResponseHours   *Distribution
	ResolutionHours *Distribution
	CsvURL          string
	GeoJSONURL      string

	Later Later
}

// Later looks up figures when somebody asks for them.
type Later interface {
	Series(ctx context.Context, bucket TimeBucket) ([]*SeriesPoint, error)
	ByCategory(ctx context.Context) ([]*Slice, error)
	ByDistrict(ctx context.Context) ([]*Slice, error)
	ByDepartment(ctx context.Context) ([]*Slice, error)
	ByCause(ctx context.Context) ([]*Slice, error)
	Hotspots(ctx context.Context, limit int) ([]*MapCluster, error)
}

// CityStatistics is how the city does.
type CityStatistics struct {
	Received              int
	Open                  int
	Resolved              int
	MedianResolutionHours *float64
	WithinSLA             *float64

	// Lately looks up the figures of the last weeks; it is asked once for all of them.
	Lately func(ctx context.Context) (Later, error)
}

// Weeks tells what happened when.
func (s *CityStatistics) Weeks(ctx context.Context) ([]*SeriesPoint, error) {
	later, err := s.Lately(ctx)
	if err != nil {
		return nil, err
	}
	return later.Series(ctx, TimeBucketWeek)
}

// ByCategory tells the categories apart.
func (s *CityStatistics) ByCategory(ctx context.Context) ([]*Slice, error) {
	later, err := s.Lately(ctx)
	if err != nil {
		return nil, err
	}
	return later.ByCategory(ctx)
}

// ByDistrict tells the districts apart.
func (s *CityStatistics) ByDistrict(ctx context.Context) ([]*Slice, error) {
	later, err := s.Lately(ctx)
	if err != nil {
		return nil, err
	}
	return later.ByDistrict(ctx)
}

// DepartmentPerformance is how a department did.
type DepartmentPerformance struct {
	Received        int
	Open            int
	Overdue         int
	Resolved        int
	Escalated       int
	Reopened        int
	WithinSLA       *float64
	ResponseHours   *Distribution
	ResolutionHours *Distribution
	Rating          *float64

	Of *Department
	// Staff looks up how its officers did.
	Staff  func(ctx context.Context) ([]*OfficerPerformance, error)
	broken error
}

// NewBrokenPerformance is the last one of a watch that broke off.
func NewBrokenPerformance(reason error) *DepartmentPerformance {
	return &DepartmentPerformance{broken: reason}
}

// Department is whose performance it is.
func (p *DepartmentPerformance) Department() (*Department, error) { return p.Of, p.broken }
