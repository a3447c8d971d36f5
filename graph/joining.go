package graph

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

type (
	mergesKey      struct{}
	mergedIntoKey  struct{}
	partsKey       struct{}
	partReportsKey struct{}
	originsKey     struct{}
	originKey      struct{}
)

// Links between reports are read for all that were found together, and the reports that they lead to by one query more.

func (r *Resolver) merges(ctx context.Context, report *model.Report) (map[civic.ReportID]civic.Merge, error) {
	return model.Load(report.Batch, mergesKey{}, func(ids []civic.ReportID) (map[civic.ReportID]civic.Merge, error) {
		return r.Reader.Merges(ctx, report.Batch.Scope, ids)
	})
}

func (r *Resolver) mergedInto(ctx context.Context, report *model.Report) (*model.Report, error) {
	merges, err := r.merges(ctx, report)
	if err != nil || merges[report.ID].Into.IsZero() {
		return nil, err
	}
	into := func(id civic.ReportID) []civic.ReportID { return one(merges[id].Into) }
	return first(r.linked(ctx, report, mergedIntoKey{}, into))
}

func (r *Resolver) mergedStatus(ctx context.Context, report *model.Report) (*civic.Status, error) {
	merges, err := r.merges(ctx, report)
	if merge := merges[report.ID]; err == nil && !merge.Into.IsZero() {
		return &merge.Status, nil
	}
	return nil, err
}

func (r *Resolver) parts(ctx context.Context, report *model.Report) ([]*model.Report, error) {
	parts, err := model.Load(report.Batch, partsKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]civic.ReportID, error) {
		return r.Reader.Parts(ctx, report.Batch.Scope, ids)
	})
	if err != nil {
		return nil, err
	}
	return r.linked(ctx, report, partReportsKey{}, func(id civic.ReportID) []civic.ReportID { return parts[id] })
}

func (r *Resolver) partOf(ctx context.Context, report *model.Report) (*model.Report, error) {
	origins, err := model.Load(report.Batch, originsKey{}, func(ids []civic.ReportID) (map[civic.ReportID]civic.ReportID, error) {
		return r.Reader.Origins(ctx, report.Batch.Scope, ids)
	})
	if err != nil || origins[report.ID].IsZero() {
		return nil, err
	}
	return first(r.linked(ctx, report, originKey{}, func(id civic.ReportID) []civic.ReportID { return one(origins[id]) }))
}

// linked shows the reports that links lead to from this one, as far as its caller may see them. They are a batch of their own.
func (r *Resolver) linked(ctx context.Context, report *model.Report, key any, links func(civic.ReportID) []civic.ReportID) ([]*model.Report, error) {
	shown, err := model.Once(report.Batch, key, func() (map[civic.ReportID]*model.Report, error) {
		var wanted []civic.ReportID
		for _, found := range report.Batch.Reports {
			wanted = append(wanted, links(found.ID)...)
		}
		return r.loadLinked(ctx, report, wanted)
	})
	reports := []*model.Report{}
	for _, id := range links(report.ID) {
		if shown[id] != nil {
			reports = append(reports, shown[id])
		}
	}
	return reports, err
}

// loadLinked finds reports with the right that the first ones were found with. A receipt opens rows of the database and is no right that
// the city's own rule knows.
func (r *Resolver) loadLinked(ctx context.Context, from *model.Report, wanted []civic.ReportID) (map[civic.ReportID]*model.Report, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	scope, view := from.Batch.Scope, from.View
	found, err := r.Reader.Reports(ctx, scope, wanted)
	if err != nil {
		return nil, err
	}
	shown := map[civic.ReportID]*model.Report{}
	for _, report := range model.NewReports(view, scope, found) {
		if scope.Receipt != nil || view.City.MayRead(view.Principal, report.Report) {
			shown[report.ID] = report
		}
	}
	return shown, nil
}

func one(id civic.ReportID) []civic.ReportID {
	if id.IsZero() {
		return nil
	}
	return []civic.ReportID{id}
}

func first(reports []*model.Report, err error) (*model.Report, error) {
	if err != nil || len(reports) == 0 {
		return nil, err
	}
	return reports[0], nil
}

func piecesOf(in []*model.SplitPartInput) ([]casework.Piece, error) {
	pieces := make([]casework.Piece, len(in))
	for i, part := range in {
		category, err := civic.ParseCategoryID(fmt.Sprintf("parts.%d.category", i), part.Category)
		if err != nil {
			return nil, err
		}
		pieces[i] = casework.Piece{Title: part.Title, Body: part.Body, Category: category}
	}
	return pieces, nil
}
