package graph

import (
	"context"
	"slices"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

// The keys under which a batch remembers what hangs on its reports.
type (
	commentsKey civic.PageRequest
	timelineKey civic.PageRequest
	notesKey    struct{}
	upvotedKey  struct{}
	followedKey struct{}
	ratingsKey  struct{}
	namesKey    struct{}
)

func (r *Resolver) comments(ctx context.Context, report *model.Report, page civic.PageRequest) (civic.Page[*civic.Comment], error) {
	all, err := model.Load(report.Batch, commentsKey(page), func(ids []civic.ReportID) (map[civic.ReportID]civic.Page[*civic.Comment], error) {
		return r.Reader.Comments(ctx, report.Batch.Scope, ids, page)
	})
	return all[report.ID], err
}

func (r *Resolver) showComments(ctx context.Context, comments []*civic.Comment) []*model.Comment {
	view := r.view(ctx)
	shown := make([]*model.Comment, len(comments))
	for i, comment := range comments {
		shown[i] = &model.Comment{Comment: comment, View: view}
	}
	return shown
}

// timeline is a page of a report's history; one that is only just accepted has been submitted, and no more.
func (r *Resolver) timeline(ctx context.Context, report *model.Report, page civic.PageRequest) (civic.Page[*civic.TimelineEntry], error) {
	if report.Fresh {
		entry := &civic.TimelineEntry{
			Report: report.ID, Kind: civic.TimelineSubmitted, At: report.CreatedAt, Status: report.Status, Department: &report.Report.Department,
		}
		return civic.Page[*civic.TimelineEntry]{Items: []*civic.TimelineEntry{entry}}, nil
	}
	all, err := model.Load(report.Batch, timelineKey(page), func(ids []civic.ReportID) (map[civic.ReportID]civic.Page[*civic.TimelineEntry], error) {
		return r.Reader.Timelines(ctx, report.Batch.Scope, ids, page)
	})
	return all[report.ID], err
}

// reporterOf names the reporter to the reporter and to the responsible department; nobody else learns anything.
func (r *Resolver) reporterOf(ctx context.Context, report *model.Report) (*model.Citizen, error) {
	p := report.View.Principal
	if report.Report.Reporter == nil || !civic.Wrote(p, report.Report) && !report.View.Handles(report.Report.Department) {
		return nil, nil
	}
	names, err := model.Once(report.Batch, namesKey{}, func() (map[civic.CitizenID]string, error) {
		return r.Accounts.Names(ctx, reporters(report.Batch))
	})
	if err != nil {
		return nil, err
	}
	reporter := *report.Report.Reporter
	return &model.Citizen{Citizen: &civic.Citizen{ID: reporter, Name: names[reporter]}}, nil
}

func reporters(batch *model.Batch) []civic.CitizenID {
	var all []civic.CitizenID
	for _, report := range batch.Reports {
		if report.Reporter != nil && !slices.Contains(all, *report.Reporter) {
			all = append(all, *report.Reporter)
		}
	}
	return all
}
