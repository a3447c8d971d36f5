package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// AuditLog lists the audit.
func (r *queryResolver) AuditLog(ctx context.Context, report *string, first *int, after *string) (*model.AuditConnection, error) {
	page, err := pageOf(first, after)
	if err != nil {
		return nil, err
	}
	scope, err := civic.AuditScope(auth.From(ctx))
	if err != nil {
		return nil, err
	}
	var of *civic.ReportID
	if report != nil {
		id, err := civic.ParseReportID("report", *report)
		if err != nil {
			return nil, err
		}
		of = &id
	}
	found, err := r.Reader.AuditLog(ctx, scope, of, page)
	return r.auditConnection(ctx, found, err)
}

// LedgerCheckpoint is the ledger's present state.
func (r *queryResolver) LedgerCheckpoint(ctx context.Context) (string, error) {
	signed, err := r.Reader.LedgerCheckpoint(ctx)
	if err == nil && signed == "" {
		err = civic.Unavailable("ledger.empty")
	}
	return signed, err
}

// LedgerProof shows that a report was filed.
func (r *queryResolver) LedgerProof(ctx context.Context, number string) (*string, error) {
	exact, err := civic.ParseNumber("number", number)
	if err != nil {
		return nil, err
	}
	proof, err := r.Reader.LedgerProof(ctx, exact)
	if err != nil || proof == nil {
		return nil, err
	}
	if proof.Salt, err = r.salt(ctx, exact); err != nil {
		return nil, err
	}
	return new(proof.String()), nil
}
