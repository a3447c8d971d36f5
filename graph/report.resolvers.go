package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/generated"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// SubmitReport files a report.
func (r *mutationResolver) SubmitReport(ctx context.Context, input model.SubmitReportInput) (*model.SubmitReportPayload, error) {
	draft, err := draftOf(input)
	if err != nil {
		return nil, err
	}
	submission, state, duplicate, err := r.Desk.Submit(ctx, auth.From(ctx), draft)
	if err != nil {
		return nil, err
	}
	report, err := r.submitted(ctx, submission, state, duplicate)
	if err != nil {
		return nil, err
	}
	return &model.SubmitReportPayload{Report: report, State: state}, nil
}

// UpvoteReport supports a public report.
func (r *mutationResolver) UpvoteReport(ctx context.Context, report string) (*model.Report, error) {
	return r.vote(ctx, report, true)
}

// RemoveUpvote takes the support back.
func (r *mutationResolver) RemoveUpvote(ctx context.Context, report string) (*model.Report, error) {
	return r.vote(ctx, report, false)
}

// WithdrawReport takes a report back.
func (r *mutationResolver) WithdrawReport(ctx context.Context, report string, reason *string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Withdraw(ctx, auth.From(ctx), id, value(reason))
	return r.show(ctx, changed, err)
}

// CommentOnReport speaks on a report.
func (r *mutationResolver) CommentOnReport(ctx context.Context, report string, body string) (*model.Comment, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	comment, err := r.Desk.Comment(ctx, auth.From(ctx), id, body)
	if err != nil {
		return nil, err
	}
	return &model.Comment{Comment: comment, View: r.view(ctx)}, nil
}

// Report finds one by id or number.
func (r *queryResolver) Report(ctx context.Context, id *string, number *string) (*model.Report, error) {
	switch {
	case (id == nil) == (number == nil):
		return nil, civic.Invalid("id", "report.id_or_number")
	case id != nil:
		return r.reportByID(ctx, "id", *id)
	}
	return r.reportByNumber(ctx, *number)
}

// PublicReports lists what everybody may see.
func (r *queryResolver) PublicReports(ctx context.Context, filter *model.ReportFilter, order *civic.Order, first *int, after *string) (*model.ReportConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	narrowed, err := publicFilter(filter)
	if err != nil {
		return nil, err
	}
	sorted := orderOf(order, civic.Newest)
	if sorted == civic.DueSoonest {
		return nil, civic.Invalid("order", "filter.department_only")
	}
	found, err := r.Reader.PublicReports(ctx, narrowed, sorted, page)
	return r.connection(ctx, r.scope(ctx), found, err)
}

// MyReports lists what the caller reported.
func (r *queryResolver) MyReports(ctx context.Context, statuses []civic.Status, first *int, after *string) (*model.ReportConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.CitizenReports(ctx, auth.From(ctx).Citizen, statuses, page)
	return r.connection(ctx, r.scope(ctx), found, err)
}

// FollowedReports lists what the caller follows.
func (r *queryResolver) FollowedReports(ctx context.Context, first *int, after *string) (*model.ReportConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.FollowedReports(ctx, auth.From(ctx).Citizen, page)
	return r.connection(ctx, r.scope(ctx), found, err)
}

// DepartmentReports lists the reports of a department and of all below it.
func (r *queryResolver) DepartmentReports(ctx context.Context, department string, filter *model.ReportFilter, order *civic.Order, first *int, after *string) (*model.ReportConnection, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	narrowed, err := filterOf(filter, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.DepartmentReports(ctx, r.scope(ctx), r.City().Below(id), narrowed, orderOf(order, civic.DueSoonest), page)
	return r.connection(ctx, r.scope(ctx), found, err)
}

// Media are what came with it.
func (r *reportResolver) Media(ctx context.Context, obj *model.Report) ([]*model.Media, error) {
	return r.media(ctx, obj)
}

// UpvotedByMe tells whether the caller supports it.
func (r *reportResolver) UpvotedByMe(ctx context.Context, obj *model.Report) (bool, error) {
	return r.upvotedByMe(ctx, obj)
}

// Comments is a page of what was said.
func (r *reportResolver) Comments(ctx context.Context, obj *model.Report, first *int, after *string) (*model.CommentConnection, error) {
	request, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	page, err := r.comments(ctx, obj, request)
	if err != nil {
		return nil, err
	}
	return &model.CommentConnection{
		Nodes: r.showComments(ctx, page.Items), Cursors: page.Cursors, PageInfo: model.NewPageInfo(page.Cursors, page.HasNext, page.HasPrev),
	}, nil
}

// Timeline is a page of what happened.
func (r *reportResolver) Timeline(ctx context.Context, obj *model.Report, first *int, after *string) (*model.TimelineConnection, error) {
	request, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	page, err := r.timeline(ctx, obj, request)
	if err != nil {
		return nil, err
	}
	nodes := shown(page.Items, func(e *civic.TimelineEntry) *model.TimelineEntry {
		return &model.TimelineEntry{TimelineEntry: e, View: obj.View}
	})
	return &model.TimelineConnection{Nodes: nodes, PageInfo: model.NewPageInfo(page.Cursors, page.HasNext, page.HasPrev)}, nil
}

// Reporter is who wrote it, for those who may know.
func (r *reportResolver) Reporter(ctx context.Context, obj *model.Report) (*model.Citizen, error) {
	return r.reporterOf(ctx, obj)
}

// InternalNotes are the department's remarks.
func (r *reportResolver) InternalNotes(ctx context.Context, obj *model.Report) ([]*model.InternalNote, error) {
	notes, err := r.notes(ctx, obj)
	return shown(notes, func(n *civic.Note) *model.InternalNote { return &model.InternalNote{Note: n, View: obj.View} }), err
}

func (r *Resolver) Report() generated.ReportResolver { return &reportResolver{r} }

type reportResolver struct{ *Resolver }
