package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

const (
	spreadFields = "{ count p50 p90 mean }"
	sliceFields  = "{ key count }"
)

type spreadShown struct {
	Count          float64
	P50, P90, Mean *float64
}

type sliceShown struct {
	Key   string
	Count float64
}

type figuresShown struct {
	Analytics struct {
		Total                                          float64
		Series                                         []map[string]any
		ByCategory, ByDistrict, ByStatus, ByDepartment []sliceShown
		BacklogAge                                     []sliceShown
		ResponseHours, ResolutionHours                 spreadShown
	}
	Performance []struct {
		Department                                             struct{ ID string }
		Received, Open, Overdue, Resolved, Escalated, Reopened float64
		WithinSLA, Rating                                      *float64
		ResponseHours, ResolutionHours                         spreadShown
		Officers                                               []struct {
			Officer         struct{ ID string }
			Handled         float64
			Rating          *float64
			ResolutionHours spreadShown
		}
	}
	CityStatistics struct {
		Received, Open, Resolved         float64
		MedianResolutionHours, WithinSLA *float64
	}
}

// shown is what the API tells, under the names that countedAgain gives.
func (b *bench) shown(ctx context.Context, token string, q asking) (told, error) {
	period := fmt.Sprintf("from: %q, to: %q", q.period.From.Format(time.RFC3339Nano), q.period.To.Format(time.RFC3339Nano))
	query := "{ analytics(" + q.departmentArgument() + period + ") { total series(bucket: DAY) { at received resolved escalated } byCategory " + sliceFields +
		" byDistrict " + sliceFields + " byStatus " + sliceFields + " byDepartment " + sliceFields + " backlogAge " + sliceFields +
		" responseHours " + spreadFields + " resolutionHours " + spreadFields + " } performance(" + period + ") { department { id } received open overdue " +
		"resolved escalated reopened withinSla rating responseHours " + spreadFields + " resolutionHours " + spreadFields +
		" officers { officer { id } handled rating resolutionHours " + spreadFields + " } } cityStatistics { received open resolved medianResolutionHours withinSla } }"
	var data figuresShown
	if err := askAs(ctx, b.ours.address, token, operation{Query: query}, &data); err != nil {
		return nil, err
	}
	t := told{"total": data.Analytics.Total}
	for part, slices := range map[string][]sliceShown{
		"byCategory": data.Analytics.ByCategory, "byDistrict": data.Analytics.ByDistrict, "byStatus": data.Analytics.ByStatus,
		"byDepartment": data.Analytics.ByDepartment, "backlogAge": data.Analytics.BacklogAge,
	} {
		for _, slice := range slices {
			t[part+" "+slice.Key] = slice.Count
		}
	}
	for _, point := range data.Analytics.Series {
		at, err := time.Parse(time.RFC3339, fmt.Sprint(point["at"]))
		if err != nil {
			return nil, err
		}
		for _, figure := range []string{"received", "resolved", "escalated"} {
			t[called("series", at.UTC().Format(time.RFC3339), figure)], _ = point[figure].(float64)
		}
	}
	t.spread("responseHours", data.Analytics.ResponseHours)
	t.spread("resolutionHours", data.Analytics.ResolutionHours)
	for _, p := range data.Performance {
		of := "performance " + p.Department.ID + " "
		for figure, value := range map[string]float64{
			"received": p.Received, "open": p.Open, "overdue": p.Overdue, "resolved": p.Resolved, "escalated": p.Escalated, "reopened": p.Reopened,
		} {
			t[of+figure] = value
		}
		t.maybe(of+"withinSla", p.WithinSLA)
		t.maybe(of+"rating", p.Rating)
		t.spread(of+"responseHours", p.ResponseHours)
		t.spread(of+"resolutionHours", p.ResolutionHours)
		for _, o := range p.Officers {
			of, err := ofOfficer(o.Officer.ID, p.Department.ID)
			if err != nil {
				return nil, err
			}
			t[of+"handled"] = o.Handled
			t.maybe(of+"rating", o.Rating)
			t.spread(of+"resolutionHours", o.ResolutionHours)
		}
	}
	t["city received"], t["city open"], t["city resolved"] = data.CityStatistics.Received, data.CityStatistics.Open, data.CityStatistics.Resolved
	t.maybe("city p50", data.CityStatistics.MedianResolutionHours)
	t.maybe("city withinSla", data.CityStatistics.WithinSLA)
	return t, nil
}

// ofOfficer is how figures of an officer in a department are called.
func ofOfficer(officer, department string) (string, error) {
	id, err := civic.ParseDepartmentID("department", department)
	return called("officers", officer, id.UUIDString()) + " ", err
}

func (t told) spread(name string, s spreadShown) {
	t[name+" count"] = s.Count
	t.maybe(name+" p50", s.P50)
	t.maybe(name+" p90", s.P90)
	t.maybe(name+" mean", s.Mean)
}

func (t told) maybe(name string, value *float64) {
	if value != nil {
		t[name] = *value
	}
}

// opaque is the public id of a row's key.
func opaque(kind string, id *[16]byte) string {
	if id == nil {
		return ""
	}
	switch kind {
	case "category":
		return civic.CategoryID{UUID: *id}.String()
	case "district":
		return civic.DistrictID{UUID: *id}.String()
	case "department":
		return civic.DepartmentID{UUID: *id}.String()
	case "officer":
		return civic.OfficerID{UUID: *id}.String()
	}
	return ""
}
