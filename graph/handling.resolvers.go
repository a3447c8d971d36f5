package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// PrioritizeReport puts a report before or behind the others.
func (r *mutationResolver) PrioritizeReport(ctx context.Context, report string, priority civic.Priority) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Prioritize(ctx, auth.From(ctx), id, priority)
	return r.show(ctx, changed, err)
}

// RecategorizeReport says what kind of problem it really is.
func (r *mutationResolver) RecategorizeReport(ctx context.Context, report string, category string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	to, err := civic.ParseCategoryID("category", category)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Recategorize(ctx, auth.From(ctx), id, to)
	return r.show(ctx, changed, err)
}

// HideReport takes a report away from the public, or shows it again.
func (r *mutationResolver) HideReport(ctx context.Context, report string, hidden bool, reason string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Hide(ctx, auth.From(ctx), id, hidden, reason)
	return r.show(ctx, changed, err)
}

// EscalateReport takes a report one level up.
func (r *mutationResolver) EscalateReport(ctx context.Context, report string, reason string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Escalate(ctx, auth.From(ctx), id, reason)
	return r.show(ctx, changed, err)
}

// ChangeStatuses moves many reports.
func (r *mutationResolver) ChangeStatuses(ctx context.Context, reports []string, to civic.Status, message *string) ([]*model.StatusChangeResult, error) {
	named, err := ids("reports", reports, civic.ParseReportID)
	if err != nil {
		return nil, err
	}
	changes, err := r.Desk.ChangeStatuses(ctx, auth.From(ctx), named, to, value(message))
	if err != nil {
		return nil, err
	}
	return r.showStatusChanges(ctx, changes)
}

// HandOver clears one officer's desk onto another's.
func (r *mutationResolver) HandOver(ctx context.Context, from string, to string) (*int, error) {
	giver, err := civic.ParseOfficerID("from", from)
	if err != nil {
		return nil, err
	}
	taker, err := civic.ParseOfficerID("to", to)
	if err != nil {
		return nil, err
	}
	moved, err := r.Desk.HandOver(ctx, auth.From(ctx), giver, taker)
	if err != nil {
		return nil, err
	}
	return &moved, nil
}

// FileAtCounter files a report for somebody who came in person.
func (r *mutationResolver) FileAtCounter(ctx context.Context, input model.SubmitReportInput, contact *string) (*model.SubmitReportPayload, error) {
	draft, err := draftOf(input)
	if err != nil {
		return nil, err
	}
	submission, state, duplicate, err := r.Desk.FileAtCounter(ctx, auth.From(ctx), draft, value(contact))
	if err != nil {
		return nil, err
	}
	report, err := r.filedAtCounter(ctx, submission, state, duplicate)
	if err != nil {
		return nil, err
	}
	return &model.SubmitReportPayload{Report: report, State: state}, nil
}

// SaveResponseTemplate prepares an answer.
func (r *mutationResolver) SaveResponseTemplate(ctx context.Context, input model.ResponseTemplateInput) (*model.ResponseTemplate, error) {
	draft, err := templateDraft(input)
	if err != nil {
		return nil, err
	}
	saved, err := r.Desk.SaveTemplate(ctx, auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	return &model.ResponseTemplate{Template: saved, View: r.view(ctx)}, nil
}

// SaveHoliday tells the calendar of a day on which nobody works.
func (r *mutationResolver) SaveHoliday(ctx context.Context, date string, name string) (*bool, error) {
	if _, err := r.Desk.SaveHoliday(ctx, auth.From(ctx), date, name); err != nil {
		return nil, err
	}
	return new(true), nil
}

// EditReport lets the reporter say it better.
func (r *mutationResolver) EditReport(ctx context.Context, report string, input model.EditReportInput) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	edit := casework.Edit{Title: input.Title, Body: input.Body, Place: placeOf(input.Location), Media: uploadsOf(input.AddMedia)}
	changed, err := r.Desk.EditReport(ctx, auth.From(ctx), id, edit)
	return r.show(ctx, changed, err)
}

// RateResolution says how it was dealt with.
func (r *mutationResolver) RateResolution(ctx context.Context, report string, score int, comment *string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Rate(ctx, auth.From(ctx), id, score, value(comment))
	return r.show(ctx, changed, err)
}

// FollowReport follows a report.
func (r *mutationResolver) FollowReport(ctx context.Context, report string) (*model.Report, error) {
	return r.follow(ctx, report, true)
}

// UnfollowReport follows it no more.
func (r *mutationResolver) UnfollowReport(ctx context.Context, report string) (*model.Report, error) {
	return r.follow(ctx, report, false)
}

// SimilarReports finds what may be about the same thing.
func (r *queryResolver) SimilarReports(ctx context.Context, location model.LocationInput, category *string, text *string) ([]*model.Report, error) {
	of, err := optionalID("category", category, civic.ParseCategoryID)
	if err != nil {
		return nil, err
	}
	place, err := r.City().CheckPlace("location", *placeOf(&location))
	if err != nil {
		return nil, err
	}
	words, err := civic.CheckOptionalText("text", value(text), civic.MaxBody)
	if err != nil {
		return nil, err
	}
	like := civic.Likeness{Place: *place, Category: of, Text: words}
	if of != nil {
		like.Categories = r.City().Related(*of)
	}
	return r.similar(ctx, like)
}

// ResponseTemplates lists a department's prepared answers.
func (r *queryResolver) ResponseTemplates(ctx context.Context, department string, status *civic.Status, category *string) ([]*model.ResponseTemplate, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	of, err := optionalID("category", category, civic.ParseCategoryID)
	if err != nil {
		return nil, err
	}
	return r.templates(ctx, id, status, of)
}

// RenderedTemplate fills a prepared answer.
func (r *queryResolver) RenderedTemplate(ctx context.Context, template string, report string) (*string, error) {
	prepared, err := r.template(ctx, "template", template)
	if err != nil {
		return nil, err
	}
	about, err := r.reportByID(ctx, "report", report)
	if err != nil {
		return nil, err
	}
	return new(r.render(prepared, about)), nil
}

// DeadlinePresets lists what the law allows.
func (r *queryResolver) DeadlinePresets(ctx context.Context) ([]*model.DeadlinePreset, error) {
	presets := make([]*model.DeadlinePreset, len(civic.LegalLimits))
	for i, days := range civic.LegalLimits {
		presets[i] = &model.DeadlinePreset{WorkingDays: days, WorkingHours: r.City().WorkingHours(days)}
	}
	return presets, nil
}

// FollowedByMe tells whether the caller follows it.
func (r *reportResolver) FollowedByMe(ctx context.Context, obj *model.Report) (bool, error) {
	return r.followedByMe(ctx, obj)
}

// Rating is what its reporter thinks of how it was dealt with.
func (r *reportResolver) Rating(ctx context.Context, obj *model.Report) (*model.Rating, error) {
	return r.rating(ctx, obj)
}

// PossibleDuplicates may be about the same thing.
func (r *reportResolver) PossibleDuplicates(ctx context.Context, obj *model.Report) ([]*model.Report, error) {
	return r.possibleDuplicates(ctx, obj)
}
