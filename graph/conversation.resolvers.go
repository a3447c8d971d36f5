package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// ConfirmResolution closes a report that is done.
func (r *mutationResolver) ConfirmResolution(ctx context.Context, report string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.ConfirmResolution(ctx, auth.From(ctx), id)
	return r.show(ctx, changed, err)
}

// ReopenReport sends a report back to work.
func (r *mutationResolver) ReopenReport(ctx context.Context, report string, reason string, photos []*civic.Upload) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Reopen(ctx, auth.From(ctx), id, reason, uploadsOf(photos)...)
	return r.show(ctx, changed, err)
}

// ReplyAsAnonymous speaks with the department.
func (r *mutationResolver) ReplyAsAnonymous(ctx context.Context, receipt string, body string) (*model.AnonymousCase, error) {
	words, err := readWords("body", body, civic.MaxComment, true)
	if err != nil {
		return nil, err
	}
	found, err := r.openCase(ctx, receipt)
	if err != nil {
		return nil, err
	}
	text, err := r.Anonymizer.Scrub(ctx, words)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.ReplyAsAnonymous(ctx, found.hash, text)
	return r.changedCase(ctx, found.hash, changed, err)
}

// AnswerResolutionAsAnonymous closes a report, or sends it back to work.
func (r *mutationResolver) AnswerResolutionAsAnonymous(ctx context.Context, receipt string, satisfied bool, reason *string) (*model.AnonymousCase, error) {
	words, err := readWords("reason", value(reason), civic.MaxMessage, !satisfied)
	if err != nil {
		return nil, err
	}
	found, err := r.openCase(ctx, receipt)
	if err != nil {
		return nil, err
	}
	text, err := r.Anonymizer.Scrub(ctx, words)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.AnswerResolutionAsAnonymous(ctx, found.hash, satisfied, text)
	return r.changedCase(ctx, found.hash, changed, err)
}

// AnonymousCaseChanged follows a case by its receipt.
func (r *subscriptionResolver) AnonymousCaseChanged(ctx context.Context, receipt string) (<-chan *model.AnonymousCase, error) {
	found, err := r.openCase(ctx, receipt)
	if err != nil {
		return nil, err
	}
	return r.watchCase(ctx, found)
}
