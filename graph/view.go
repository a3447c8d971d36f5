package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// view is what this request looks through.
func (r *Resolver) view(ctx context.Context) *model.View {
	return &model.View{City: r.City(), Language: locale.From(ctx), Principal: auth.From(ctx)}
}

func (r *Resolver) scope(ctx context.Context) civic.Scope { return r.City().ScopeOf(auth.From(ctx)) }

// show wraps a report that the caller was found to have a right to.
func (r *Resolver) show(ctx context.Context, report *civic.Report, err error) (*model.Report, error) {
	if err != nil {
		return nil, err
	}
	return model.NewReport(r.view(ctx), r.scope(ctx), report), nil
}

// connection wraps a page of reports found with scope.
func (r *Resolver) connection(ctx context.Context, scope civic.Scope, page civic.Page[*civic.Report], err error) (*model.ReportConnection, error) {
	if err != nil {
		return nil, err
	}
	return &model.ReportConnection{
		Nodes:    model.NewReports(r.view(ctx), scope, page.Items),
		Cursors:  page.Cursors,
		PageInfo: model.NewPageInfo(page.Cursors, page.HasNext, page.HasPrev),
	}, nil
}

// pageOf reads first and after.
func pageOf(first *int, after *string) (civic.PageRequest, error) {
	page := civic.PageRequest{First: 20, After: value(after)}
	if first != nil {
		page.First = *first
	}
	if page.First < 1 || page.First > civic.MaxPage {
		return page, civic.Invalid("first", "page.first", "max", maxPageText)
	}
	return page, nil
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// shown shows each of a list.
func shown[Noun, Shown any](nouns []Noun, show func(Noun) Shown) []Shown {
	views := make([]Shown, len(nouns))
	for i, noun := range nouns {
		views[i] = show(noun)
	}
	return views
}
