package civic_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

func TestFlagsOfFacts(t *testing.T) {
	t.Parallel()
	filed := time.Date(2026, time.November, 23, 2, 0, 0, 500, time.UTC)
	report := &civic.Report{CreatedAt: filed, Place: &civic.Place{Latitude: -6.9, Longitude: 107.6}}
	at := func(d time.Duration) *time.Time { return new(filed.Truncate(time.Second).Add(d)) }
	for what, c := range map[string]struct {
		facts civic.PhotoFacts
		want  []civic.ResolutionFlag
	}{
		"nothing":                  {civic.PhotoFacts{}, []civic.ResolutionFlag{civic.NoCaptureData}},
		"a place alone":            {civic.PhotoFacts{Latitude: new(-6.9), Longitude: new(107.6)}, []civic.ResolutionFlag{civic.NoCaptureData}},
		"a camera":                 {civic.PhotoFacts{Camera: true}, nil},
		"the second of the report": {civic.PhotoFacts{TakenAt: at(0)}, nil},
		"the second before":        {civic.PhotoFacts{TakenAt: at(-time.Second)}, []civic.ResolutionFlag{civic.TakenBeforeReport}},
		"299 m":                    {civic.PhotoFacts{Camera: true, Latitude: new(-6.9 + 299/111_195.0), Longitude: new(107.6)}, nil},
		"301 m":                    {civic.PhotoFacts{Camera: true, Latitude: new(-6.9 + 301/111_195.0), Longitude: new(107.6)}, []civic.ResolutionFlag{civic.FarAway}},
		"nowhere":                  {civic.PhotoFacts{Camera: true, Latitude: new(math.NaN()), Longitude: new(107.6)}, nil},
		"generated":                {civic.PhotoFacts{Camera: true, Generated: true}, []civic.ResolutionFlag{civic.GeneratedOrEdited}},
		"edited":                   {civic.PhotoFacts{Camera: true, Edited: true}, []civic.ResolutionFlag{civic.GeneratedOrEdited}},
		"a camera that signs":      {civic.PhotoFacts{Camera: true, ContentCredentials: true}, nil},
		"before, far away and generated": {civic.PhotoFacts{TakenAt: at(-time.Hour), Latitude: new(0.0), Longitude: new(0.0), Generated: true},
			[]civic.ResolutionFlag{civic.FarAway, civic.TakenBeforeReport, civic.GeneratedOrEdited}},
	} {
		if got := c.facts.Flags(report); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
	anywhere := civic.PhotoFacts{Camera: true, Latitude: new(0.0), Longitude: new(0.0)}
	if got := anywhere.Flags(&civic.Report{CreatedAt: filed}); len(got) != 0 {
		t.Errorf("a report without a place: %v", got)
	}
	several := civic.FlagsOf([]*civic.PhotoCheck{
		{Flags: []civic.ResolutionFlag{civic.NoCaptureData}}, {}, {Flags: []civic.ResolutionFlag{civic.ReusedPhoto, civic.NoCaptureData}},
	})
	if !slices.Equal(several, []civic.ResolutionFlag{civic.ReusedPhoto, civic.NoCaptureData}) || civic.FlagsOf(nil) == nil {
		t.Errorf("together: %v", several)
	}
}

func TestCheckProof(t *testing.T) {
	t.Parallel()
	strict, free := civic.CategoryID{UUID: civic.NamedUUID("strict")}, civic.CategoryID{UUID: civic.NamedUUID("free")}
	owner := civic.DepartmentID{UUID: civic.NamedUUID("office")}
	city, err := civic.NewCity(civic.Bounds{}, office(t, 1), []*civic.Department{{ID: owner, Code: "office"}}, []*civic.Category{
		{ID: strict, Code: "strict", Department: owner, ProofRequired: true, ResponseHours: 1, ResolutionHours: 1},
		{ID: free, Code: "free", Department: owner, ResponseHours: 1, ResolutionHours: 1},
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		category civic.CategoryID
		photos   int
		refused  bool
	}{{strict, 0, true}, {strict, 1, false}, {free, 0, false}, {civic.CategoryID{}, 0, false}} {
		err := city.CheckProof(&civic.Report{Category: c.category}, c.photos)
		var refusal *civic.Error
		if errors.As(err, &refusal) != c.refused || c.refused && (refusal.Field != "photos" || refusal.Code != civic.CodeInvalidInput) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
