package graph

import (
	"context"
	"slices"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// The keys under which a batch remembers the resolutions of its reports.
type (
	resolutionsKey struct{}
	checksKey      struct{}
	reusedKey      struct{}
)

func (r *Resolver) resolution(ctx context.Context, report *model.Report) (*model.Resolution, error) {
	all, err := model.Load(report.Batch, resolutionsKey{}, func(ids []civic.ReportID) (map[civic.ReportID]*civic.Resolution, error) {
		return r.Reader.Resolutions(ctx, report.Batch.Scope, ids)
	})
	if err != nil || all[report.ID] == nil {
		return nil, err
	}
	return &model.Resolution{Resolution: all[report.ID], Of: report}, nil
}

// photos are the proof. They are loaded together with what came with the reports.
func (r *Resolver) photos(ctx context.Context, resolution *model.Resolution) ([]*model.Media, error) {
	all, err := r.allMedia(ctx, resolution.Of)
	if err != nil {
		return nil, err
	}
	photos := []*model.Media{}
	for _, media := range all {
		if media.Resolution == resolution.ID {
			photos = append(photos, r.showMedia(media, resolution.Of.Report))
		}
	}
	return photos, nil
}

// checks are what was found out about a resolution's photos, for those who handle the report: the rows behind them are theirs alone.
func (r *Resolver) checks(ctx context.Context, resolution *model.Resolution) ([]*civic.PhotoCheck, error) {
	batch := resolution.Of.Batch
	all, err := model.Load(batch, checksKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.PhotoCheck, error) {
		return r.Reader.PhotoChecks(ctx, batch.Scope, ids)
	})
	var checks []*civic.PhotoCheck
	for _, check := range all[resolution.Report] {
		if check.Resolution == resolution.ID {
			checks = append(checks, check)
		}
	}
	return checks, err
}

func (r *Resolver) facts(ctx context.Context, resolution *model.Resolution) ([]*model.PhotoFact, error) {
	checks, err := r.checks(ctx, resolution)
	if err != nil {
		return nil, err
	}
	photos, err := r.photos(ctx, resolution)
	if err != nil {
		return nil, err
	}
	facts := []*model.PhotoFact{}
	for _, photo := range photos {
		if i := slices.IndexFunc(checks, func(c *civic.PhotoCheck) bool { return c.Photo == photo.ID }); i >= 0 {
			facts = append(facts, &model.PhotoFact{PhotoCheck: checks[i], Photo: photo, Of: resolution})
		}
	}
	return facts, nil
}

// reusedFrom finds the earlier reports of all photos of the batch at once; those that the caller may not see are not there.
func (r *Resolver) reusedFrom(ctx context.Context, fact *model.PhotoFact) (*model.Report, error) {
	if fact.ReusedFrom == nil {
		return nil, nil
	}
	batch := fact.Of.Of.Batch
	found, err := model.Once(batch, reusedKey{}, func() (map[civic.ReportID]*model.Report, error) {
		checks, err := model.Load(batch, checksKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.PhotoCheck, error) {
			return r.Reader.PhotoChecks(ctx, batch.Scope, ids)
		})
		if err != nil {
			return nil, err
		}
		return r.earlier(ctx, batch, checks)
	})
	return found[*fact.ReusedFrom], err
}

func (r *Resolver) earlier(ctx context.Context, batch *model.Batch, checks map[civic.ReportID][]*civic.PhotoCheck) (map[civic.ReportID]*model.Report, error) {
	var ids []civic.ReportID
	for _, of := range checks {
		for _, check := range of {
			if check.ReusedFrom != nil && !slices.Contains(ids, *check.ReusedFrom) {
				ids = append(ids, *check.ReusedFrom)
			}
		}
	}
	reports, err := r.Reader.Reports(ctx, batch.Scope, ids)
	if err != nil {
		return nil, err
	}
	reports = slices.DeleteFunc(reports, func(report *civic.Report) bool { return !r.City().MayRead(auth.From(ctx), report) })
	earlier := map[civic.ReportID]*model.Report{}
	for _, report := range model.NewReports(r.view(ctx), batch.Scope, reports) {
		earlier[report.ID] = report
	}
	return earlier, nil
}
