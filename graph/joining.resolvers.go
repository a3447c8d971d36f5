package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// MergeReports lets reports go on as another.
func (r *mutationResolver) MergeReports(ctx context.Context, into string, reports []string) (*model.Report, error) {
	target, err := civic.ParseReportID("into", into)
	if err != nil {
		return nil, err
	}
	merged, err := ids("reports", reports, civic.ParseReportID)
	if err != nil {
		return nil, err
	}
	changed, err := r.Desk.Merge(ctx, auth.From(ctx), target, merged)
	return r.show(ctx, changed, err)
}

// SplitReport makes several reports of one.
func (r *mutationResolver) SplitReport(ctx context.Context, report string, parts []*model.SplitPartInput) ([]*model.Report, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	pieces, err := piecesOf(parts)
	if err != nil {
		return nil, err
	}
	made, err := r.Desk.Split(ctx, auth.From(ctx), id, pieces)
	if err != nil {
		return nil, err
	}
	return model.NewReports(r.view(ctx), r.scope(ctx), made), nil
}

// CreateTask asks another department to do something.
func (r *mutationResolver) CreateTask(ctx context.Context, report string, department string, title string, body string, dueInHours *int) (*model.Task, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	draft, err := taskDraft(department, title, body, dueInHours)
	if err != nil {
		return nil, err
	}
	task, err := r.Desk.CreateTask(ctx, auth.From(ctx), id, draft)
	return r.showTask(ctx, task, err)
}

// FinishTask says that a task is done.
func (r *mutationResolver) FinishTask(ctx context.Context, task string, message *string) (*model.Task, error) {
	id, err := civic.ParseTaskID("task", task)
	if err != nil {
		return nil, err
	}
	ended, err := r.Desk.FinishTask(ctx, auth.From(ctx), id, value(message))
	return r.showTask(ctx, ended, err)
}

// DeclineTask says why a task will not be done.
func (r *mutationResolver) DeclineTask(ctx context.Context, task string, reason string) (*model.Task, error) {
	id, err := civic.ParseTaskID("task", task)
	if err != nil {
		return nil, err
	}
	ended, err := r.Desk.DeclineTask(ctx, auth.From(ctx), id, reason)
	return r.showTask(ctx, ended, err)
}

// AttachFile adds a paper or a picture to a report.
func (r *mutationResolver) AttachFile(ctx context.Context, report string, file civic.Upload, name string) (*model.Attachment, error) {
	id, err := civic.ParseReportID("report", report)
	if err != nil {
		return nil, err
	}
	attachment, err := r.Desk.AttachFile(ctx, auth.From(ctx), id, file, name)
	if err != nil {
		return nil, err
	}
	return r.showAttachment(r.view(ctx), attachment), nil
}

// SaveRoutingRule says where new reports go.
func (r *mutationResolver) SaveRoutingRule(ctx context.Context, input model.RoutingRuleInput) (*model.RoutingRule, error) {
	draft, err := ruleDraft(input)
	if err != nil {
		return nil, err
	}
	rule, err := r.Desk.SaveRoutingRule(ctx, auth.From(ctx), draft)
	return r.showRule(ctx, rule, err)
}

// DeleteRoutingRule takes a rule away.
func (r *mutationResolver) DeleteRoutingRule(ctx context.Context, id string) (*bool, error) {
	rule, err := civic.ParseRoutingRuleID("id", id)
	if err != nil {
		return nil, err
	}
	if err := r.Desk.DeleteRoutingRule(ctx, auth.From(ctx), rule); err != nil {
		return nil, err
	}
	return new(true), nil
}

// Tasks are what other departments are to do for a report.
func (r *queryResolver) Tasks(ctx context.Context, report string) ([]*model.Task, error) {
	found, err := r.reportByID(ctx, "report", report)
	if err != nil {
		return nil, err
	}
	if !found.View.Handles(found.Report.Department) {
		return nil, errReportNotFound
	}
	return r.tasks(ctx, found)
}

// DepartmentTasks are what a department has to do.
func (r *queryResolver) DepartmentTasks(ctx context.Context, department string, state *civic.TaskState, first *int, after *string) (*model.TaskConnection, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	return r.departmentTasks(ctx, id, state, page)
}

// RoutingRules say where new reports go.
func (r *queryResolver) RoutingRules(ctx context.Context, department string) ([]*model.RoutingRule, error) {
	id, err := civic.ParseDepartmentID("department", department)
	if err != nil {
		return nil, err
	}
	return r.rules(ctx, id), nil
}

// DryRunRoutingRule holds a rule against what came lately.
func (r *queryResolver) DryRunRoutingRule(ctx context.Context, input model.RoutingRuleInput, days int) (*model.RoutingDryRun, error) {
	draft, err := ruleDraft(input)
	if err != nil {
		return nil, err
	}
	return r.dryRun(ctx, draft, days)
}

// MergedInto is where it goes on.
func (r *reportResolver) MergedInto(ctx context.Context, obj *model.Report) (*model.Report, error) {
	return r.mergedInto(ctx, obj)
}

// MergedStatus is how that stands.
func (r *reportResolver) MergedStatus(ctx context.Context, obj *model.Report) (*civic.Status, error) {
	return r.mergedStatus(ctx, obj)
}

// Parts are what it was split into.
func (r *reportResolver) Parts(ctx context.Context, obj *model.Report) ([]*model.Report, error) {
	return r.parts(ctx, obj)
}

// PartOf is what it was split off.
func (r *reportResolver) PartOf(ctx context.Context, obj *model.Report) (*model.Report, error) {
	return r.partOf(ctx, obj)
}

// Tasks are what other departments are to do for it.
func (r *reportResolver) Tasks(ctx context.Context, obj *model.Report) ([]*model.Task, error) {
	return r.tasks(ctx, obj)
}

// Attachments are what the department added.
func (r *reportResolver) Attachments(ctx context.Context, obj *model.Report) ([]*model.Attachment, error) {
	return r.attachments(ctx, obj)
}
