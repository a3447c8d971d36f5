package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/locale"
)

// IssueAnonymousTokens signs what a citizen has blinded.
func (r *mutationResolver) IssueAnonymousTokens(ctx context.Context, blinded []string) (*model.IssuedTokens, error) {
	raw, err := blindedOf(blinded)
	if err != nil {
		return nil, err
	}
	issued, err := r.Accounts.IssueTokens(ctx, auth.From(ctx).Citizen, raw)
	if err != nil {
		return nil, err
	}
	return &model.IssuedTokens{
		KeyID: issued.KeyID, BlindSignatures: shown(issued.Signatures, tokenBytes.EncodeToString), RemainingToday: issued.Remaining,
	}, nil
}

// SubmitAnonymousReport hands a report to the anonymizer. The caller has a token, or is a verified citizen; who it is stays here.
func (r *mutationResolver) SubmitAnonymousReport(ctx context.Context, input model.SubmitAnonymousReportInput) (*model.SubmitAnonymousReportPayload, error) {
	if err := mayFileAnonymously(auth.From(ctx), input.Token); err != nil {
		return nil, err
	}
	report, err := r.anonymousReport(input)
	if err != nil {
		return nil, err
	}
	filed, err := r.fileAnonymously(ctx, report)
	if err != nil {
		return nil, err
	}
	return &model.SubmitAnonymousReportPayload{
		Receipt: filed.Receipt, ReceiptWords: filed.ReceiptWords, Number: filed.Number, Body: filed.Body,
		Removed: shown(filed.Removed, spanOf), Proof: filed.Proof, State: filed.State,
	}, nil
}

// AnonymousReport finds a case by its receipt.
func (r *queryResolver) AnonymousReport(ctx context.Context, receipt string) (*model.AnonymousCase, error) {
	found, err := r.openCase(ctx, receipt)
	if err != nil {
		return nil, err
	}
	return r.showCase(ctx, found)
}

// PreviewAnonymization shows what would be removed.
func (r *queryResolver) PreviewAnonymization(ctx context.Context, text string, keep []string) (*model.ScrubPreview, error) {
	if err := checkPreview(text, keep); err != nil {
		return nil, err
	}
	preview, err := r.Anonymizer.Preview(ctx, civic.NewRaw(text), keep)
	if err != nil {
		return nil, err
	}
	warnings := shown(preview.Warnings, func(key string) string { return locale.Text(locale.From(ctx), key, nil) })
	return &model.ScrubPreview{Text: preview.Text, Removed: shown(preview.Removed, spanOf), Warnings: warnings}, nil
}

// AnonymousTokenKey is today's key.
func (r *queryResolver) AnonymousTokenKey(ctx context.Context) (*model.AnonymousTokenKey, error) {
	var citizen *civic.CitizenID
	if p := auth.From(ctx); p.IsCitizen() {
		citizen = &p.Citizen
	}
	key, err := r.Accounts.TokenKey(ctx, citizen)
	if err != nil {
		return nil, err
	}
	return &model.AnonymousTokenKey{
		KeyID: key.ID, PublicKey: tokenBytes.EncodeToString(key.Public), Suite: blindtoken.Suite,
		ExpiresAt: key.ExpiresAt, RemainingToday: key.Remaining,
	}, nil
}
