package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// reportByID finds a report that the caller may see; field names the argument.
func (r *Resolver) reportByID(ctx context.Context, field, text string) (*model.Report, error) {
	id, err := civic.ParseReportID(field, text)
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.Reports(ctx, r.scope(ctx), []civic.ReportID{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errReportNotFound
	}
	return r.showFound(ctx, found[0], nil)
}

// showFound wraps a report that the database let through, if the city's own rule does, too: the database is not the only wall.
func (r *Resolver) showFound(ctx context.Context, report *civic.Report, err error) (*model.Report, error) {
	if err == nil && !r.City().MayRead(auth.From(ctx), report) {
		err = errReportNotFound
	}
	return r.show(ctx, report, err)
}

// reportByNumber takes a number as people write it: small letters and missing dashes are forgiven.
func (r *Resolver) reportByNumber(ctx context.Context, number string) (*model.Report, error) {
	canonical, err := civic.ParseNumber("number", number)
	if err != nil {
		return nil, err
	}
	report, err := r.Reader.ReportByNumber(ctx, r.scope(ctx), canonical)
	return r.showFound(ctx, report, err)
}

func draftOf(in model.SubmitReportInput) (casework.Draft, error) {
	category, err := optionalID("category", in.Category, civic.ParseCategoryID)
	return casework.Draft{
		ClientKey: value(in.ClientKey), Title: in.Title, Body: in.Body, Category: category, Visibility: in.Visibility,
		Place: placeOf(in.Location), Answers: answersOf(in.Answers), Media: uploadsOf(in.Media),
	}, err
}

// submitted shows what was just filed: as the database has it if it was filed before, else as it was accepted, which takes no query
// and works while the database is down.
func (r *Resolver) submitted(ctx context.Context, s civic.Submission, state civic.SubmissionState, duplicate bool) (*model.Report, error) {
	if duplicate {
		return r.reportByID(ctx, "id", s.Report.String())
	}
	report := s.AsReport()
	report.Fresh, report.Queued = true, state == civic.Queued
	return r.show(ctx, report, nil)
}

func (r *Resolver) vote(ctx context.Context, report string, give bool) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Upvote(ctx, auth.From(ctx), id, give)
	return r.show(ctx, changed, err)
}

func (r *Resolver) upvotedByMe(ctx context.Context, report *model.Report) (bool, error) {
	p := report.View.Principal
	if !p.IsCitizen() {
		return false, nil
	}
	given, err := model.Load(report.Batch, upvotedKey{}, func(ids []civic.ReportID) (map[civic.ReportID]bool, error) {
		return r.Reader.Upvoted(ctx, p.Citizen, ids)
	})
	return given[report.ID], err
}

func (r *Resolver) notes(ctx context.Context, report *model.Report) ([]*civic.Note, error) {
	all, err := model.Load(report.Batch, notesKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.Note, error) {
		return r.Reader.Notes(ctx, report.Batch.Scope, ids)
	})
	return all[report.ID], err
}
