package casework_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
)

var (
	oldFiled  = time.Date(2014, 5, 11, 9, 16, 48, 123_456_789, time.FixedZone("", -7*3600))
	oldClosed = oldFiled.Add(49 * time.Hour)
)

// oldCity is a desk in a city of one department and one category.
func oldCity(t *testing.T) (*casework.Desk, *civic.Category) {
	t.Helper()
	calendar, err := civic.NewCalendar(civic.Calendar{Zone: time.UTC, Days: [7]bool{1: true}, Start: 8 * time.Hour, End: 16 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	department := &civic.Department{ID: civic.DepartmentID{UUID: civic.NamedUUID("department")}, Code: "drainase"}
	category := &civic.Category{
		ID: civic.CategoryID{UUID: civic.NamedUUID("category")}, Code: "banjir", Department: department.ID, ResponseHours: 4, ResolutionHours: 24,
	}
	bounds := civic.Bounds{South: -7, West: 107, North: -6, East: 108}
	city, err := civic.NewCity(bounds, calendar, []*civic.Department{department}, []*civic.Category{category}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return casework.New(casework.Config{}, casework.Ports{City: func() *civic.City { return city }}), category
}

func oldReport(category *civic.Category) casework.History {
	return casework.History{
		Origin: "old:1", Title: "Flooding", Body: "Water on the street", Category: category.ID, FiledAt: oldFiled, ClosedAt: &oldClosed,
		Remarks: "pumped\nand cleaned",
	}
}

func TestClosedHistoryHasWalkedTheWholeWay(t *testing.T) {
	t.Parallel()
	desk, category := oldCity(t)
	arrival, err := desk.ImportHistory(oldReport(category))
	if err != nil {
		t.Fatal(err)
	}
	r, at := arrival.Report, oldClosed.UTC().Truncate(time.Microsecond)
	if r.Status != civic.Closed || r.Visibility != civic.Public || r.Reporter != nil || r.Department != category.Department {
		t.Errorf("report %+v", r)
	}
	if !r.CreatedAt.Equal(oldFiled.Truncate(time.Microsecond)) || !r.ResolvedAt.Equal(at) || !r.ClosedAt.Equal(at) || !r.UpdatedAt.Equal(at) {
		t.Errorf("created %s resolved %s closed %s updated %s", r.CreatedAt, r.ResolvedAt, r.ClosedAt, r.UpdatedAt)
	}
	if !r.Clock.Historical() || r.Clock != (civic.Clock{}) {
		t.Errorf("history has a due time: %+v", r.Clock)
	}
	if arrival.Event != nil || arrival.ReceiptHash != nil {
		t.Error("history is told as news")
	}
	if arrival.Audit.Actor != "system:import" || arrival.Audit.Report != r.ID || arrival.Audit.Status != civic.Closed {
		t.Errorf("audit %+v", arrival.Audit)
	}
	want := []civic.TimelineEntry{
		{Kind: civic.TimelineSubmitted, At: r.CreatedAt, Status: civic.Received},
		{Kind: civic.TimelineStatusChanged, At: at, Status: civic.InProgress},
		{Kind: civic.TimelineResolved, At: at, Status: civic.Resolved, Message: "pumped\nand cleaned"},
		{Kind: civic.TimelineStatusChanged, At: at, Status: civic.Closed},
	}
	for i, row := range arrival.Timeline {
		got := row.Entry
		if got.Report != r.ID || got.Department == nil || *got.Department != category.Department {
			t.Errorf("step %d is of %s by %v", i, got.Report, got.Department)
		}
		if got.Kind != want[i].Kind || !got.At.Equal(want[i].At) || got.Status != want[i].Status || got.Message != want[i].Message {
			t.Errorf("step %d is %+v, want %+v", i, got, want[i])
		}
	}
	if len(arrival.Timeline) != len(want) {
		t.Errorf("%d steps", len(arrival.Timeline))
	}
	if !slices.IsSortedFunc(arrival.Timeline, func(a, b civic.TimelineRow) int { return bytes.Compare(a.ID[:], b.ID[:]) }) {
		t.Error("steps of one instant would be shown in another order")
	}
}

func TestOpenHistoryWaits(t *testing.T) {
	t.Parallel()
	desk, category := oldCity(t)
	h := oldReport(category)
	h.ClosedAt = nil
	arrival, err := desk.ImportHistory(h)
	if err != nil {
		t.Fatal(err)
	}
	if r := arrival.Report; r.Status != civic.Received || r.ClosedAt != nil || r.ResolvedAt != nil || r.Clock.NextDue != nil {
		t.Errorf("report %+v", r)
	}
	if len(arrival.Timeline) != 1 || arrival.Timeline[0].Entry.Message != h.Remarks {
		t.Errorf("timeline %+v", arrival.Timeline)
	}
}

func TestHistoryIsTheSameTheNextTime(t *testing.T) {
	t.Parallel()
	desk, category := oldCity(t)
	first, err := desk.ImportHistory(oldReport(category))
	if err != nil {
		t.Fatal(err)
	}
	second, err := desk.ImportHistory(oldReport(category))
	if err != nil {
		t.Fatal(err)
	}
	if first.Report.ID != second.Report.ID || first.Report.Number != second.Report.Number || first.Audit.ID != second.Audit.ID ||
		first.Timeline[0].ID != second.Timeline[0].ID {
		t.Error("ids differ")
	}
	other := oldReport(category)
	other.Origin = "old:2"
	third, err := desk.ImportHistory(other)
	if err != nil {
		t.Fatal(err)
	}
	if third.Report.ID == first.Report.ID || third.Timeline[0].ID == first.Timeline[0].ID {
		t.Error("two origins share an id")
	}
}

func TestClosedBeforeFiledIsClosedWhenFiled(t *testing.T) {
	t.Parallel()
	desk, category := oldCity(t)
	h := oldReport(category)
	early := oldFiled.Add(-time.Hour)
	h.ClosedAt = &early
	arrival, err := desk.ImportHistory(h)
	if err != nil {
		t.Fatal(err)
	}
	if r := arrival.Report; !r.ClosedAt.Equal(r.CreatedAt) || !r.UpdatedAt.Equal(r.CreatedAt) {
		t.Errorf("created %s, closed %s", r.CreatedAt, r.ClosedAt)
	}
}

func TestHistoryKeepsTheRules(t *testing.T) {
	t.Parallel()
	desk, category := oldCity(t)
	for name, test := range map[string]struct {
		spoil func(*casework.History)
		field string
		key   string
	}{
		"no title":         {func(h *casework.History) { h.Title = " " }, "title", "text.empty"},
		"long title":       {func(h *casework.History) { h.Title = strings.Repeat("x", 121) }, "title", "text.too_long"},
		"NUL in body":      {func(h *casework.History) { h.Body = "a\x00b" }, "body", "text.control_character"},
		"not UTF-8":        {func(h *casework.History) { h.Remarks = "caf\xe9" }, "remarks", "text.not_utf8"},
		"unknown category": {func(h *casework.History) { h.Category = civic.CategoryID{} }, "category", "category.unknown"},
		"outside":          {func(h *casework.History) { h.Place = &civic.Place{Latitude: 37.7, Longitude: -122} }, "location", "location.outside"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := oldReport(category)
			test.spoil(&h)
			_, err := desk.ImportHistory(h)
			var refused *civic.Error
			if !errors.As(err, &refused) || refused.Field != test.field || refused.Key != test.key {
				t.Errorf("got %v, want %s %s", err, test.field, test.key)
			}
		})
	}
}
