package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

type mediaKey struct{}

// allMedia are a report's pictures and films for whatever purpose, loaded for all that were found with it by one query.
func (r *Resolver) allMedia(ctx context.Context, report *model.Report) ([]*civic.Media, error) {
	if report.Fresh {
		return report.Report.Media, nil
	}
	all, err := model.Load(report.Batch, mediaKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.Media, error) {
		return r.Reader.Media(ctx, report.Batch.Scope, ids)
	})
	return all[report.ID], err
}

// media are what came with a report.
func (r *Resolver) media(ctx context.Context, report *model.Report) ([]*model.Media, error) {
	found, err := r.allMedia(ctx, report)
	if err != nil {
		return nil, err
	}
	shown := make([]*model.Media, 0, len(found))
	for _, media := range found {
		if media.Purpose == civic.MediaOfReport {
			shown = append(shown, r.showMedia(media, report.Report))
		}
	}
	return shown, nil
}

// fillMedia loads what a plan is about to write.
func (r *Resolver) fillMedia(ctx context.Context, reports ...*model.Report) (err error) {
	for _, report := range reports {
		if report.Media, err = r.media(ctx, report); err != nil {
			return err
		}
	}
	return nil
}

// uploadsOf opens a list of files.
func uploadsOf(files []*civic.Upload) []civic.Upload {
	uploads := make([]civic.Upload, len(files))
	for i, file := range files {
		uploads[i] = *file
	}
	return uploads
}

// showMedia gives links to whoever sees the report. One that is queued is not in the database, where the right to follow a plain link is
// looked up.
func (r *Resolver) showMedia(media *civic.Media, of *civic.Report) *model.Media {
	url, thumbnail := r.Links.Of(media, of.PublicNow() && !of.Queued)
	return &model.Media{Media: media, URL: url, ThumbnailURL: thumbnail}
}

func (r *Resolver) mediaNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseMediaID("id", text)
	if err != nil {
		return nil, err
	}
	media, err := r.Reader.OneMedia(ctx, r.scope(ctx), id)
	if err != nil {
		return nil, err
	}
	report, err := r.reportByID(ctx, "id", media.Report.String())
	if err != nil {
		return nil, errNodeNotFound
	}
	return r.showMedia(media, report.Report), nil
}
