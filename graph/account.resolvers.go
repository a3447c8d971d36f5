package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/auth"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

// SignUp makes a citizen's account.
func (r *mutationResolver) SignUp(ctx context.Context, input model.SignUpInput) (*model.Session, error) {
	session, err := r.Accounts.SignUp(ctx, identityclient.SignUpInput{
		NationalID: input.NationalID, Name: input.Name, Phone: value(input.Phone), Password: input.Password,
	})
	return r.session(ctx, session, err)
}

// SignIn signs a citizen or an officer in.
func (r *mutationResolver) SignIn(ctx context.Context, input model.SignInInput) (*model.Session, error) {
	session, err := r.Accounts.SignIn(ctx, identityclient.SignInInput{
		NationalID: value(input.NationalID), Email: value(input.Email), Password: input.Password, OneTimeCode: value(input.OneTimeCode),
	})
	return r.session(ctx, session, err)
}

// RefreshSession trades a refresh token.
func (r *mutationResolver) RefreshSession(ctx context.Context, refreshToken string) (*model.Session, error) {
	session, err := r.Accounts.Refresh(ctx, refreshToken)
	return r.session(ctx, session, err)
}

// SignOut ends the session.
func (r *mutationResolver) SignOut(ctx context.Context) (*bool, error) {
	if err := r.Accounts.SignOut(ctx, auth.From(ctx).Session); err != nil {
		return nil, err
	}
	return new(true), nil
}

// DeleteMyAccount lets the caller go.
func (r *mutationResolver) DeleteMyAccount(ctx context.Context, password string) (*bool, error) {
	return did(nil, func() error { return r.Desk.DeleteAccount(ctx, auth.From(ctx), password) })
}

// Viewer is who is signed in.
func (r *queryResolver) Viewer(ctx context.Context) (model.Viewer, error) {
	p := auth.From(ctx)
	switch {
	case p.IsCitizen():
		names, err := r.Accounts.Names(ctx, []civic.CitizenID{p.Citizen})
		if err != nil {
			return nil, err
		}
		return r.viewer(ctx, p, names[p.Citizen]), nil
	case p.IsStaff():
		return r.viewer(ctx, p, ""), nil
	}
	return nil, nil
}

// MyData is where everything is that is held about the caller.
func (r *queryResolver) MyData(ctx context.Context) (*model.MyData, error) {
	p := auth.From(ctx)
	if !p.IsCitizen() {
		return nil, civic.Forbidden("report.citizens_only")
	}
	link, err := r.Dossiers.Of(p.Citizen)
	if err != nil {
		return nil, err
	}
	return &model.MyData{ExportURL: link}, nil
}
