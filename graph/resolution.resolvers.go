package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// ResolveReport calls a report done.
func (r *mutationResolver) ResolveReport(ctx context.Context, report string, message string, photos []*civic.Upload, cause *string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	of, err := optionalID("cause", cause, civic.ParseCauseID)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.ResolveReport(ctx, auth.From(ctx), id, message, uploadsOf(photos), of)
	return r.show(ctx, changed, err)
}

// ReusedFrom is whose resolution had the photo before.
func (r *photoFactResolver) ReusedFrom(ctx context.Context, obj *model.PhotoFact) (*model.Report, error) {
	return r.reusedFrom(ctx, obj)
}

// Resolution is what the department says it did.
func (r *reportResolver) Resolution(ctx context.Context, obj *model.Report) (*model.Resolution, error) {
	return r.resolution(ctx, obj)
}

// Photos are the proof.
func (r *resolutionResolver) Photos(ctx context.Context, obj *model.Resolution) ([]*model.Media, error) {
	return r.photos(ctx, obj)
}

// Flags are what somebody should look at.
func (r *resolutionResolver) Flags(ctx context.Context, obj *model.Resolution) ([]civic.ResolutionFlag, error) {
	checks, err := r.checks(ctx, obj)
	return civic.FlagsOf(checks), err
}

// Facts are what the photos' files said of themselves.
func (r *resolutionResolver) Facts(ctx context.Context, obj *model.Resolution) ([]*model.PhotoFact, error) {
	return r.facts(ctx, obj)
}

func (r *Resolver) PhotoFact() generated.PhotoFactResolver { return &photoFactResolver{r} }

func (r *Resolver) Resolution() generated.ResolutionResolver { return &resolutionResolver{r} }

type (
	photoFactResolver  struct{ *Resolver }
	resolutionResolver struct{ *Resolver }
)
