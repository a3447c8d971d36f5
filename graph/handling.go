package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// showStatusChanges tells what became of each report, with the report as it stands now where the caller may see it.
func (r *Resolver) showStatusChanges(ctx context.Context, changes []casework.StatusChange) ([]*model.StatusChangeResult, error) {
	named := make([]civic.ReportID, len(changes))
	for i, change := range changes {
		named[i] = change.Report
	}
	found, err := r.Reader.Reports(ctx, r.scope(ctx), named)
	if err != nil {
		return nil, err
	}
	shown := map[civic.ReportID]*model.Report{}
	for _, report := range model.NewReports(r.view(ctx), r.scope(ctx), found) {
		if r.City().MayRead(auth.From(ctx), report.Report) {
			shown[report.ID] = report
		}
	}
	results := make([]*model.StatusChangeResult, len(changes))
	for i, change := range changes {
		results[i] = &model.StatusChangeResult{ID: change.Report.String(), Report: shown[change.Report], Changed: change.Err == nil}
		if change.Err != nil {
			code, message := refusal(ctx, change.Err)
			results[i].Code, results[i].Message = &code, &message
		}
	}
	return results, nil
}

// refusal is an error as one of many results tells it. One that is not for people is told as such, and goes the way of all errors.
func refusal(ctx context.Context, err error) (code, message string) {
	known := new(civic.Error)
	if !errors.As(err, &known) {
		graphql.AddError(ctx, err)
		known = &civic.Error{Code: civic.CodeInternal, Key: "error.unavailable"}
	}
	return string(known.Code), locale.Text(locale.From(ctx), known.Key, known.Args)
}

// filedAtCounter shows what was just filed. Filed before, it is shown as it stands, unless it is another department's to see.
func (r *Resolver) filedAtCounter(ctx context.Context, s civic.Submission, state civic.SubmissionState, duplicate bool) (*model.Report, error) {
	report, err := r.submitted(ctx, s, state, duplicate)
	if known := (*civic.Error)(nil); errors.As(err, &known) && known.Code == civic.CodeNotFound {
		return r.submitted(ctx, s, state, false)
	}
	return report, err
}

func (r *Resolver) follow(ctx context.Context, report string, follow bool) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Follow(ctx, auth.From(ctx), id, follow)
	return r.show(ctx, changed, err)
}

func (r *Resolver) followedByMe(ctx context.Context, report *model.Report) (bool, error) {
	p := report.View.Principal
	if !p.IsCitizen() {
		return false, nil
	}
	followed, err := model.Load(report.Batch, followedKey{}, func(ids []civic.ReportID) (map[civic.ReportID]bool, error) {
		return r.Reader.Followed(ctx, p.Citizen, ids)
	})
	return followed[report.ID], err
}

func (r *Resolver) rating(ctx context.Context, report *model.Report) (*model.Rating, error) {
	all, err := model.Load(report.Batch, ratingsKey{}, func(ids []civic.ReportID) (map[civic.ReportID]*civic.Rating, error) {
		return r.Reader.Ratings(ctx, report.Batch.Scope, ids)
	})
	if err != nil || all[report.ID] == nil {
		return nil, err
	}
	return &model.Rating{Rating: all[report.ID]}, nil
}

// similar finds what is like: for officers among their departments' reports, for everybody else among the public ones.
func (r *Resolver) similar(ctx context.Context, like civic.Likeness) ([]*model.Report, error) {
	var scope civic.Scope
	if p := auth.From(ctx); p.IsStaff() {
		scope = r.scope(ctx)
	}
	found, err := r.Reader.Similar(ctx, scope, scope.Departments, like)
	if err != nil {
		return nil, err
	}
	return model.NewReports(r.view(ctx), scope, found), nil
}

func (r *Resolver) possibleDuplicates(ctx context.Context, report *model.Report) ([]*model.Report, error) {
	like, known := report.View.City.Like(report.Report)
	if !known {
		return []*model.Report{}, nil
	}
	return r.similar(ctx, like)
}
