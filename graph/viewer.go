package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
	"github.com/jagawarga/jagawarga/internal/identityclient"
)

func (r *Resolver) session(ctx context.Context, s identityclient.Session, err error) (*model.Session, error) {
	if err != nil {
		return nil, err
	}
	return &model.Session{
		AccessToken: s.AccessToken, RefreshToken: s.RefreshToken, ExpiresAt: s.ExpiresAt, Viewer: r.viewer(ctx, s.Principal, s.Name),
	}, nil
}

// viewer shows who is signed in. An officer whom the city does not know yet is shown as the token and the identity service say.
func (r *Resolver) viewer(ctx context.Context, p civic.Principal, name string) model.Viewer {
	if p.IsCitizen() {
		return &model.Citizen{Citizen: &civic.Citizen{ID: p.Citizen, Name: name}}
	}
	view := r.view(ctx)
	if officer := view.City.Officer(p.Officer); officer != nil {
		return view.Officer(officer)
	}
	return view.Officer(&civic.Officer{ID: p.Officer, Name: name, Department: p.Department, Role: p.Role})
}
