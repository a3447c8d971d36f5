package graph

import (
	"context"
	"errors"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// salt is what opens the commitment to a report's text, for its reporter and for the responsible department. Even of a public report
// nobody else gets it: once the text is erased, a salt that somebody kept would still show what it was.
func (r *Resolver) salt(ctx context.Context, number string) ([]byte, error) {
	p := auth.From(ctx)
	if !p.SignedIn() {
		return nil, nil
	}
	scope := r.scope(ctx)
	report, err := r.Reader.ReportByNumber(ctx, scope, number)
	if refusal, ok := errors.AsType[*civic.Error](err); ok && refusal.Code == civic.CodeNotFound {
		return nil, nil
	}
	if err != nil || !civic.Wrote(p, report) && !r.City().Handles(p, report.Department) {
		return nil, err
	}
	return r.Reader.Salt(ctx, scope, number)
}

func (r *Resolver) auditConnection(ctx context.Context, page civic.Page[*civic.AuditEntry], err error) (*model.AuditConnection, error) {
	if err != nil {
		return nil, err
	}
	view := r.view(ctx)
	return &model.AuditConnection{
		Nodes: shown(page.Items, func(entry *civic.AuditEntry) *model.AuditEntry {
			return &model.AuditEntry{AuditEntry: entry, View: view}
		}),
		PageInfo: model.NewPageInfo(page.Cursors, page.HasNext, page.HasPrev),
	}, nil
}
