package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// ChangeStatus moves a report.
func (r *mutationResolver) ChangeStatus(ctx context.Context, report string, to civic.Status, message *string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.ChangeStatus(ctx, auth.From(ctx), id, to, value(message))
	return r.show(ctx, changed, err)
}

// AssignReport puts a report on an officer's desk.
func (r *mutationResolver) AssignReport(ctx context.Context, report string, officer string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	assignee, err := civic.ParseOfficerID("officer", officer)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Assign(ctx, auth.From(ctx), id, assignee)
	return r.show(ctx, changed, err)
}

// TransferReport hands a report to another department.
func (r *mutationResolver) TransferReport(ctx context.Context, report string, department string, reason string) (*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	to, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Transfer(ctx, auth.From(ctx), id, to, reason)
	return r.show(ctx, changed, err)
}

// AddInternalNote writes a remark for the department.
func (r *mutationResolver) AddInternalNote(ctx context.Context, report string, body string) (*model.InternalNote, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	note, err := r.Desk.AddNote(ctx, auth.From(ctx), id, body)
	if err != nil {
		return nil, err
	}
	return &model.InternalNote{Note: note, View: r.view(ctx)}, nil
}
