package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// auth holds @auth: signed in, with one of the roles if any are named.
func (r *Resolver) auth(ctx context.Context, _ any, next graphql.Resolver, roles []civic.Role) (any, error) {
	p := auth.From(ctx)
	if !p.SignedIn() {
		return nil, errSignIn
	}
	if !civic.HasRole(p, roles) {
		return nil, civic.Forbidden("auth.role")
	}
	return next(ctx)
}

// department holds @department: the argument named by of is a report, a task or a department that the caller's department is responsible
// for; without of, the parent object is.
func (r *Resolver) department(ctx context.Context, parent any, next graphql.Resolver, of *string) (any, error) {
	p := auth.From(ctx)
	switch {
	case !p.SignedIn():
		return nil, errSignIn
	case !p.IsStaff():
		return nil, civic.Forbidden("auth.department")
	case of == nil:
		if owned, ok := parent.(interface{ Handled() bool }); !ok || !owned.Handled() {
			return nil, civic.Forbidden("auth.department")
		}
	case *of == "department":
		id, err := civic.ParseDepartmentID(*of, argument(ctx, *of))
		if err != nil {
			return nil, err
		}
		if !r.City().Handles(p, id) {
			return nil, civic.NotFound("department.not_found")
		}
	case *of == "task":
		id, err := civic.ParseTaskID(*of, argument(ctx, *of))
		if err != nil {
			return nil, err
		}
		if task, err := r.Reader.OneTask(ctx, r.scope(ctx), id); err != nil {
			return nil, err
		} else if !r.City().Handles(p, task.Department) {
			return nil, errTaskNotFound
		}
	default:
		report, err := r.named(ctx, *of)
		if err != nil {
			return nil, err
		}
		if !r.City().Handles(p, report.Department) {
			return nil, errReportNotFound
		}
	}
	return next(ctx)
}

// reporter holds @reporter: the caller wrote the parent object, or the report that the argument names.
func (r *Resolver) reporter(ctx context.Context, parent any, next graphql.Resolver, of *string) (any, error) {
	p := auth.From(ctx)
	if !p.SignedIn() {
		return nil, errSignIn
	}
	if of == nil {
		if report, ok := parent.(*model.Report); !ok || !civic.Wrote(p, report.Report) {
			return nil, errReportNotFound
		}
		return next(ctx)
	}
	report, err := r.named(ctx, *of)
	if err != nil {
		return nil, err
	}
	if !civic.Wrote(p, report) {
		return nil, errReportNotFound
	}
	return next(ctx)
}

// named finds the report that an argument names, as far as the caller may see it.
func (r *Resolver) named(ctx context.Context, of string) (*civic.Report, error) {
	id, err := civic.ParseReportID(of, argument(ctx, of))
	if err != nil {
		return nil, err
	}
	found, err := r.Reader.Reports(ctx, r.City().ScopeOf(auth.From(ctx)), []civic.ReportID{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errReportNotFound
	}
	return found[0], nil
}

// argument is the id that an argument names; a department may also stand in the input.
func argument(ctx context.Context, name string) string {
	args := graphql.GetFieldContext(ctx).Args
	if in, ok := args["input"].(interface{ OfDepartment() string }); ok && name == "department" {
		return in.OfDepartment()
	}
	text, _ := args[name].(string)
	return text
}

var (
	errSignIn         = civic.Unauthenticated("auth.sign_in")
	errReportNotFound = civic.NotFound("report.not_found")
)
